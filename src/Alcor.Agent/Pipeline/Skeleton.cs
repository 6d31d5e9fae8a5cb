using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// The flows that tie the tables together. What a table does with a packet that no entry takes is said by a flow in
/// each, since a switch's own default differs between versions of the protocol.
/// </summary>
internal static class Skeleton
{
    /// <summary>Installed after all others: where it is missing, the switch has lost what it was told.</summary>
    public static readonly Flow Sentinel =
        new(Tables.Sentinel, Priorities.Miss, Match.Empty) { Cookie = Cookies.Sentinel };

    private static readonly IReadOnlyList<Flow> Always =
    [
        Miss(Tables.Classify),
        Miss(Tables.EgressLimits),
        Miss(Tables.EgressPacketLimits),
        Miss(Tables.AntiSpoof),
        Miss(Tables.Outside, new Instruction.GotoTable(Tables.RouterPorts)),
        .. AntiSpoof.Never,
        Miss(Tables.Arp, new Instruction.GotoTable(Tables.NeighborDiscovery)),
        new(Tables.Arp, Priorities.Guard, Match.Empty.EthType(EtherTypes.Arp)) { Cookie = Cookies.Skeleton },
        Miss(Tables.NeighborDiscovery, new Instruction.GotoTable(Tables.Dhcp)),
        .. NeighborDiscovery.Always,
        Miss(Tables.NeighborAdvertisement),
        Miss(Tables.Dhcp, new Instruction.GotoTable(Tables.HostServices)),
        .. DhcpPunt.Always,
        Miss(Tables.HostServices, new Instruction.GotoTable(Tables.EgressConntrack)),
        Miss(Tables.EgressConntrack),
        Miss(Tables.EgressDirection),
        Miss(Tables.EgressGroups),
        Miss(Tables.EgressVerdict),
        .. Conntrack.Always,
        .. NetworkAcls.Always,
        Miss(Tables.EgressNetworkAcl, new Instruction.GotoTable(Tables.EgressMarking)),
        Miss(Tables.EgressNetworkAclRules),
        Miss(Tables.EgressMarking, new Instruction.GotoTable(Tables.RouterPorts)),
        Miss(Tables.RouterPorts, new Instruction.GotoTable(Tables.Forward)),
        Miss(Tables.Routers, new Instruction.GotoTable(Tables.Routes)),
        Miss(Tables.Routes),
        Miss(Tables.Gateways),
        Miss(Tables.Departure),
        Miss(Tables.NextHops),
        .. Routing.Always,
        .. PathMtu.Always,
        Miss(Tables.ArrivalLimits),
        Miss(Tables.ArrivalPacketLimits),
        Miss(Tables.Forward),
        Miss(Tables.DepartureLimits),
        Miss(Tables.DeparturePacketLimits),
        Flooding.Group,
        Miss(Tables.Flood),
        Miss(Tables.IngressConntrack),
        Miss(Tables.IngressDirection),
        Miss(Tables.IngressGroups),
        Miss(Tables.IngressVerdict),
        Miss(Tables.IngressNetworkAcl, new Instruction.GotoTable(Tables.IngressLimits)),
        Miss(Tables.IngressNetworkAclRules),
        Miss(Tables.IngressLimits, new Instruction.GotoTable(Tables.IngressPacketLimits)),
        Miss(Tables.IngressPacketLimits, new Instruction.GotoTable(Tables.Output)),
        Sentinel,
    ];

    /// <summary>All of them, on a host whose tunnels begin at this address.</summary>
    public static IEnumerable<Flow> Of(IPAddress tunnelAddress) => Always.Concat(Routing.Leave(tunnelAddress));

    private static Flow Miss(byte table, params ReadOnlySpan<Instruction> instructions) =>
        new(table, Priorities.Miss, Match.Empty, ValueList.Create(instructions)) { Cookie = Cookies.Skeleton };
}

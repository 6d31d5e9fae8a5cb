using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using static Alcor.Reachability.Tests.Mutation;

namespace Alcor.Reachability.Tests;

/// <summary>Every mistake that the comparison has to notice.</summary>
internal static partial class Mutations
{
    /// <summary>Registers of the pipeline, by what it calls them.</summary>
    private static readonly Field Network = Field.Register(0), View = Field.Register(5), Verdict = Field.Register(7);

    public static readonly IReadOnlyList<Mutation> All =
    [
        .. OfNetworks, .. OfTrunks, .. OfResolution, .. OfSources, .. OfConnections, .. OfRules, .. OfRouters,
        .. OfGateways, .. OfNetworkAcls, .. OfEntries,
    ];

    private static IEnumerable<Mutation> OfNetworks =>
    [
        OfActions("packets of any network enter the same one", Tables.Classify, action =>
            action is FlowAction.Load load && load.Target.Field == Network
                ? [new FlowAction.Load(load.Target, 1)]
                : [action]),
        OfActions("encapsulations are not told apart", Tables.Classify, action =>
            action is FlowAction.Load load && load.Target.Field == Network
                ? [new FlowAction.Load(load.Target, load.Value & 0xff_ffff)]
                : [action]),
        OfActions("the tunnel carries another network's number", Tables.Forward, action =>
            action is FlowAction.SetField set && set.Field == Field.TunnelId
                ? [new FlowAction.SetField(set.Field, set.Value ^ 1)]
                : [action]),
        OfActions("the tunnel leads to another host", Tables.Forward, action =>
            action is FlowAction.SetField set && set.Field == Field.TunnelDestination
                ? [new FlowAction.SetField(set.Field, set.Value ^ 3)]
                : [action]),
        OfActions("a broadcast stays on its host", Tables.Flood, action =>
            action is FlowAction.Output { Port: var port } && ITestedSwitch.Tunnels.At(port) is not null
                ? []
                : [action]),
        OfActions("a broadcast arrives twice", Tables.Flood, action =>
            action is FlowAction.Resubmit ? [action, action] : [action]),
        Without("multicast is forgotten", flow => flow.Table == Tables.Forward
            && flow.Match.Find(Field.EthDst) is { IsExact: false }),
        Without("nobody takes an address of an allowed pair", flow => flow is { Table: Tables.Forward, Priority: 95 }),
    ];

    private static IEnumerable<Mutation> OfTrunks =>
    [
        OfFlow("any tag is that of a subport", Tables.Classify, flow =>
            flow.Match.Find(Field.VlanVid) is { } vlan && vlan.Value > Match.VlanPresent
                ? flow with
                {
                    Match = Filtered(flow.Match, one => one.Field != Field.VlanVid)
                        .With(Field.VlanVid, Match.VlanPresent, Match.VlanPresent),
                }
                : flow),
        OfActions("tags are not taken off", Tables.Classify, action => action is FlowAction.PopVlan ? [] : [action]),
        OfActions("what is for a subport leaves without a tag", Tables.Output, action =>
            action is FlowAction.PushVlan or FlowAction.PopVlan or FlowAction.SetField ? [] : [action]),
        OfActions("what is for a subport and others has its tag there too", Tables.Output, action =>
            action is FlowAction.PopVlan ? [] : [action]),
        Without("the ports of a trunk do not reach each other",
            flow => flow is { Table: Tables.Output, Priority: 200 }),
        Without("what a subport sends comes back", flow => flow is { Table: Tables.Output, Priority: 300 }),
        OfActions("subports have one key", Tables.Classify, action =>
            action is FlowAction.Load { Value: > 0x2000 } load && load.Target.Field == Field.Register(3)
                ? [new FlowAction.Load(load.Target, 0x2001)]
                : [action]),
    ];

    private static IEnumerable<Mutation> OfResolution =>
    [
        OfActions("ARP answers name another machine", Tables.Arp, action =>
            action is FlowAction.SetField set && set.Field == Field.ArpSha
                ? [new FlowAction.SetField(set.Field, set.Value ^ 1)]
                : [action]),
        OfActions("ARP answers come from nowhere", Tables.Arp, action =>
            action is FlowAction.SetField set && set.Field == Field.EthSrc ? [] : [action]),
        Without("ARP that nobody answers goes on", flow => flow is { Table: Tables.Arp, Priority: 50 }),
        Without("who asks for its own address is answered", flow => flow is { Table: Tables.Arp, Priority: 200 }),
        Without("nobody asks for an address of an allowed pair", flow => flow is
            { Table: Tables.Arp or Tables.NeighborDiscovery, Priority: 95 }),
        Without("who asks for its own IPv6 address is answered", flow => flow is
            { Table: Tables.NeighborDiscovery, Priority: 200 }),
        OfActions("routers do not say that they are routers", Tables.NeighborDiscovery, action =>
            action is FlowAction.SetField set && set.Field == Field.NdReserved
                ? [new FlowAction.SetField(set.Field, set.Value & 0x7fff_ffff)]
                : [action]),
        OfActions("neighbour advertisements tell the asker's own MAC address", Tables.NeighborAdvertisement,
            action => action is FlowAction.Move ? [] : [action]),
        Without("duplicates are not told to all nodes", flow => flow is
            { Table: Tables.NeighborAdvertisement, Priority: 200 }),
    ];

    private static IEnumerable<Mutation> OfSources =>
    [
        With("port security does not look at IPv6", new Flow(Tables.AntiSpoof, 280,
            Match.Empty.With(Field.EthType, 0x86dd), [new Instruction.GotoTable(Tables.Arp)])),
        Unasked("port security does not look at MAC addresses", Tables.AntiSpoof, Field.EthSrc),
        Unasked("port security does not look at IPv4 addresses", Tables.AntiSpoof, Field.Ipv4Src),
        Unasked("port security does not look into ARP", Tables.AntiSpoof, Field.ArpSpa, Field.ArpSha),
        OfFlow("port security is for nobody", Tables.Classify, flow => flow with
        {
            Instructions = flow.Instructions.Select(one => one is Instruction.GotoTable { Table: Tables.AntiSpoof }
                ? new Instruction.GotoTable(Tables.Arp)
                : one).ToValueList(),
        }),
        Without("a machine may be a DHCP server, or a router", flow => flow is
            { Table: Tables.AntiSpoof, Priority: 300 }),
        Without("what a DHCP client says goes to everybody", flow => flow.Table == Tables.Dhcp && flow.Priority != 0),
        Without("machines have no link-local address", flow => flow.Table == Tables.AntiSpoof
            && flow.Match.Find(Field.Ipv6Src) is { } source && source.Value >> 118 == 0xfe80 >> 6),
    ];

    private static IEnumerable<Mutation> OfEntries =>
    [
        OfValue("a port that is down is used", EntryKind.Port, PortEntry.Parser, port => port.AdminStateUp = true),
        OfValue("a machine is where it is awaited", EntryKind.Port, PortEntry.Parser,
            port => (port.AdminStateUp, port.Inactive) = (port.AdminStateUp || port.Inactive, false)),
        OfValue("every port is protected", EntryKind.Port, PortEntry.Parser, port => port.Unprotected = false),
        OfValue("a port has only the first of its groups", EntryKind.Port, PortEntry.Parser, port =>
        {
            while (port.SecurityGroups.Count > 1)
                port.SecurityGroups.RemoveAt(1);
        }),
        OfValue("allowed address pairs are not allowed", EntryKind.Port, PortEntry.Parser,
            port => port.AllowedAddressPairs.Clear()),
        OfValue("a network that is down is used", EntryKind.Network, NetworkEntry.Parser,
            network => network.AdminStateUp = true),
        OfValue("every group is stateful", EntryKind.SecurityGroup, SecurityGroupEntry.Parser,
            group => group.Stateful = true),
        OfValue("a rule is for both ends of the world", EntryKind.SecurityGroupRule, SecurityGroupRuleEntry.Parser,
            rule => rule.ClearRemoteCidr()),
        OfValue("a member is its addresses alone", EntryKind.SecurityGroupMember, SecurityGroupMemberEntry.Parser,
            member => member.Cidrs.Clear()),
        OfValue("a router that is down forwards", EntryKind.Router, RouterEntry.Parser,
            router => router.AdminStateUp = true),
        OfValue("a router knows its subnets alone", EntryKind.Router, RouterEntry.Parser,
            router => router.Routes.Clear()),
        Lasting("who has left the network stays its neighbour", EntryKind.Neighbor),
        Lasting("who has left a group stays its member", EntryKind.SecurityGroupMember),
        Lasting("a rule that was removed still allows", EntryKind.SecurityGroupRule),
    ];
}

using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Services;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

/// <summary>
/// Puts into words what the tables of a host did to a packet. A table that only passes it on says nothing; one that
/// drops it always says why.
/// </summary>
internal sealed partial class Narrator(TraceNames names)
{
    public IEnumerable<TraceStep> Tell(TracedSwitch host, ForwardingResult result)
    {
        TableVisit? before = null;
        foreach (var visit in result.Visits)
        {
            if (before is { Flow: not null } && Translated(host, before, visit) is { } translation)
                yield return Step(host, before, translation);
            if (Text(new Scene(host, visit)) is { } text)
                yield return Step(host, visit, text);
            before = visit;
        }
    }

    public TraceOwner OwnerOf(EntryAddress entry) => new(
        entry.Key.Kind, names.Hides(entry.Key.Id) ? null : entry.Key.Id, names.NameOf(entry.Key.Id));

    private TraceStep Step(TracedSwitch host, TableVisit visit, string text) => new(
        names.Host(host.Host.Name),
        visit.Table,
        visit.Flow is { } flow && host.State.OwnerOf(flow.Cookie) is { } owner ? OwnerOf(owner) : null,
        text);

    private string? Text(Scene scene) => scene.Visit.Table switch
    {
        Tables.Classify => Classified(scene),
        Tables.EgressLimits => Limited(scene, isEgress: true, isPackets: false),
        Tables.EgressPacketLimits => Limited(scene, isEgress: true, isPackets: true),
        Tables.AntiSpoof => SaysWhereFrom(scene),
        Tables.Outside => scene.IsDrop ? "nobody here has what is asked for" : null,
        Tables.Arp or Tables.NeighborDiscovery => Resolved(scene),
        Tables.Dhcp => Dhcp(scene),
        Tables.HostServices => Served(scene),
        Tables.EgressConntrack or Tables.EgressDirection or Tables.EgressGroups or Tables.EgressVerdict =>
            Judged(scene, isEgress: true),
        Tables.IngressConntrack or Tables.IngressDirection or Tables.IngressGroups or Tables.IngressVerdict =>
            Judged(scene, isEgress: false),
        Tables.SecurityGroupRules => AllowedBy(scene),
        Tables.EgressNetworkAcl or Tables.IngressNetworkAcl => OfNoSubnet(scene),
        Tables.EgressNetworkAclRules or Tables.IngressNetworkAclRules => DecidedByAcl(scene),
        Tables.RouterPorts or Tables.Routers or Tables.Routes or Tables.Gateways or Tables.Departure
            or Tables.NextHops => Routed(scene),
        Tables.ArrivalLimits => LimitedOutside(scene, isEgress: false, isPackets: false),
        Tables.ArrivalPacketLimits => LimitedOutside(scene, isEgress: false, isPackets: true),
        Tables.DepartureLimits => LimitedOutside(scene, isEgress: true, isPackets: false),
        Tables.DeparturePacketLimits => LimitedOutside(scene, isEgress: true, isPackets: true),
        Tables.EgressMarking => Marked(scene),
        Tables.IngressLimits => Limited(scene, isEgress: false, isPackets: false),
        Tables.IngressPacketLimits => Limited(scene, isEgress: false, isPackets: true),
        Tables.Forward => Forwarded(scene),
        Tables.Flood => scene.IsDrop ? "the network has no other port: dropped" : "goes to every port of the network",
        Tables.Output => Delivered(scene),
        Tables.SecurityGroups or Tables.RemoteSources or Tables.RemoteDestinations => null,
        var table => scene.IsDrop ? $"no flow of table {Tables.NameOf(table)} is for it: dropped" : null,
    };

    private string? Classified(Scene scene)
    {
        var inPort = (uint)scene.Visit.State[Field.InPort];
        if (scene.Host.PhysicalNetworkAt(inPort) is { } physical)
        {
            return scene.IsDrop
                ? $"no network here is carried by physical network {physical} in that VLAN: dropped"
                : $"comes from physical network {physical}";
        }
        if (TracedSwitch.Tunnels.At(inPort) is { } encapsulation)
        {
            var vni = (uint)scene.Visit.State[Field.TunnelId];
            return scene.IsDrop
                ? $"this host has no {encapsulation} network of segmentation id {vni} that is up: dropped"
                : scene.Host.NetworkOf(NetworkNumbers.Of(encapsulation, vni)) is { } network
                ? $"comes out of the tunnel, in {names.Of("network", network)}"
                : "comes out of the tunnel";
        }
        var vlan = TracedPacket.VlanOf(scene.Packet);
        var parent = names.Of("port", scene.Host.PortAt(inPort)!.Value);
        if (scene.Host.PortAt(inPort, vlan) is not { } port)
            return scene.IsDrop ? $"no subport of {parent} has VLAN {vlan}: dropped" : null;
        return scene.IsDrop ? $"{WhyAbsent(scene.Host, port)}: dropped"
            : vlan == 0 ? null
            : $"comes in VLAN {vlan} of {parent}: it is of {names.Of("port", port)}";
    }

    private string? Delivered(Scene scene)
    {
        if (scene.PortIn(Registers.TargetPort) is not { } port)
            return scene.IsDrop ? "it is for a port that is not here: dropped" : null;
        if (scene.IsDrop)
        {
            return scene.Visit.Flow?.Match.Find(Field.Register(Registers.SourcePort)) is null
                ? $"its tag would make it one of a subport of {names.Of("port", port)}: dropped"
                : $"it would go back to {names.Of("port", port)}, which sent it: dropped";
        }
        return scene.Host.VlanOf(port) is not 0 and var vlan
            ? $"leaves to {names.Of("port", port)} in VLAN {vlan} of its parent"
            : null;
    }

    /// <summary>Why a port of the host has no flows.</summary>
    private string WhyAbsent(TracedSwitch host, Guid port)
    {
        var value = host.State.Find<PortValue>(EntryKind.Port, port);
        if (value is { AdminStateUp: false })
            return $"{names.Of("port", port)} is administratively down";
        if (value is not null
            && host.State.Find<NetworkValue>(EntryKind.Network, value.NetworkId) is { AdminStateUp: false })
        {
            return $"{names.Of("network", value.NetworkId)} is administratively down";
        }
        return host.ProblemOf(port) is { } problem
            ? $"{names.Of("port", port)} is not served: {problem.Reason}"
            : $"{names.Of("port", port)} is not known";
    }

    private string? SaysWhereFrom(Scene scene)
    {
        if (!scene.IsDrop)
            return null;
        var port = scene.PortIn(Registers.SourcePort);
        var value = port is { } id ? scene.Host.State.Find<PortValue>(EntryKind.Port, id) : null;
        var who = port is { } known ? names.Of("port", known) : "the port";
        switch (scene.Visit.Flow?.Priority)
        {
            case Priorities.Forbidden:
                return scene.Packet.Has(Field.UdpSrc)
                    ? $"anti-spoofing: {who} is no DHCP server: dropped"
                    : $"anti-spoofing: {who} is no router: dropped";
            case Priorities.Local:
                return $"anti-spoofing: {who} does not have the address that it says is its own: dropped";
        }
        var may = value is null ? [] : value.Addresses.Select(ip => $"{ip.Address} ({value.Mac})")
            .Concat(value.AddressPairs.Select(pair => $"{pair.Cidr} ({pair.Mac})"));
        return $"anti-spoofing: {who} may send from {Listed(may)}, not from {TracedPacket.SourceOf(scene.Packet)} "
            + $"({TracedPacket.MacOf(scene.Packet, Field.EthSrc)}): dropped";
    }

    private string? Resolved(Scene scene)
    {
        if (TracedPacket.SoughtBy(scene.Packet) is not { } sought)
            return null;
        var owner = scene.Owner;
        if (scene.IsDrop)
        {
            return owner is null
                ? $"nobody in {NetworkIn(scene)} has {sought}: the question for its MAC address is dropped"
                : $"the port has {sought} itself and gets no answer";
        }
        return owner?.Key.Kind switch
        {
            EntryKind.Neighbor when scene.Visit.Flow!.Priority == Priorities.Shared =>
                $"{names.Of("port", owner.Value.Key.Id)} may have {sought} by an allowed address pair: "
                + "the network is asked",
            EntryKind.Neighbor => $"{names.Of("port", owner.Value.Key.Id)} has {sought}",
            EntryKind.RouterPort => $"{names.Of("router", RouterOf(scene, owner.Value))} has {sought}",
            EntryKind.Port when sought.Equals(ServiceAddresses.Service)
                || sought.Equals(ServiceAddresses.LinkLocalService) => $"the host has {sought} itself",
            EntryKind.Port => $"no router has {sought}; DHCP answers for it",
            EntryKind.Network => $"{NetworkIn(scene)} is asked who has {sought}",
            null => null,
            _ => $"{Thing(owner.Value)} has {sought}",
        };
    }

    private static Guid RouterOf(Scene scene, EntryAddress port) =>
        scene.Host.State.Find<RouterPortValue>(EntryKind.RouterPort, port.Key.Id)!.RouterId;

    private static string? Dhcp(Scene scene)
    {
        if (scene.IsDrop)
            return "no subnet of the port has DHCP: dropped";
        return scene.Owner is not null ? "handed to the agent, which answers DHCP" : null;
    }

    private static string? Served(Scene scene) => scene.Owner is null ? null
        : scene.Packet.Has(Field.TcpDst) && scene.Packet[Field.TcpDst] == ServiceAddresses.MetadataPort
            ? "is for the metadata service: handed to the host's proxy, which asks Nova"
            : "is a question for a name: handed to the host's DNS, which answers or has others answer";

    private string NetworkIn(Scene scene) =>
        scene.Host.NetworkOf((uint)scene.Visit.State[Field.Register(Registers.Network)]) is { } network
            ? names.Of("network", network)
            : "the network";

    /// <summary>An entry by its kind, name and id.</summary>
    private string Thing(EntryAddress entry) => names.Of(TraceNames.WordOf(entry.Key.Kind), entry.Key.Id);

    private static string Listed(IEnumerable<string> things)
    {
        var all = things.ToList();
        return all.Count == 0 ? "nothing" : string.Join(", ", all);
    }

    /// <summary>A table with the packet in it.</summary>
    private sealed record Scene(TracedSwitch Host, TableVisit Visit)
    {
        public Packet Packet => Visit.State.Packet;

        public bool IsDrop => Visit.Flow is null or { Instructions.Count: 0 };

        /// <summary>Null: the skeleton's.</summary>
        public EntryAddress? Owner => Visit.Flow is { } flow ? Host.State.OwnerOf(flow.Cookie) : null;

        public View View => (View)(uint)Visit.State[Field.Register(Registers.View)];

        /// <summary>The port whose key is in a register.</summary>
        public Guid? PortIn(int register) => Host.PortOf((uint)Visit.State[Field.Register(register)]);
    }
}

using System.Net;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 63 and 65, and what 60 to 62 do with them: the way outside of a router. One host has its gateway; others send
/// there what leads outside, unless an address outside of their own is theirs. Connections are translated (RFC 3022) in
/// a zone of the router, or of the port that has the address.
/// </summary>
internal static class Gateways
{
    // Above the zones of ports' security groups, whose numbers are the keys of the ports.
    private const ushort PortZones = PortKey.Max + 1;

    private const ushort RouterZones = 1 << 15;

    private const CtState Starts = CtState.New | CtState.Tracked;
    private const CtState Stray = CtState.Invalid | CtState.Tracked;

    /// <summary>
    /// A connection is new until it is answered, so its next packet may be new, too, and has its address already.
    /// </summary>
    private const CtState StartsMask = Starts | CtState.SourceTranslated | CtState.DestinationTranslated;

    /// <summary>The zone of a router among those of the host that has its gateway.</summary>
    public static ushort ZoneOfRouter(ushort number) => (ushort)(RouterZones | number);

    /// <summary>The zone of a port's own addresses outside, apart from that of its security groups.</summary>
    public static ushort ZoneOfPort(uint key) => (ushort)(PortZones | key);

    /// <summary>
    /// What is for an IPv4 address outside that is here. It belongs to a connection that began inside, or is looked at
    /// as the beginning of one.
    /// </summary>
    public static Flow Enter(GatewaySide side, MacAddress mac) => new(Tables.RouterPorts, Priorities.Local,
        In(side.Network).EthType(EtherTypes.Ipv4).EthDst(mac),
        [.. Arrive(side.Router), Lookup(side.Zone, Tables.Routers)]);

    /// <summary>IPv6 is routed as it is, in both directions.</summary>
    /// <param name="inside">Numbers of the networks behind the router that may send outside.</param>
    /// <param name="closed">What is behind the router and cannot be reached from outside.</param>
    public static IEnumerable<Flow> HereIpv6(
        GatewaySide side, MacAddress mac, IEnumerable<uint> inside, IEnumerable<IPNetwork> closed)
    {
        yield return new(Tables.RouterPorts, Priorities.Local, In(side.Network).EthType(EtherTypes.Ipv6).EthDst(mac),
            [new Instruction.ApplyActions([.. Arrive(side.Router)]), new Instruction.GotoTable(Tables.Routers)]);
        var ipv6 = Routing.At(side.Router).EthType(EtherTypes.Ipv6);
        foreach (var network in inside)
        {
            yield return new(Tables.Gateways, Priorities.Entry, ipv6.Register(Registers.Network, network),
                [new Instruction.GotoTable(Tables.Departure)]);
        }
        foreach (var cidr in closed)
        {
            yield return new(Tables.Routers, Priorities.Entry,
                Routing.At(side.Router).Register(Registers.Network, side.Network).IpDestination(cidr));
        }
        yield return Depart(side, ipv6, Priorities.Entry, mac);
    }

    /// <summary>What other hosts send to the router that has its gateway here.</summary>
    public static IEnumerable<Flow> FromOtherHosts(uint network, MacAddress mac, Guid router)
    {
        var sent = In(network).Register(Registers.Origin, Registers.FromOutside).EthDst(mac);
        yield return new(Tables.Forward, Priorities.Entry, sent, new FlowAction.Resubmit(Tables.RouterPorts));
        yield return new(Tables.RouterPorts, Priorities.Entry, sent,
            [new Instruction.ApplyActions([.. Arrive(router)]), new Instruction.GotoTable(Tables.Routers)]);
    }

    /// <summary>The router has its gateway here, and what leaves there has an address of its own there.</summary>
    public static IEnumerable<Flow> Here(GatewaySide side, MacAddress mac, IPAddress? snatAddress)
    {
        var ipv4 = Routing.At(side.Router).EthType(EtherTypes.Ipv4);
        // What came from outside leads inside, or nowhere: a router sends nothing back to where it came from.
        yield return new(Tables.Gateways, Priorities.Forbidden,
            Routing.At(side.Router).Register(Registers.Network, side.Network));
        yield return new(Tables.Gateways, Priorities.Entry, ipv4, snatAddress is null
            ? Lookup(side.Zone, Tables.Departure)
            : Translate(side.Zone, FlowAction.Nat.Source(Ipv4Address.From(snatAddress)), Tables.Departure));
        if (snatAddress is not null)
        {
            yield return StrayFromOutside(side);
            yield return new(Tables.Departure, Priorities.Forbidden, ipv4.CtState(Stray, Stray));
            // There was no way to translate it: somebody else speaks by the same address, and the same ports if any.
            yield return new(Tables.Departure, Priorities.Forbidden, ipv4.CtState(Starts, StartsMask));
        }
        yield return Depart(side, ipv4, Priorities.Entry, mac);
    }

    /// <summary>The router has its gateway on another host, which the packet reaches as it is.</summary>
    /// <param name="encapsulation">Of the network that the packet is in still.</param>
    public static Flow Elsewhere(Guid router, IPAddress host, Encapsulation encapsulation, uint tunnelPort) => new(
        Tables.Gateways, Priorities.Entry, Routing.At(router).CarriedBy(encapsulation),
        [
            new Instruction.ApplyActions(
            [
                NetworkNumbers.ToTunnelId(),
                Forwarding.TunnelTo(host),
                Registers.Load(Registers.TargetPort, tunnelPort),
            ]),
            new Instruction.GotoTable(Tables.UnderlaySource),
        ]);

    /// <summary>A floating IP: one address outside for one inside, in both directions.</summary>
    /// <param name="key">Of the port here that has it; null: the router's gateway does.</param>
    public static IEnumerable<Flow> FloatingIp(
        GatewaySide side, IPAddress outside, IPAddress inside, MacAddress mac, uint? key)
    {
        var from = Routing.At(side.Router).IpSource(inside.Alone());
        if (key is { } number)
            from = from.Register(Registers.SourcePort, number);
        yield return new(Tables.RouterPorts, Priorities.Local,
            In(side.Network).EthDst(mac).IpDestination(outside.Alone()),
            [
                .. Arrive(side.Router),
                Translate(side.Zone, FlowAction.Nat.Destination(Ipv4Address.From(inside)), Tables.Routers),
            ]);
        // A zone of the router may be one that does not translate: there, what belongs to nobody may pass.
        if (key is not null)
            yield return StrayFromOutside(side);
        yield return new(Tables.Gateways, Priorities.Own, from,
            Translate(side.Zone, FlowAction.Nat.Source(Ipv4Address.From(outside)), Tables.Departure));
        // What has its address inside still is of no connection, and begins none.
        yield return new(Tables.Departure, Priorities.Forbidden, from);
        yield return Depart(side, Routing.At(side.Router).IpSource(outside.Alone()), Priorities.Own, mac);
    }

    /// <summary>One port of an address outside that leads to one inside.</summary>
    public static IEnumerable<Flow> PortForwarding(
        GatewaySide side, IPAddress outside, Match ports, FlowAction.Nat inside, MacAddress mac)
    {
        yield return new(Tables.Routers, Priorities.Forbidden,
            ports.Register(Registers.Network, side.Network)
                .DoubleExtendedRegister(Registers.Router, SecurityGroups.Number(side.Router))
                .CtState(Starts, Starts).IpDestination(outside.Alone()),
            Translate(side.Zone, inside, Tables.Routers));
        yield return Depart(side, Routing.At(side.Router).IpSource(outside.Alone()), Priorities.Own, mac);
    }

    /// <summary>
    /// What comes and belongs to nobody. In user space, Open vSwitch gives a fragment that has waited in vain to
    /// whatever it tracks next, of whomever that is.
    /// </summary>
    private static Flow StrayFromOutside(GatewaySide side) => new(Tables.Routers, Priorities.Stray,
        Routing.At(side.Router).EthType(EtherTypes.Ipv4).Register(Registers.Network, side.Network)
            .CtState(Stray, Stray).CtZone(side.Zone));

    /// <summary>A packet leaves with an address that is on this host alone.</summary>
    private static Flow Depart(GatewaySide side, Match match, ushort priority, MacAddress mac) =>
        new(Tables.Departure, priority, match,
        [
            new Instruction.ApplyActions(
            [
                new FlowAction.DecrementTtl(),
                new FlowAction.SetField(Field.EthSrc, mac),
                Registers.Load(Registers.Network, side.Network),
                Registers.Load(Registers.Origin, Registers.FromPort),
            ]),
            new Instruction.GotoTable(Tables.NextHops),
        ]);

    /// <summary>What makes a packet one of a router that has come to its gateway.</summary>
    private static IEnumerable<FlowAction> Arrive(Guid router) =>
        [.. Routing.BeAt(router), Registers.Load(Registers.Origin, Registers.FromPort)];

    private static FlowAction Lookup(ushort zone, byte next) =>
        new FlowAction.ConnectionTrack { Zone = zone, Table = next, Actions = [FlowAction.Nat.Existing] };

    private static FlowAction Translate(ushort zone, FlowAction.Nat nat, byte next) =>
        new FlowAction.ConnectionTrack { Commit = true, Zone = zone, Table = next, Actions = [nat] };

    private static Match In(uint network) => Match.Empty.Register(Registers.Network, network);
}

/// <summary>Where a router meets the network outside, on this host.</summary>
/// <param name="Network">The number of the network outside.</param>
/// <param name="Zone">Of its connections.</param>
internal readonly record struct GatewaySide(Guid Router, uint Network, ushort Zone);

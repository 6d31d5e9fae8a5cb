using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 60, 61, 62 and 65: routers, on the host of the machine that sends. Whatever is addressed to the MAC of a
/// router is for it; it answers for itself, forwards by the longest prefix, and tells the agent what it cannot forward,
/// which tells the sender (RFC 1812 section 4.3.3). A routed packet goes on as if it had come from the network that it
/// is in now.
/// </summary>
internal static class Routing
{
    // Of IPv6, with a step between for connected subnets, whatever other priorities there are.
    private const int PriorityOfPrefix = 1_000;

    /// <summary>
    /// The MAC addresses of hosts as routers, and their mask. A router is on every host, and what it sends would come
    /// from everywhere: between hosts it has the address of its host.
    /// </summary>
    private static readonly MacAddress HostMacs = new(0xfe_a1_00_00_00_00);
    private static readonly MacAddress HostMacsMask = new(0xff_ff_00_00_00_00);

    private static readonly IPNetwork LinkLocal = IPNetwork.Parse("fe80::/10");

    public static readonly IReadOnlyList<Flow> Always =
    [
        .. new[] { EtherTypes.Ipv4, EtherTypes.Ipv6 }.SelectMany(type => new[]
        {
            Punt(Tables.Routers, Priorities.Local, Match.Empty.EthType(type).IpTtl(0)),
            Punt(Tables.Routers, Priorities.Local, Match.Empty.EthType(type).IpTtl(1)),
            Punt(Tables.Routes, Priorities.Guard, Match.Empty.EthType(type)),
            Punt(Tables.NextHops, Priorities.Guard, Match.Empty.EthType(type)),
        }).Select(Skeletal),
        // No router takes link-local addresses to another link (RFC 4291 section 2.5.6).
        .. new[] { Match.Empty.IpSource(LinkLocal), Match.Empty.IpDestination(LinkLocal) }
            .Select(match => Skeletal(new Flow(Tables.Routers, Priorities.Entry, match))),
    ];

    /// <summary>A packet for the router. From here on it has no input port, so that it may leave where it came
    /// from.</summary>
    public static Flow Enter(uint network, MacAddress mac, Guid router) => new(Tables.RouterPorts, Priorities.Entry,
        Match.Empty.Register(Registers.Network, network)
            .Register(Registers.Origin, Registers.FromPort, Registers.FromPort).EthDst(mac),
        [
            new Instruction.ApplyActions([.. BeAt(router)]),
            new Instruction.GotoTable(Tables.Routers),
        ]);

    /// <summary>What makes a packet one of a router.</summary>
    internal static IEnumerable<FlowAction> BeAt(Guid router) =>
    [
        new FlowAction.SetField(Field.DoubleExtendedRegister(Registers.Router), SecurityGroups.Number(router)),
        new FlowAction.Load(Field.InPort16.Whole, 0),
    ];

    /// <summary>The packets that <see cref="BeAt"/> made a router's.</summary>
    internal static Match At(Guid router) =>
        Match.Empty.DoubleExtendedRegister(Registers.Router, SecurityGroups.Number(router));

    /// <summary>The router does not listen for anything but pings.</summary>
    public static Flow Refuse(Guid router, IPAddress address) =>
        Punt(Tables.Routers, Priorities.Own, At(router).IpDestination(address.Alone()));

    /// <summary>
    /// As <see cref="Refuse(Guid, IPAddress)"/> for an address outside, by which machines inside are known too: what
    /// comes from outside and belongs to none of their connections.
    /// </summary>
    public static Flow Refuse(Guid router, IPAddress address, uint network) =>
        Punt(Tables.Routers, Priorities.Own,
            At(router).Register(Registers.Network, network).IpDestination(address.Alone()));

    /// <summary>A ping of the router is answered, and the answer goes the way of all packets from there on.</summary>
    public static Flow Answer(Guid router, IPAddress address)
    {
        var here = At(router).IpDestination(address.Alone());
        var isIpv4 = address.Alone().IsIpv4();
        return new(Tables.Routers, Priorities.Forbidden,
            isIpv4 ? here.IpProto(Protocols.Icmp).Icmpv4Type(8) : here.IpProto(Protocols.Ipv6Icmp).Icmpv6Type(128),
            [
                .. Swap(Field.EthSrc.Whole, Field.EthDst.Whole),
                .. isIpv4
                    ? Swap(Field.Ipv4Src.Whole, Field.Ipv4Dst.Whole)
                    : Swap(Field.Ipv6Src.Whole, Field.Ipv6Dst.Whole),
                isIpv4
                    ? new FlowAction.SetField(Field.Icmpv4Type, 0)
                    : new FlowAction.SetField(Field.Icmpv6Type, 129),
                new FlowAction.SetField(Field.IpTtl, 64),
                new FlowAction.Resubmit(Tables.RouterPorts),
            ]);
    }

    /// <param name="isConnected">Of two routes as long, that to a subnet of the router itself is taken.</param>
    /// <param name="nextHop">Null: the destination itself.</param>
    public static Flow Route(
        Guid router, IPNetwork destination, bool isConnected, RouterExit exit, IPAddress? nextHop) =>
        new(Tables.Routes, PriorityOf(destination, isConnected), At(router).IpDestination(destination),
        [
            new Instruction.ApplyActions(
            [
                .. PathMtu.Check(exit.Mtu),
                new FlowAction.DecrementTtl(),
                new FlowAction.SetField(Field.EthSrc, exit.Mac),
                Registers.Load(Registers.Network, exit.Network),
                new FlowAction.Load(Field.Register(Registers.Origin).Bits(2, 1), 1),
                destination.IsIpv4() ? ToIpv4(nextHop) : ToIpv6(nextHop),
            ]),
            new Instruction.GotoTable(Tables.NextHops),
        ]);

    private static ushort PriorityOf(IPNetwork destination, bool isConnected) =>
        (ushort)(PriorityOfPrefix + 2 * destination.PrefixLength + (isConnected ? 1 : 0));

    /// <summary>A route that leads out of the gateway: it is for another table to say where that is.</summary>
    /// <param name="mtu">Of the network there; null: nothing is too large for it.</param>
    public static Flow Outside(
        Guid router, IPNetwork destination, bool isConnected, IPAddress? nextHop, ushort? mtu) =>
        new(Tables.Routes, PriorityOf(destination, isConnected), At(router).IpDestination(destination),
        [
            new Instruction.ApplyActions(
                [.. PathMtu.Check(mtu), destination.IsIpv4() ? ToIpv4(nextHop) : ToIpv6(nextHop)]),
            new Instruction.GotoTable(Tables.Gateways),
        ]);

    /// <summary>A machine of the network that a packet may go to next.</summary>
    public static Flow Neighbor(uint network, IPAddress address, MacAddress mac) =>
        new(Tables.NextHops, Priorities.Entry, Hop(network, address),
            [
                new Instruction.ApplyActions([new FlowAction.SetField(Field.EthDst, mac)]),
                new Instruction.GotoTable(Tables.Forward),
            ]);

    /// <summary>Another router that a packet may go to next: it is here too.</summary>
    public static Flow NextRouter(uint network, IPAddress address, MacAddress mac) =>
        new(Tables.NextHops, Priorities.Entry, Hop(network, address),
            new FlowAction.SetField(Field.EthDst, mac), new FlowAction.Resubmit(Tables.RouterPorts));

    /// <summary>
    /// An address outside that is here, so what is for it need not go there. It comes in as any other packet would:
    /// what tracking has found out about it on its way out, perhaps in the zone that it comes to, is forgotten.
    /// </summary>
    public static Flow BackFromOutside(uint network, IPAddress address, MacAddress mac) =>
        new(Tables.NextHops, Priorities.Entry, Hop(network, address),
            new FlowAction.ClearConnectionTracking(), new FlowAction.SetField(Field.EthDst, mac),
            new FlowAction.Resubmit(Tables.RouterPorts));

    /// <summary>What a router of another host sent arrives as from the router of the network.</summary>
    public static Flow Arrive(Tunnel tunnel, uint network, MacAddress mac) =>
        Classify.FromTunnel(tunnel, network, Match.Empty.EthSrc(HostMacs, HostMacsMask),
            new FlowAction.SetField(Field.EthSrc, mac));

    /// <summary>To other hosts and outside, from the host.</summary>
    public static IEnumerable<Flow> Leave(IPAddress tunnelAddress) =>
    [
        new(Tables.UnderlaySource, Priorities.Own,
            Match.Empty.Register(Registers.Origin, Registers.Routed, Registers.Routed),
            [
                new Instruction.ApplyActions([new FlowAction.SetField(Field.EthSrc, HostMac(tunnelAddress))]),
                new Instruction.GotoTable(Tables.Underlay),
            ]) { Cookie = Cookies.Skeleton },
        new(Tables.UnderlaySource, Priorities.Miss, Match.Empty, [new Instruction.GotoTable(Tables.Underlay)])
        {
            Cookie = Cookies.Skeleton,
        },
        new(Tables.Underlay, Priorities.Miss, Match.Empty,
            new FlowAction.OutputRegister(Field.Register(Registers.TargetPort).Whole)) { Cookie = Cookies.Skeleton },
    ];

    /// <summary>The last four bytes of the tunnel address tell hosts of one underlay apart.</summary>
    internal static MacAddress HostMac(IPAddress tunnelAddress) =>
        new(HostMacs.Value | System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(
            tunnelAddress.GetAddressBytes().AsSpan()[^4..]));

    private static Match Hop(uint network, IPAddress address)
    {
        var here = Match.Empty.Register(Registers.Network, network);
        return address.Alone().IsIpv4()
            ? here.EthType(EtherTypes.Ipv4).Register(Registers.NextHop, Ipv4Address.From(address).Value)
            : here.EthType(EtherTypes.Ipv6)
                .DoubleExtendedRegister(Registers.Remote, Ipv6Address.From(address).Value);
    }

    private static FlowAction ToIpv4(IPAddress? nextHop) => nextHop is null
        ? new FlowAction.Move(Field.Ipv4Dst.Whole, Field.Register(Registers.NextHop).Whole)
        : Registers.Load(Registers.NextHop, Ipv4Address.From(nextHop).Value);

    private static FlowAction ToIpv6(IPAddress? nextHop)
    {
        var register = Field.DoubleExtendedRegister(Registers.Remote);
        return nextHop is null
            ? new FlowAction.Move(Field.Ipv6Dst.Whole, register.Whole)
            : new FlowAction.SetField(register, Ipv6Address.From(nextHop));
    }

    /// <summary>By way of a register that holds nothing yet.</summary>
    private static IEnumerable<FlowAction> Swap(Subfield left, Subfield right)
    {
        var between = Field.DoubleExtendedRegister(Registers.Remote).Bits(0, left.Width);
        return
        [
            new FlowAction.Move(left, between), new FlowAction.Move(right, left), new FlowAction.Move(between, right),
        ];
    }

    private static Flow Skeletal(Flow flow) => flow with { Cookie = Cookies.Skeleton };

    private static Flow Punt(byte table, ushort priority, Match match) =>
        new(table, priority, match, FlowAction.ToController());
}

/// <summary>The port by which a router sends.</summary>
/// <param name="Network">The number of the network there.</param>
internal readonly record struct RouterExit(uint Network, MacAddress Mac)
{
    /// <summary>Of the network there; null: nothing that the router gets is too large for it.</summary>
    public ushort? Mtu { get; init; }
}

using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 25 and 26: the switch answers neighbour solicitations for every neighbour that it knows (RFC 4861), as it
/// does ARP. All other neighbour discovery of a machine ends here.
/// </summary>
internal static class NeighborDiscovery
{
    private const uint IsRouter = 0x8000_0000;
    private const uint IsSolicited = 0x4000_0000;
    private const uint Overrides = 0x2000_0000;

    /// <summary>The flags of an answer for a machine (RFC 4861 section 4.4).</summary>
    public const uint OfMachine = IsSolicited | Overrides;

    /// <summary>Those for a router: without the first, who asks takes it from the list of its routers.</summary>
    public const uint OfRouter = IsRouter | OfMachine;

    private const byte TargetLinkLayerAddress = 2;

    /// <summary>What holds whatever the neighbours are.</summary>
    public static readonly IReadOnlyList<Flow> Always =
    [
        Drop(Ipv6IcmpTypes.NeighborSolicitation),
        Drop(Ipv6IcmpTypes.NeighborAdvertisement),
        Advertise(Priorities.Entry, Match.Empty, []),
        Advertise(Priorities.Own, Match.Empty.IpDestination(IPAddress.IPv6Any.Alone()), ToAllNodes),
        AdvertiseOutside(Priorities.Local, Match.Empty, []),
        AdvertiseOutside(Priorities.Forbidden, Match.Empty.IpDestination(IPAddress.IPv6Any.Alone()), ToAllNodes),
    ];

    /// <summary>
    /// Who has no address yet cannot be answered there: all nodes are told, and nobody was asked (RFC 4861 7.2.4).
    /// </summary>
    private static IEnumerable<FlowAction> ToAllNodes =>
    [
        new FlowAction.SetField(Field.EthDst, new MacAddress(0x3333_0000_0001)),
        new FlowAction.SetField(Field.Ipv6Dst, Ipv6Address.Parse("ff02::1")),
        new FlowAction.SetField(Field.NdReserved, 0, IsSolicited),
    ];

    /// <summary>Whoever asks for its own address wants to hear that nobody has it (RFC 4862 section 5.4).</summary>
    /// <inheritdoc cref="ArpResponder.OwnAddress"/>
    public static Flow OwnAddress(uint key, IPAddress address, bool isOutside) =>
        new(Tables.NeighborDiscovery, Priorities.Own, Question(Registers.From(key), address),
            isOutside ? [new Instruction.GotoTable(Tables.Forward)] : []);

    /// <inheritdoc cref="ArpResponder.Lenient"/>
    public static IEnumerable<Flow> Lenient(uint network) =>
        new[] { Ipv6IcmpTypes.NeighborSolicitation, Ipv6IcmpTypes.NeighborAdvertisement }.Select(type =>
            new Flow(Tables.NeighborDiscovery, Priorities.Lenient,
                Match.Empty.Register(Registers.Network, network).Icmpv6(type),
                [new Instruction.GotoTable(Tables.Forward)]));

    /// <summary>
    /// Answers for a neighbour, to every port of its network. What only an advertisement has is written in the next
    /// table: here the packet is still a solicitation.
    /// </summary>
    /// <param name="flags">Of the advertisement.</param>
    public static Flow Answer(Match network, IPAddress address, MacAddress mac, uint flags) =>
        new(Tables.NeighborDiscovery, Priorities.Entry, Question(network, address),
            [
                new Instruction.ApplyActions([.. Turn(address, mac, flags)]),
                new Instruction.GotoTable(Tables.NeighborAdvertisement),
            ]);

    /// <summary>Answers who asks from outside for a router, by the port that the question came in at.</summary>
    public static Flow AnswerOutside(Match network, IPAddress address, MacAddress mac, uint carrierPort) =>
        new(Tables.Outside, Priorities.Entry, Question(network, address),
            [
                new Instruction.ApplyActions(
                [
                    .. Turn(address, mac, OfRouter), Registers.Load(Registers.TargetPort, carrierPort),
                    new FlowAction.Load(Field.InPort16.Whole, 0),
                ]),
                new Instruction.GotoTable(Tables.NeighborAdvertisement),
            ]);

    /// <summary>As <see cref="ArpResponder.Shared"/>.</summary>
    public static IEnumerable<Flow> Shared(uint network, IPNetwork cidr)
    {
        var types = new[] { Ipv6IcmpTypes.NeighborSolicitation, Ipv6IcmpTypes.NeighborAdvertisement };
        return types.Select(type => new Flow(Tables.NeighborDiscovery, Priorities.Shared,
            Match.Empty.Register(Registers.Network, network).Icmpv6(type).DiscoveryTarget(cidr),
            [new Instruction.GotoTable(Tables.Forward)]));
    }

    /// <summary>All of the question that becomes the answer while it is a solicitation still.</summary>
    private static IEnumerable<FlowAction> Turn(IPAddress address, MacAddress mac, uint flags) =>
    [
        new FlowAction.Move(Field.EthSrc.Whole, Field.EthDst.Whole),
        new FlowAction.SetField(Field.EthSrc, mac),
        new FlowAction.Move(Field.Ipv6Src.Whole, Field.Ipv6Dst.Whole),
        new FlowAction.SetField(Field.Ipv6Src, Ipv6Address.From(address)),
        new FlowAction.SetField(Field.NdReserved, flags),
        new FlowAction.SetField(Field.Icmpv6Type, Ipv6IcmpTypes.NeighborAdvertisement),
    ];

    private static Match Question(Match from, IPAddress address) =>
        from.Icmpv6(Ipv6IcmpTypes.NeighborSolicitation).DiscoveryTarget(address.Alone());

    private static Flow Drop(byte type) =>
        new(Tables.NeighborDiscovery, Priorities.Guard, Match.Empty.Icmpv6(type)) { Cookie = Cookies.Skeleton };

    /// <summary>The question told the asker's own link-layer address; the answer tells the target's.</summary>
    private static Flow Advertise(ushort priority, Match match, IEnumerable<FlowAction> also) =>
        Advertise(priority, match, Tables.Output, [.. also, .. Registers.Return]);

    private static Flow AdvertiseOutside(ushort priority, Match match, IEnumerable<FlowAction> also) =>
        Advertise(priority, match.Register(Registers.Origin, Registers.FromOutside), Tables.UnderlaySource, also);

    private static Flow Advertise(ushort priority, Match match, byte next, IEnumerable<FlowAction> also) =>
        new(Tables.NeighborAdvertisement, priority, match.Icmpv6(Ipv6IcmpTypes.NeighborAdvertisement),
        [
            new Instruction.ApplyActions(
            [
                .. also,
                new FlowAction.SetField(Field.NdOptionType, TargetLinkLayerAddress),
                new FlowAction.Move(Field.EthSrc.Whole, Field.NdTll.Whole),
            ]),
            new Instruction.GotoTable(next),
        ])
        {
            Cookie = Cookies.Skeleton,
        };
}

using static Alcor.OpenFlow.Tests.Datagrams;

namespace Alcor.OpenFlow.Tests;

/// <summary>How look-ups stand in a pipeline: zones, marks, subroutines, what goes on and what is forgotten.</summary>
internal static partial class Scenarios
{
    private static FlowAction.ConnectionTrack In(ushort zone, byte? table) => new() { Zone = zone, Table = table };

    private static IEnumerable<Scenario> Pipelines()
    {
        yield return TwoZones();
        yield return Subroutine();
        yield return Cleared();
        yield return Marks();
        yield return Forced();
        yield return Deep();
        yield return OriginalTuple();
        yield return MirroredZones();
        yield return FragmentsByKind();
        yield return RewrittenFragments();
        yield return Advertised();
        yield return Measured();
    }

    /// <summary>The same ends in two zones are two connections.</summary>
    private static Scenario TwoZones() => new("two zones",
    [
        .. Both(0, 2, match => match.InPort(1), In(1, 1)), .. Both(0, 1, match => match, In(2, 1)),
        .. Both(1, 9, match => match.CtState(CtState.New, CtState.New).CtZone(1), FlowAction.ToController(),
            FlowAction.ConnectionTrack.CommitIn((CtZone)1)),
        .. Both(1, 1, match => match, FlowAction.ToController()),
    ],
    [
        new(1, Udp(A, B, 1, 2), "+new"), new(1, Udp(A, B, 1, 2), "+new"), new(2, Udp(B, A, 2, 1), "+new"),
        new(2, Udp(B, A, 2, 1), "+new"), new(1, Udp(B, A, 2, 1), "+est+rpl"),
    ]);

    /// <summary>A look-up in a subroutine forks; the caller goes on, and knows nothing of the connection.</summary>
    private static Scenario Subroutine() => new("a look-up in a subroutine",
    [
        .. Both(0, 1, match => match, new FlowAction.Load(Field.Register(1), 1), new FlowAction.Resubmit(2),
            FlowAction.ToController()),
        .. Both(2, 1, match => match, new FlowAction.Load(Field.Register(2), 2), In(7, 3),
            new FlowAction.Load(Field.Register(4), 4)),
        .. Both(3, 1, match => match.Register(1, 1), new FlowAction.Load(Field.Register(1), 3),
            FlowAction.ToController()),
    ],
    [new(1, Udp(A, B, 1, 2), "+new -")]);

    private static Scenario Cleared() => new("a connection that is forgotten",
    [
        .. Both(0, 1, match => match, In(7, 1)),
        .. Both(1, 1, match => match, FlowAction.ToController(), new FlowAction.ClearConnectionTracking(),
            FlowAction.ToController(), In(8, 2)),
        .. Both(2, 1, match => match, FlowAction.ToController()),
    ],
    [new(1, Udp(A, B, 1, 2), "+new - +new")]);

    private static Scenario Marks() => new("marks and labels",
    [
        .. Both(0, 1, match => match, new FlowAction.Load(Field.Register(5), 0xabcd), In(7, 1)),
        .. Both(1, 9, match => match.CtState(CtState.New, CtState.New), FlowAction.ToController(),
            FlowAction.ConnectionTrack.CommitIn((CtZone)7, new FlowAction.SetField(Field.CtMark, 0x30, 0xf0),
                new FlowAction.Move(Field.Register(5), Field.CtLabel.Bits(64, 32)))),
        .. Both(1, 8, match => match.CtMark(0x30), FlowAction.ToController(), FlowAction.ConnectionTrack.CommitIn(
            (CtZone)7, new FlowAction.Load(Field.CtMark.Bits(0, 4), 9))),
        .. Both(1, 1, match => match, FlowAction.ToController()),
    ],
    [
        new(1, Udp(A, B, 1, 2), "+new"), new(2, Udp(B, A, 2, 1), "+est+rpl"), new(1, Udp(A, B, 1, 2), "+est"),
        new(1, Udp(A, B, 1, 3), "+new"),
    ]);

    /// <summary>A forced commit makes the sender of the packet the one who began.</summary>
    private static Scenario Forced() => new("a forced commit",
    [
        .. Both(0, 2, match => match.InPort(2), new FlowAction.ConnectionTrack
        { Commit = true, Force = true, Zone = (CtZone)7, Table = 1 }),
        .. Both(0, 1, match => match, new FlowAction.ConnectionTrack { Commit = true, Zone = (CtZone)7, Table = 1 }),
        .. Both(1, 1, match => match, FlowAction.ToController()),
    ],
    [
        new(1, Udp(A, B, 1, 2), "+new"), new(2, Udp(B, A, 2, 1), "+new"), new(1, Udp(A, B, 1, 2), "+est+rpl"),
        new(2, Udp(B, A, 2, 1), "+est"),
    ]);

    /// <summary>How often a packet may be looked at again.</summary>
    private static Scenario Deep() => new("look-ups in a row",
    [
        .. Enumerable.Range(0, 12).Select(table =>
            new Flow((byte)table, 1, Ipv4, FlowAction.ToController(), In((ushort)(table % 2 + 1), (byte)(table + 1)))),
    ],
    [new(1, Udp(A, B, 1, 2), "- +new +new +new +new +new +new")]);

    private static Scenario OriginalTuple() => new("matches on how a connection began",
    [
        .. Both(0, 1, match => match, new FlowAction.ConnectionTrack { Commit = true, Zone = (CtZone)7, Table = 1 }),
        new Flow(1, 9, Ipv4.CtState(CtState.ReplyDirection, CtState.ReplyDirection).CtProto(17)
            .CtIpv4Src(Ipv4Address.Parse(A)).CtPortDst(53), FlowAction.ToController(), FlowAction.ToController()),
        new Flow(1, 9, Ipv6.CtState(CtState.ReplyDirection, CtState.ReplyDirection)
            .CtIpv6Dst(Ipv6Address.Parse(B6), 64), FlowAction.ToController(), FlowAction.ToController()),
        .. Both(1, 1, match => match, FlowAction.ToController()),
    ],
    [
        new(1, Udp(A, B, 1000, 53), "+new"), new(2, Udp(B, A, 53, 1000), "+est+rpl +est+rpl"),
        new(1, Udp(A6, B6, 1, 2), "+new"), new(2, Udp(B6, A6, 2, 1), "+est+rpl +est+rpl"),
        new(1, Echo(A, B, 8, 4), "+new"),
    ]);

    /// <summary>A packet leaves one port's zone and enters another's, as between two guests of one host.</summary>
    private static Scenario MirroredZones() => new("out of one zone into another",
    [
        .. Both(0, 2, match => match.InPort(1), Register(3, 1), Register(4, 2), Lookup(1)),
        .. Both(0, 1, match => match, Register(3, 2), Register(4, 1), Lookup(1)),
        .. Both(1, 9, match => match.CtState(CtState.New, CtState.New), FlowAction.ToController(),
            FlowAction.ConnectionTrack.CommitIn(Zone), new FlowAction.Resubmit(2)),
        .. Both(1, 1, match => match, FlowAction.ToController(), new FlowAction.Resubmit(2)),
        .. Both(2, 1, match => match, FlowAction.ConnectionTrack.Lookup(Field.Register(4).Bits(0, 16), 3)),
        .. Both(3, 9, match => match.CtState(CtState.New, CtState.New), FlowAction.ToController(),
            FlowAction.ConnectionTrack.CommitIn(Field.Register(4).Bits(0, 16))),
        .. Both(3, 1, match => match, FlowAction.ToController()),
    ],
    [
        new(1, Tcp(A, B, (1000, 80), Syn, (100, 0, 0)), "+new +new"),
        new(2, Tcp(B, A, (80, 1000), Syn | Ack, (500, 101, 0)), "+est+rpl +est+rpl"),
        new(1, Tcp(A, B, (1000, 80), Ack, (101, 501, 4)), "+est +est"),
        .. Fragments(Udp(A, B, 1000, 53, 3000), 1280).Select((piece, number) => new Step(1, piece, number < 2 ? ""
            : "+new +new +new +new +new +new")),
    ]);

    /// <summary>Without a look-up fragments are told apart; those after the first have no ports.</summary>
    private static Scenario FragmentsByKind()
    {
        Flow Report(Match match, uint kind) =>
            new(0, (ushort)kind, match, Register(1, kind), FlowAction.ToController());
        return new Scenario("fragments without a look-up",
        [
            Report(Ipv4.IpProto(17).UdpDst(53).NwFragment(NwFragment.First), 9),
            Report(Ipv4.NwFragment(NwFragment.Later), 8), Report(Ipv4.NwFragment(NwFragment.No), 7),
            Report(Ipv6.IpProto(17).UdpDst(53).NwFragment(NwFragment.Yes), 6), Report(Ipv6.IpProto(44), 5),
            Report(Ipv6.NwFragment(NwFragment.NotLater), 4), Report(Match.Empty, 1),
        ],
        [
            .. Fragments(Udp(A, B, 1000, 53, 100), 40).Concat(Fragments(Udp(A6, B6, 1000, 53, 100), 40))
                .Append(Udp(A, B, 1000, 53)).Append(Udp(A6, B6, 1000, 53)).Select(frame => new Step(1, frame, "-")),
        ]);
    }

    /// <summary>The checksum of the whole stands in the first fragment, and follows what is written.</summary>
    private static Scenario RewrittenFragments() => new("rewritten fragments",
    [
        new Flow(0, 9, Ipv4.IpProto(17).NwFragment(NwFragment.First), new FlowAction.SetField(Field.Ipv4Src,
            Ipv4Address.Parse("10.7.7.7")), new FlowAction.SetField(Field.UdpDst, 5353), FlowAction.ToController()),
        new Flow(0, 9, Ipv6.IpProto(17).NwFragment(NwFragment.First), new FlowAction.SetField(Field.Ipv6Dst,
            Ipv6Address.Parse("fd00::77")), new FlowAction.SetField(Field.UdpSrc, 5353), FlowAction.ToController()),
        .. Both(0, 1, match => match, new FlowAction.DecrementTtl(), FlowAction.ToController()),
    ],
    [
        .. Fragments(Udp(A, B, 1000, 53, 100), 40).Concat(Fragments(Udp(A6, B6, 1000, 53, 100), 40))
            .Select(frame => new Step(1, frame, "-")),
    ]);

    /// <summary>
    /// A neighbour is advertised by flows. Two tables: what only an advertisement has can be written only once it is
    /// one.
    /// </summary>
    private static Scenario Advertised()
    {
        var discovery = Ipv6.IpProto(58);
        var mac = MacAddress.Parse("fa:16:3e:00:00:01");
        FlowAction[] address = [new FlowAction.SetField(Field.NdTll, mac), new FlowAction.SetField(Field.EthSrc, mac)];
        FlowAction[] type = [new FlowAction.SetField(Field.NdOptionType, 2)];
        byte[] solicited = [0, 0, 0, 0, 0xfd, .. new byte[14], 2];
        byte[] option = [1, 1, 2, 0, 0, 0, 0, 1];
        return new Scenario("a neighbour is advertised",
        [
            new Flow(0, 1, discovery.Icmpv6Type(135), new FlowAction.SetField(Field.Icmpv6Type, 136),
                new FlowAction.SetField(Field.NdReserved, 0x6000_0000), new FlowAction.Resubmit(1)),
            new Flow(1, 2, discovery.Icmpv6Type(136).InPort(1),
                [.. type, .. address, new FlowAction.Move(Field.NdTarget, Field.Ipv6Src), FlowAction.ToController()]),
            new Flow(1, 1, discovery.Icmpv6Type(136),
                [.. address, .. type, new FlowAction.Move(Field.Ipv6Src, Field.Ipv6Dst), FlowAction.ToController()]),
        ],
        [
            new(1, Icmp(A6, B6, 135, 0, [.. solicited, .. option]), "-"),
            new(2, Icmp(A6, B6, 135, 0, [.. solicited, .. option]), "-"),
            new(2, Icmp(A6, B6, 135, 0, solicited), "-"),
        ]);
    }

    private static Scenario Measured() => new("the length of packets",
    [
        .. Both(0, 1, match => match, new FlowAction.CheckPacketLarger(100, Field.Register(1).Bits(5, 1)),
            new FlowAction.Resubmit(1)),
        .. Both(1, 1, match => match, FlowAction.ToController()),
    ],
    [new(1, Udp(A, B, 1, 2, 58), "-"), new(1, Udp(A, B, 1, 2, 59), "-"), new(1, Udp(A6, B6, 1, 2, 58), "-")]);

    private static FlowAction.Load Register(int number, ulong value) => new(Field.Register(number), value);
}

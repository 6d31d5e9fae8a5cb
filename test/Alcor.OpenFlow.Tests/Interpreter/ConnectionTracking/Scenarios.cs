using static Alcor.OpenFlow.Tests.Datagrams;

namespace Alcor.OpenFlow.Tests;

/// <summary>Conversations of every kind that the tracking of connections tells apart.</summary>
internal static partial class Scenarios
{
    private const string A = "10.0.0.1";
    private const string B = "10.0.0.2";
    private const string A6 = "fd00::1";
    private const string B6 = "fd00::2";
    private static readonly Match Ipv4 = Match.Empty.EthType(0x0800);
    private static readonly Match Ipv6 = Match.Empty.EthType(0x86dd);

    /// <summary>Looked up in zone 7 and reported; what is new is committed after the report.</summary>
    public static readonly Flow[] Stateful =
    [
        .. Both(0, 1, match => match, new FlowAction.Load(Field.Register(3), 7),
            new FlowAction.SetField(Field.DoubleExtendedRegister(2), 0x1234), Lookup(1)),
        .. Both(1, 9, match => match.CtState(CtState.New, CtState.New), FlowAction.ToController(),
            FlowAction.ConnectionTrack.CommitIn(Zone)),
        .. Both(1, 1, match => match, FlowAction.ToController()),
    ];

    public static IReadOnlyList<ushort> Zones { get; } = [0, 1, 2, 7, 8, 9];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. Datagram(), .. Queries(), .. Errors(), .. Connections(), .. Translations(), .. Pieces(), .. Pipelines(),
    ];

    private static Subfield Zone => Field.Register(3).Bits(0, 16);

    private static FlowAction Lookup(byte table) => FlowAction.ConnectionTrack.Lookup(Zone, table);

    /// <summary>A flow for each family of IP.</summary>
    private static IEnumerable<Flow> Both(
        byte table, ushort priority, Func<Match, Match> match, params FlowAction[] actions) =>
        new[] { Ipv4, Ipv6 }.Select(family => new Flow(table, priority, match(family), actions));

    private static IEnumerable<Scenario> Datagram()
    {
        Step There(string state) => new(1, Udp(A, B, 1000, 53), state);
        Step Back(string state) => new(2, Udp(B, A, 53, 1000), state);
        yield return new Scenario(
            "udp without an answer", Stateful, [There("+new"), There("+new"), There("+new"), There("+new")]);
        yield return new Scenario("udp answered at once", Stateful,
            [There("+new"), Back("+est+rpl"), There("+est"), Back("+est+rpl")]);
        yield return new Scenario("udp answered late", Stateful,
            [There("+new"), There("+new"), Back("+est+rpl"), There("+est")]);
        yield return new Scenario("udp from both sides to other ports", Stateful,
            [There("+new"), new(2, Udp(B, A, 53, 1001), "+new"), new(1, Udp(A, B, 1001, 53), "+est+rpl")]);
        yield return new Scenario("udp of ipv6", Stateful,
        [
            new(1, Udp(A6, B6, 1000, 53), "+new"), new(2, Udp(B6, A6, 53, 1000), "+est+rpl"),
            new(1, Udp(A6, B6, 1000, 53), "+est"),
        ]);
        yield return new Scenario("a protocol without ports", Stateful,
            [new(1, Ip(A, B, 47, new byte[12]), "+new"), new(2, Ip(B, A, 47, new byte[12]), "+est+rpl")]);
        var broken = Udp(A, B, 1000, 53);
        broken[^1] ^= 1;
        yield return new Scenario("udp with a wrong checksum", Stateful, [new(1, broken, "+inv"), There("+new")]);
        var unsummed = Udp(A, B, 1000, 53);
        (unsummed[40], unsummed[41]) = (0, 0);
        yield return new Scenario("udp without a checksum", Stateful, [new(1, unsummed, "+new"), Back("+est+rpl")]);
    }

    private static IEnumerable<Scenario> Queries()
    {
        yield return new Scenario("echo", Stateful,
        [
            new(1, Echo(A, B, 8, 5), "+new"), new(1, Echo(A, B, 8, 5), "+new"), new(2, Echo(B, A, 0, 5), "+est+rpl"),
            new(1, Echo(A, B, 8, 5), "+est"), new(1, Echo(A, B, 8, 6), "+new"),
        ]);
        yield return new Scenario("echo of ipv6", Stateful,
        [
            new(1, Echo(A6, B6, 128, 5), "+new"), new(2, Echo(B6, A6, 129, 5), "+est+rpl"),
            new(1, Echo(A6, B6, 128, 5), "+est"),
        ]);
        yield return new Scenario("an answer to no question", Stateful,
            [new(2, Echo(B, A, 0, 5), "+inv"), new(2, Echo(B6, A6, 129, 5), "+inv")]);
        yield return new Scenario("icmp of other types", Stateful,
        [
            new(1, Icmp(A, B, 9, 0, new byte[8]), "+inv"), new(1, Icmp(A, B, 13, 0, new byte[16]), "+new"),
            new(2, Icmp(B, A, 14, 0, new byte[16]), "+est+rpl"), new(1, Icmp(A, B, 8, 1, new byte[8]), "+inv"),
        ]);
        yield return new Scenario("neighbour discovery and listeners", Stateful,
        [
            new(1, Icmp(A6, B6, 135, 0, new byte[20]), "+inv"), new(1, Icmp(A6, B6, 133, 0, new byte[4]), "+inv"),
            new(1, Icmp(A6, B6, 143, 0, new byte[4]), "+inv"),
        ]);
    }

    private static IEnumerable<Scenario> Errors()
    {
        var udp = Udp(A, B, 1000, 53, 40);
        yield return new Scenario("an error about a datagram", Stateful,
        [
            new(1, udp, "+new"), new(2, Error("10.0.0.9", 3, 3, udp), "+rel+rpl"), new(1, udp, "+new"),
            new(2, Error(B, 3, 1, udp, 28), "+rel+rpl"),
        ]);
        yield return new Scenario("an error about an answer", Stateful,
        [
            new(1, udp, "+new"), new(2, Udp(B, A, 53, 1000), "+est+rpl"),
            new(1, Error(A, 3, 3, Udp(B, A, 53, 1000)), "+rel"),
        ]);
        yield return new Scenario("an error about nothing", Stateful, [new(2, Error(B, 3, 3, udp), "+inv")]);
        yield return new Scenario("an error that quotes too little", Stateful,
            [new(1, udp, "+new"), new(2, Error(B, 3, 3, udp, 24), "+inv")]);
        var elsewhere = Icmp(B, "10.0.0.7", 3, 3, [0, 0, 0, 0, .. udp.AsSpan(14, 28)]);
        yield return new Scenario("an error sent to somebody else", Stateful,
            [new(1, udp, "+new"), new(2, elsewhere, "+inv")]);
        var segment = Tcp(A, B, (1000, 80), Syn, (1, 0, 0));
        yield return new Scenario("an error about a segment", Stateful,
            [new(1, segment, "+new"), new(2, Error(B, 11, 0, segment), "+rel+rpl")]);
        var echo = Echo(A, B, 8, 5, 30);
        yield return new Scenario("an error about an echo", Stateful,
            [new(1, echo, "+new"), new(2, Error(B, 3, 1, echo), "+rel+rpl")]);
        var udp6 = Udp(A6, B6, 1000, 53, 40);
        yield return new Scenario("errors of ipv6", Stateful,
        [
            new(1, udp6, "+new"), new(2, Error("fd00::9", 2, 0, udp6, 80), "+rel+rpl"),
            new(2, Error(B6, 1, 4, Udp(A6, B6, 1, 53), 80), "+inv"), new(2, Error(B6, 3, 0, udp6, 48), "+rel+rpl"),
        ]);
    }

    private static IEnumerable<Scenario> Pieces()
    {
        foreach (var (name, source, target) in new[] { ("ipv4", A, B), ("ipv6", A6, B6) })
        {
            var pieces = Fragments(Udp(source, target, 1000, 53, 3000), 1280);
            yield return new Scenario($"fragments of {name}", Stateful,
            [
                new(1, pieces[0], ""), new(1, pieces[1], ""), new(1, pieces[2], "+new +new +new"),
                new(2, Udp(target, source, 53, 1000), "+est+rpl"),
            ]);
            yield return new Scenario($"fragments of {name} in disorder", Stateful,
                [new(1, pieces[2], ""), new(1, pieces[0], ""), new(1, pieces[0], "+inv"),
                    new(1, pieces[1], "+new +new +new")]);
            var small = Fragments(Udp(source, target, 1000, 53, 900), 800);
            yield return new Scenario($"fragments of {name} that are too small", Stateful,
                [new(1, small[0], "+inv"), new(1, small[1], "")]);
        }
    }
}

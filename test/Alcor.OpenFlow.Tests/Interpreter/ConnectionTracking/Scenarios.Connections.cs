using static Alcor.OpenFlow.Tests.Datagrams;

namespace Alcor.OpenFlow.Tests;

/// <summary>TCP.</summary>
internal static partial class Scenarios
{
    private static Step There(byte flags, (uint, uint, int) at, string state) =>
        new(1, Tcp(A, B, (1000, 80), flags, at), state);

    private static Step Back(byte flags, (uint, uint, int) at, string state) =>
        new(2, Tcp(B, A, (80, 1000), flags, at), state);

    private static Step[] Handshake() =>
    [
        There(Syn, (100, 0, 0), "+new"), Back(Syn | Ack, (500, 101, 0), "+est+rpl"),
        There(Ack, (101, 501, 0), "+est"),
    ];

    private static IEnumerable<Scenario> Connections()
    {
        yield return new Scenario("a whole connection", Stateful,
        [
            .. Handshake(), There(Ack, (101, 501, 10), "+est"), Back(Ack, (501, 111, 20), "+est+rpl"),
            There(Fin | Ack, (111, 521, 0), "+est"), Back(Fin | Ack, (521, 112, 0), "+est+rpl"),
            There(Ack, (112, 522, 0), "+est"), There(Syn, (9_000, 0, 0), "+new"),
            Back(Syn | Ack, (7_000, 9_001, 0), "+est+rpl"),
        ]);
        yield return new Scenario("a syn without an answer", Stateful,
            [There(Syn, (100, 0, 0), "+new"), There(Syn, (100, 0, 0), "+new"), There(Syn, (100, 0, 0), "+new")]);
        yield return new Scenario("a refused connection", Stateful,
        [
            There(Syn, (100, 0, 0), "+new"), Back(Rst | Ack, (0, 101, 0), "+est+rpl"),
            There(Syn, (300, 0, 0), "+new"),
        ]);
        yield return new Scenario("a connection that is met in the middle", Stateful,
        [
            There(Ack, (700, 900, 10), "+new"), Back(Ack, (900, 710, 10), "+est+rpl"),
            There(Ack, (710, 910, 10), "+est"),
        ]);
        yield return new Scenario("segments that begin nothing", Stateful,
        [
            Back(Syn | Ack, (500, 101, 0), "+inv"), There(0, (1, 1, 0), "+inv"), There(Syn | Fin, (1, 1, 0), "+inv"),
            There(Fin, (1, 1, 0), "+inv"), There(Rst, (1, 1, 0), "+new"),
        ]);
        yield return new Scenario("a segment far outside the window", Stateful,
        [
            .. Handshake(), There(Ack, (2_000_000, 501, 10), "+inv"), Back(Ack, (501, 900_000_000, 0), "+inv"),
            There(Ack, (101, 501, 10), "+est"),
        ]);
        yield return new Scenario("a reset that is out of place", Stateful,
        [
            .. Handshake(), Back(Rst, (700, 0, 0), "+inv"), Back(Rst, (501, 0, 0), "+est+rpl"),
            There(Syn, (90, 0, 0), "+new"),
        ]);
        yield return new Scenario("both ends begin", Stateful,
        [
            There(Syn, (100, 0, 0), "+new"), Back(Syn, (500, 0, 0), "+new"),
            There(Syn | Ack, (100, 501, 0), "+est"), Back(Syn | Ack, (500, 101, 0), "+est+rpl"),
        ]);
    }
}

using static Alcor.OpenFlow.Tests.Datagrams;

namespace Alcor.OpenFlow.Tests;

/// <summary>Translated addresses.</summary>
internal static partial class Scenarios
{
    private const string Public = "192.0.2.1";
    private const string Public6 = "2001:db8::1";

    /// <summary>From port 1 as the action says, and back from port 2; all reported.</summary>
    public static Flow[] Translating(Func<Match, FlowAction.Nat> nat) =>
    [
        .. new[] { Ipv4, Ipv6 }.Select(family => new Flow(0, 2, family.InPort(1), new FlowAction.ConnectionTrack
        {
            Commit = true, Zone = (CtZone)7, Table = 1, Actions = [nat(family), new FlowAction.SetField(
                Field.CtMark, 5)],
        })),
        .. Both(0, 1, match => match, new FlowAction.ConnectionTrack
        { Zone = (CtZone)7, Table = 1, Actions = [FlowAction.Nat.Existing] }),
        .. Both(1, 1, match => match, FlowAction.ToController()),
    ];

    public static FlowAction.Nat SourceNat(Match family) => family == Ipv4
        ? FlowAction.Nat.Source(Ipv4Address.Parse(Public)) : FlowAction.Nat.Source(Ipv6Address.Parse(Public6));

    private static FlowAction.Nat DestinationNat(Match family) => family == Ipv4
        ? FlowAction.Nat.Destination(Ipv4Address.Parse(B)) : FlowAction.Nat.Destination(Ipv6Address.Parse(B6));

    private static IEnumerable<Scenario> Translations()
    {
        yield return new Scenario("source translation", Translating(SourceNat),
        [
            new(1, Udp(A, B, 1000, 53), "+new+snat"), new(2, Udp(B, Public, 53, 1000), "+est+rpl+dnat"),
            new(1, Udp(A, B, 1000, 53), "+est+snat"), new(1, Udp(A6, B6, 1000, 53), "+new+snat"),
            new(2, Udp(B6, Public6, 53, 1000), "+est+rpl+dnat"),
            new(1, Tcp(A, B, (5, 80), Syn, (9, 0, 0)), "+new+snat"),
            new(2, Tcp(B, Public, (80, 5), Syn | Ack, (4, 10, 0)), "+est+rpl+dnat"),
            new(1, Echo(A, B, 8, 3), "+new+snat"), new(2, Echo(B, Public, 0, 3), "+est+rpl+dnat"),
        ]);
        yield return new Scenario("destination translation", Translating(DestinationNat),
        [
            new(1, Udp(A, Public, 1000, 53), "+new+dnat"), new(2, Udp(B, A, 53, 1000), "+est+rpl+snat"),
            new(1, Udp(A, Public, 1000, 53), "+est+dnat"), new(1, Udp(A6, Public6, 1000, 53), "+new+dnat"),
            new(2, Udp(B6, A6, 53, 1000), "+est+rpl+snat"),
        ]);
        yield return new Scenario("source and destination port", Translating(family => SourceNat(family) with
        { Ports = new(4000, 4000) }),
        [
            new(1, Udp(A, B, 1000, 53), "+new+snat"), new(2, Udp(B, Public, 53, 4000), "+est+rpl+dnat"),
            new(1, Udp(A, B, 1001, 53), "+new"), new(1, Udp(A, "10.0.0.3", 1001, 53), "+new+snat"),
        ]);
        yield return new Scenario("translation to a port", Translating(family => DestinationNat(family) with
        { Ports = new(8080, 8080) }),
        [
            new(1, Tcp(A, Public, (1000, 80), Syn, (9, 0, 0)), "+new+dnat"),
            new(2, Tcp(B, A, (8080, 1000), Syn | Ack, (4, 10, 0)), "+est+rpl+snat"),
        ]);
        var sent = Udp(A, B, 1000, 53, 40);
        var seen = Udp(Public, B, 1000, 53, 40);
        yield return new Scenario("an error about what was translated", Translating(SourceNat),
            [new(1, sent, "+new+snat"), new(2, Error("10.0.0.9", 3, 1, seen), "+rel+rpl+dnat")]);
        var sent6 = Udp(A6, Public6, 1000, 53, 40);
        var seen6 = Udp(A6, B6, 1000, 53, 40);
        yield return new Scenario("an error about what was translated in ipv6", Translating(DestinationNat),
            [new(1, sent6, "+new+dnat"), new(2, Error(B6, 1, 4, seen6, 80), "+rel+rpl+snat")]);
        yield return new Scenario("a packet from outside that belongs to nothing", Translating(SourceNat),
            [new(2, Udp(B, Public, 53, 1000), "+new"), new(2, Udp(B, Public, 53, 1000), "+new")]);
        var pieces = Fragments(Udp(A, B, 1000, 53, 3000), 1280);
        yield return new Scenario("fragments that are translated", Translating(SourceNat),
            [new(1, pieces[0], ""), new(1, pieces[1], ""), new(1, pieces[2], "+new+snat +new+snat +new+snat")]);
    }
}

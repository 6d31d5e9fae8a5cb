using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 40, 42, 46 and 80, 82, 86: the connections of each protected port, in a zone of its own. A packet between two
/// protected ports passes both: it must be allowed to leave the one and to enter the other.
/// </summary>
internal static class Conntrack
{
    private const CtState Tracked = CtState.Tracked;

    /// <summary>Where a packet goes that may leave its port.</summary>
    private const byte AfterEgress = Tables.EgressNetworkAcl;

    /// <summary>Where a packet goes that may enter its port.</summary>
    private const byte AfterIngress = Tables.IngressNetworkAcl;

    /// <summary>What happens between the tables that ports and groups write.</summary>
    public static readonly IReadOnlyList<Flow> Always =
    [
        .. Direction(Tables.EgressDirection, View.Egress, View.IngressReply, Tables.EgressGroups, AfterEgress),
        .. Verdict(Tables.EgressVerdict, Registers.SourcePort, AfterEgress),
        .. Direction(Tables.IngressDirection, View.Ingress, View.EgressReply, Tables.IngressGroups, AfterIngress),
        .. Verdict(Tables.IngressVerdict, Registers.TargetPort, AfterIngress),
        // ARP is answered before it comes here, but for the addresses of allowed address pairs; so is discovery.
        Pass(Match.Empty.EthType(EtherTypes.Arp)),
        Pass(Match.Empty.Icmpv6(Ipv6IcmpTypes.NeighborSolicitation)),
        Pass(Match.Empty.Icmpv6(Ipv6IcmpTypes.NeighborAdvertisement)),
        new(Tables.Output, Priorities.Entry, Match.Empty,
            new FlowAction.OutputRegister(Field.Register(Registers.TargetPort).Whole)) { Cookie = Cookies.Skeleton },
    ];

    /// <summary>What a port sends.</summary>
    public static IEnumerable<Flow> FromPort(uint key, Protection protection, ulong cookie)
    {
        var from = Registers.From(key);
        return protection switch
        {
            Protection.Stateful => Track(
                Tables.EgressConntrack, from, Registers.SourcePort, Tables.EgressDirection, cookie),
            Protection.Stateless =>
                [Ask(Tables.EgressConntrack, from, View.Egress, Tables.EgressGroups) with { Cookie = cookie }],
            _ => [Skip(Tables.EgressConntrack, from, AfterEgress) with { Cookie = cookie }],
        };
    }

    /// <summary>What is for a port.</summary>
    public static IEnumerable<Flow> ToPort(uint key, Protection protection, ulong cookie)
    {
        var to = Registers.To(key);
        return protection switch
        {
            Protection.Stateful => Track(
                Tables.IngressConntrack, to, Registers.TargetPort, Tables.IngressDirection, cookie),
            Protection.Stateless =>
                [Ask(Tables.IngressConntrack, to, View.Ingress, Tables.IngressGroups) with { Cookie = cookie }],
            _ => [Skip(Tables.IngressConntrack, to, AfterIngress) with { Cookie = cookie }],
        };
    }

    private static IEnumerable<Flow> Track(byte table, Match match, int zone, byte next, ulong cookie) =>
        new[] { EtherTypes.Ipv4, EtherTypes.Ipv6 }.Select(type =>
            new Flow(table, Priorities.Entry, match.EthType(type), FlowAction.ConnectionTrack.Lookup(Zone(zone), next))
            {
                Cookie = cookie,
            });

    private static Flow Ask(byte table, Match match, View view, byte next) => new(table, Priorities.Entry, match,
        [new Instruction.ApplyActions([.. Question(view)]), new Instruction.GotoTable(next)]);

    private static Flow Skip(byte table, Match match, byte next) =>
        new(table, Priorities.Entry, match, [new Instruction.GotoTable(next)]);

    private static Flow Pass(Match match) =>
        Skip(Tables.IngressConntrack, match, AfterIngress) with
        {
            Priority = Priorities.Own, Cookie = Cookies.Skeleton,
        };

    /// <summary>A packet that the port before has passed has a verdict already.</summary>
    private static IEnumerable<FlowAction> Question(View view) =>
        [Registers.Load(Registers.View, (uint)view), Registers.Load(Registers.Verdict, 0)];

    private static IEnumerable<Flow> Direction(byte table, View original, View reply, byte groups, byte next)
    {
        var related = CtState.Related | Tracked;
        var answers = CtState.ReplyDirection | Tracked;
        return new[]
        {
            new Flow(table, Priorities.Forbidden, Match.Empty.CtState(CtState.Invalid | Tracked,
                CtState.Invalid | Tracked)),
            // An error about a connection (RFC 792), which nobody could have written a rule for.
            Skip(table, Match.Empty.CtState(related, related), next) with { Priority = Priorities.Own },
            Ask(table, Match.Empty.CtState(answers, answers), reply, groups),
            Ask(table, Match.Empty.CtState(Tracked, answers), original, groups),
        }.Select(flow => flow with { Cookie = Cookies.Skeleton });
    }

    private static IEnumerable<Flow> Verdict(byte table, int zone, byte next)
    {
        var allowed = Match.Empty.Register(Registers.Verdict, Registers.Allowed);
        var starts = CtState.New | Tracked;
        return new[] { EtherTypes.Ipv4, EtherTypes.Ipv6 }.SelectMany(type =>
            {
                var first = allowed.CtState(starts, starts).EthType(type);
                return new[]
                {
                    new Flow(table, Priorities.Own, first,
                    [
                        new Instruction.ApplyActions([FlowAction.ConnectionTrack.CommitIn(Zone(zone))]),
                        new Instruction.GotoTable(next),
                    ]),
                    // Tracking holds fragments until it has all, and then all go on with the last that came. Each is
                    // looked at anew, or the first would pass as one that has no ports does.
                    new Flow(table, Priorities.Forbidden, first.NwFragment(NwFragment.Yes),
                        FlowAction.ConnectionTrack.CommitIn(Zone(zone)) with { Table = next }),
                };
            })
            .Append(Skip(table, allowed, next))
            .Select(flow => flow with { Cookie = Cookies.Skeleton });
    }

    private static Subfield Zone(int register) => Field.Register(register).Bits(0, 16);
}

/// <summary>How a port is protected.</summary>
internal enum Protection
{
    /// <summary>Port security is not enabled.</summary>
    None,

    /// <summary>Answers to what was allowed are allowed.</summary>
    Stateful,

    /// <summary>Its groups are stateless: each direction has rules of its own.</summary>
    Stateless,
}

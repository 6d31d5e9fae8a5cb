using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using static Alcor.Reachability.Tests.Mutation;

namespace Alcor.Reachability.Tests;

/// <content>Connections and the rules of security groups.</content>
internal static partial class Mutations
{
    private static IEnumerable<Mutation> OfConnections =>
    [
        Without("invalid packets are not dropped", flow => flow is
            { Table: Tables.EgressDirection or Tables.IngressDirection, Priority: 300 }),
        With("what is established is never asked again",
            Established(Tables.EgressDirection, Tables.EgressNetworkAcl),
            Established(Tables.IngressDirection, Tables.IngressNetworkAcl)),
        OfActions("connections out are not remembered", Tables.EgressVerdict, Forget),
        OfActions("connections in are not remembered", Tables.IngressVerdict, Forget),
        OfActions("the sender's connections are another port's", Tables.EgressConntrack, InZone(Field.Register(4))),
        OfActions("the receiver's connections are the sender's", Tables.IngressConntrack, InZone(Field.Register(3))),
        OfActions("replies out are asked for as if they began", Tables.EgressDirection, Seen(3, 2)),
        OfActions("replies in are asked for as if they began", Tables.IngressDirection, Seen(4, 1)),
        OfActions("what the sender's groups said counts for the receiver's", Tables.IngressDirection, action =>
            action is FlowAction.Load load && load.Target.Field == Verdict ? [] : [action]),
        OfActions("what the sender's stateless groups said counts", Tables.IngressConntrack, action =>
            action is FlowAction.Load load && load.Target.Field == Verdict ? [] : [action]),
        Without("a first fragment goes the way of the last", flow => flow is
            { Table: Tables.EgressVerdict, Priority: 300 }),
        OfFlow("what no group allows leaves", Tables.EgressVerdict, flow => Passed(flow, Tables.EgressNetworkAcl)),
        OfFlow("what no group allows enters", Tables.IngressVerdict, flow => Passed(flow, Tables.IngressNetworkAcl)),
        OfFlow("nobody asks for what is for a port here", Tables.Forward, flow => flow with
        {
            Instructions = flow.Instructions
                .Select(one => one is Instruction.GotoTable { Table: Tables.IngressConntrack }
                    ? new Instruction.GotoTable(Tables.IngressNetworkAcl)
                    : one).ToValueList(),
        }),
    ];

    private static IEnumerable<Mutation> OfRules =>
    [
        Without("no reply is let out", flow => IsSeen(flow, 3)),
        Without("no reply is let in", flow => IsSeen(flow, 4)),
        Unasked("everybody is in every remote group, coming in", Tables.RemoteSources, Field.Ipv4Src, Field.Ipv6Src),
        Unasked("everybody is in every remote group, going out", Tables.RemoteDestinations,
            Field.Ipv4Dst, Field.Ipv6Dst),
        OfActions("remotes are not asked for", Tables.SecurityGroups, action =>
            action is FlowAction.Resubmit { Table: not Tables.SecurityGroupRules } ? [] : [action]),
        OfFlow("a port range is cut at a power of two", Tables.SecurityGroupRules,
            flow => Widened(Widened(flow, Field.TcpDst), Field.UdpDst)),
        Unasked("replies may come from any port", Tables.SecurityGroupRules, Field.TcpSrc, Field.UdpSrc),
        Unasked("ports do not count", Tables.SecurityGroupRules, Field.TcpDst, Field.UdpDst),
        Unasked("the type of ICMP does not count", Tables.SecurityGroupRules, Field.Icmpv4Type, Field.Icmpv4Code),
        Unasked("the type of ICMPv6 does not count", Tables.SecurityGroupRules, Field.Icmpv6Type, Field.Icmpv6Code),
        Unasked("the direction of a rule does not count", Tables.SecurityGroupRules, View),
        Unasked("a rule is everybody's", Tables.SecurityGroupRules, [.. Enumerable.Range(8, 4).Select(Field.Register)]),
        Unasked("a rule's remote does not count", Tables.SecurityGroupRules,
            [.. Enumerable.Range(12, 4).Select(Field.Register)]),
    ];

    private static Flow Established(byte table, byte next) => new(table, 280,
        Match.Empty.With(Field.CtState, 0x22, 0x22), [new Instruction.GotoTable(next)]);

    private static IEnumerable<FlowAction> Forget(FlowAction action) =>
        action is FlowAction.ConnectionTrack { Commit: true } ? [] : [action];

    private static Func<FlowAction, IEnumerable<FlowAction>> InZone(Field register) => action =>
        action is FlowAction.ConnectionTrack track ? [track with { Zone = register.Bits(0, 16) }] : [action];

    private static Func<FlowAction, IEnumerable<FlowAction>> Seen(ulong view, ulong other) => action =>
        action is FlowAction.Load load && load.Target.Field == View && load.Value == view
            ? [new FlowAction.Load(load.Target, other)]
            : [action];

    private static bool IsSeen(Flow flow, uint view) =>
        flow.Table == Tables.SecurityGroups && flow.Match.Find(View) is { } seen && seen.Value == view;

    private static Flow Passed(Flow flow, byte next) => flow.Priority == 0
        ? flow with { Instructions = [new Instruction.GotoTable(next)] }
        : flow;

    private static Flow Widened(Flow flow, Field port) =>
        flow.Match.Find(port) is { } demand && (demand.Mask << 1 & port.Ones) is var mask && mask != 0
            ? flow with
            {
                Match = Filtered(flow.Match, one => one.Field != port).With(port, demand.Value & mask, mask),
            }
            : flow;
}

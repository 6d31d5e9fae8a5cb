using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using static Alcor.Reachability.Tests.Mutation;

namespace Alcor.Reachability.Tests;

/// <content>Routers.</content>
internal static partial class Mutations
{
    private static IEnumerable<Mutation> OfRouters =>
    [
        OfActions("hops are not counted", Tables.Routes, action => action is FlowAction.DecrementTtl ? [] : [action]),
        OfActions("a routed packet stays in its network", Tables.Routes, action =>
            action is FlowAction.Load load && load.Target.Field == Network ? [] : [action]),
        OfActions("a routed packet seems to come from the machine", Tables.Routes, action =>
            action is FlowAction.SetField set && set.Field == Field.EthSrc ? [] : [action]),
        OfActions("a routed packet keeps the router's address", Tables.NextHops, action =>
            action is FlowAction.SetField set && set.Field == Field.EthDst ? [] : [action]),
        OfFlow("the shortest prefix wins", Tables.Routes, flow => flow.Priority >= 1000
            ? flow with { Priority = (ushort)(2000 - flow.Priority) }
            : flow),
        OfActions("next hops are passed over", Tables.Routes, action =>
            action is FlowAction.Load load && load.Target.Field == Field.Register(6)
                ? [new FlowAction.Move(Field.Ipv4Dst.Whole, Field.Register(6).Whole)]
                : [action]),
        Without("routers do not answer", flow => flow is { Table: Tables.Routers, Priority: 300 }),
        OfActions("a router's answer goes out as it came", Tables.Routers, action =>
            action is FlowAction.Move ? [] : [action]),
        Without("routers of other hosts have no name", flow => flow is { Table: Tables.Classify, Priority: 110 }),
    ];
}

using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using static Alcor.Reachability.Tests.Mutation;

namespace Alcor.Reachability.Tests;

/// <content>What is outside: gateways, floating IPs and port forwardings.</content>
internal static partial class Mutations
{
    private const CtState Translated = CtState.SourceTranslated | CtState.DestinationTranslated;

    private static IEnumerable<Mutation> OfGateways =>
    [
        OfFlow("nobody gets the gateway's address", Tables.Gateways, flow => flow.Priority == 100
            ? Doing(flow, action => action is FlowAction.ConnectionTrack track
                ? [track with { Actions = [FlowAction.Nat.Existing] }]
                : [action])
            : flow),
        Without("nobody gets its floating IP", flow => flow is { Table: Tables.Gateways, Priority: 200 }),
        Unasked("a floating IP is everybody's on its host", Tables.Gateways, Field.Ipv4Src),
        OfActions("floating IPs lead to another machine", Tables.RouterPorts, ToAnother),
        OfActions("forwarded ports lead to another machine", Tables.Routers, ToAnother),
        Unasked("a forwarded port is every port", Tables.Routers, Field.TcpDst, Field.UdpDst),
        OfActions("forwarded ports stay what they are", Tables.Routers, action =>
            action is FlowAction.ConnectionTrack track
                ? [track with { Actions = track.Actions.Select(WithoutPorts).ToValueList() }]
                : [action]),
        OfActions("answers from outside are not translated back", Tables.RouterPorts, Untranslated),
        OfActions("answers to outside are not translated back", Tables.Gateways, Untranslated),
        OfActions("what comes from outside is looked for in another zone", Tables.RouterPorts, InOtherZone),
        OfActions("what leaves is looked for in another zone", Tables.Gateways, InOtherZone),
        OfActions("what comes back in is still what went out", Tables.NextHops, action =>
            action is FlowAction.ClearConnectionTracking ? [] : [action]),
        OfFlow("what was translated is taken for what could not be", Tables.Departure, flow => flow with
        {
            Match = flow.Match.Find(Field.CtState) is { } state && (state.Value & (uint)CtState.New) != 0
                ? Filtered(flow.Match, demand => demand.Field != Field.CtState)
                    .With(Field.CtState, state.Value, state.Mask & ~(UInt128)(uint)Translated)
                : flow.Match,
        }),
        Without("what belongs to no connection leaves as it is", flow => flow is
            { Table: Tables.Departure, Priority: 300 }
            && (flow.Match.Find(Field.CtState) is not { } state || (state.Value & (uint)CtState.Invalid) != 0)),
        Without("what could not be translated leaves as it is", flow => flow is
            { Table: Tables.Departure, Priority: 300 }
            && flow.Match.Find(Field.CtState) is { } state && (state.Value & (uint)CtState.New) != 0),
        Without("a router sends back outside what came from there", flow => flow is
            { Table: Tables.Gateways, Priority: 300 }),
        OfActions("hops outside are not counted", Tables.Departure, action =>
            action is FlowAction.DecrementTtl ? [] : [action]),
        OfActions("what leaves comes from the machine, by its MAC address", Tables.Departure, action =>
            action is FlowAction.SetField set && set.Field == Field.EthSrc ? [] : [action]),
        Without("a floating IP leaves by the MAC address of the gateway", flow => flow is
            { Table: Tables.Departure, Priority: 200 }),
        Without("nobody outside is known", flow => flow.Table == Tables.NextHops
            && Cookies.KindOf(flow.Cookie) == EntryKind.Network),
        Without("nobody outside is told who has an address", flow => flow is
            { Table: Tables.Outside, Priority: 100 }),
        Without("the host of the gateway does not take what others send there", flow => flow is
            { Table: Tables.Forward, Priority: 100 } && flow.Match.Find(Field.Register(1)) is { } origin
            && origin.Value == 2),
        Without("other hosts do not know where the gateway is", flow => flow.Table == Tables.Gateways
            && flow.Match.Find(Field.Register(0)) is { IsExact: false }),
        Without("an error about a connection does not come in", flow => flow is
            { Table: Tables.IngressDirection, Priority: 200 }),
        Without("an error about a connection does not go out", flow => flow is
            { Table: Tables.EgressDirection, Priority: 200 }),
        OfValue("every router translates", EntryKind.Router, RouterEntry.Parser, router =>
        {
            if (router.Gateway is not null)
                router.Gateway.EnableSnat = true;
        }),
        OfValue("floating IPs are where their port is", EntryKind.FloatingIp, FloatingIpEntry.Parser,
            ip => ip.OnGateway = false),
        Lasting("a floating IP that ended leads on", EntryKind.FloatingIp),
        Lasting("a port forwarding that ended leads on", EntryKind.PortForwarding),
    ];

    private static IEnumerable<FlowAction> Untranslated(FlowAction action) =>
        action is FlowAction.ConnectionTrack track ? [track with { Actions = [] }] : [action];

    private static IEnumerable<FlowAction> InOtherZone(FlowAction action) =>
        action is FlowAction.ConnectionTrack track ? [track with { Zone = 7 }] : [action];

    private static IEnumerable<FlowAction> ToAnother(FlowAction action) =>
        action is FlowAction.ConnectionTrack track
            ? [track with { Actions = track.Actions.Select(Elsewhere).ToValueList() }]
            : [action];

    private static FlowAction Elsewhere(FlowAction action) =>
        action is FlowAction.Nat { Ipv4: { } range } nat
            ? nat with { Ipv4 = new NatRange<Ipv4Address>(new(range.First.Value ^ 1), new(range.First.Value ^ 1)) }
            : action;

    private static FlowAction WithoutPorts(FlowAction action) =>
        action is FlowAction.Nat nat ? nat with { Ports = null } : action;
}

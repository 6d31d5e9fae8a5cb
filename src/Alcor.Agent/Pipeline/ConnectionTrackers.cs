using System.Net;
using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Connections that are looked into where they are translated, for the further ones that their ends agree on in them
/// (RFC 2663 section 2.9; ovs-actions(7), "alg"): addresses in them are translated, and what was agreed on may come.
/// </summary>
internal static class ConnectionTrackers
{
    private const CtState Agreed = CtState.New | CtState.Related | CtState.Tracked;

    /// <summary>Open vSwitch knows how to look into it.</summary>
    public static bool IsKnown(ConnectionTrackerValue helper) => AlgOf(helper) is not null;

    /// <summary>
    /// The flows of a router, and for each that begins a translated connection one more for every helper that the
    /// connection may be for, by the port that it is made to before translation (Neutron's L3 conntrack helpers).
    /// </summary>
    public static IEnumerable<Flow> Watched(this IEnumerable<Flow> flows, IEnumerable<ConnectionTrackerValue> helpers)
    {
        var known = helpers.Where(IsKnown).ToList();
        return flows.SelectMany(flow => known.Select(helper => Watched(flow, helper)).OfType<Flow>().Prepend(flow));
    }

    /// <summary>
    /// What was agreed on comes to an address that leads to several machines. The switch remembers to which of them.
    /// </summary>
    public static IEnumerable<Flow> Expect(
        GatewaySide side, IPAddress? outside, IEnumerable<ConnectionTrackerValue> helpers) =>
        outside is null || !helpers.Any(IsKnown)
            ? []
            :
            [
                new(Tables.Routers, Above(Priorities.Own),
                    Routing.At(side.Router).Register(Registers.Network, side.Network).CtState(Agreed, Agreed)
                        .IpDestination(outside.Alone()),
                    new FlowAction.ConnectionTrack
                    {
                        Commit = true, Zone = side.Zone, Table = Tables.Routers, Actions = [FlowAction.Nat.Existing],
                    }),
            ];

    /// <summary>Null: the flow translates nothing that the helper is for.</summary>
    private static Flow? Watched(Flow flow, ConnectionTrackerValue helper)
    {
        if (flow.Instructions is not [Instruction.ApplyActions { Actions: [FlowAction.ConnectionTrack track] }]
            || !track.Commit)
        {
            return null;
        }
        var (field, watched) = (helper.Protocol == Protocols.Tcp ? Field.TcpDst : Field.UdpDst,
            track with { Alg = AlgOf(helper)!.Value });
        if (flow.Match.Find(Field.IpProto) is null)
        {
            return new(flow.Table, Above(flow.Priority),
                flow.Match.IpProto(helper.Protocol).With(field, helper.Port), watched);
        }
        // A port forwarding, whose port is the one that is asked for.
        return flow.Match.Find(field)?.Value == helper.Port
            ? new(flow.Table, Above(flow.Priority), flow.Match, watched)
            : null;
    }

    private static ushort Above(ushort priority) => (ushort)(priority + 1);

    private static ushort? AlgOf(ConnectionTrackerValue helper) => (helper.Name, helper.Protocol) switch
    {
        ("ftp", Protocols.Tcp) => 21,
        ("tftp", Protocols.Udp) => 69,
        _ => null,
    };
}

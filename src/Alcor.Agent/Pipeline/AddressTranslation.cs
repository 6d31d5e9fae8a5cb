using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// What a flow does to the beginnings of connections (RFC 3022). Connections keep their addresses by themselves, so
/// those that a flow has begun would outlive it: a floating IP that has moved would still lead to the machine before.
/// </summary>
/// <param name="Connections">Those that it has begun.</param>
/// <param name="Nat">What they got.</param>
public readonly record struct AddressTranslation(ConnectionFilter Connections, FlowAction.Nat Nat)
{
    /// <summary>Null: the flow translates nothing.</summary>
    public static AddressTranslation? Of(Flow flow)
    {
        // The last that a flow does here, in few flows of many.
        return flow.Instructions is [.., Instruction.ApplyActions
        {
            Actions: [.., FlowAction.ConnectionTrack { Commit: true } tracked],
        }]
            && tracked.Actions.OfType<FlowAction.Nat>().FirstOrDefault() is { Ipv4: { } range } nat
            ? new(Begun(flow.Match, tracked.Zone.Number, nat, range.First), nat)
            : null;
    }

    private static ConnectionFilter Begun(Match match, ushort zone, FlowAction.Nat nat, Ipv4Address address) =>
        nat.Kind == NatKind.Source
            ? new(zone) { Source = AddressIn(match, Field.Ipv4Src), ReplyTarget = address }
            : new(zone)
            {
                Target = AddressIn(match, Field.Ipv4Dst),
                ReplySource = address,
                Protocol = (byte)(match.Find(Field.IpProto)?.Value ?? 0),
                TargetPort = (ushort)((match.Find(Field.TcpDst) ?? match.Find(Field.UdpDst))?.Value ?? 0),
            };

    private static Ipv4Address? AddressIn(Match match, Field field) =>
        match.Find(field) is { IsExact: true } demand ? new Ipv4Address((uint)demand.Value) : null;
}

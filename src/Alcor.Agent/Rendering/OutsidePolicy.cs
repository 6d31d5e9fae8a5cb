using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>
/// What holds for the traffic of a port outside on this host: the policy of the floating IP or of the gateway that has
/// it, else that of its network (Neutron's qos_network_policy_id).
/// </summary>
/// <param name="Value">Null: there is none, or it is not known.</param>
/// <param name="Problem">Until the policy is known, nothing is limited.</param>
internal sealed record OutsidePolicy(QosPolicyValue? Value, EntryProblem? Problem)
{
    /// <summary>By which its meters have ids; null: nothing is limited.</summary>
    private uint? Key { get; init; }

    public IReadOnlyList<Meter> Meters =>
        Value is { } policy && Key is { } key ? [.. Limits.Meters(key, policy)] : [];

    /// <param name="router">Whose gateway it is, or floating IP.</param>
    /// <param name="mac">Of the port outside.</param>
    /// <param name="own">Null: it has no policy of its own.</param>
    public static OutsidePolicy Of(HostModel model, Guid router, MacAddress mac, Guid? own)
    {
        var port = new OutsidePort(model.Router(router)!.Gateway!.NetworkId, mac);
        if (IdOf(model, port, own) is not { } id)
            return new(Value: null, Problem: null);
        return model.Qos.Find(id) is { } policy
            ? new(policy, Problem: null) { Key = model.KeyOf(port) }
            : new(Value: null, EntryProblem.Waiting($"QoS policy {id:D} has not arrived"));
    }

    /// <summary>The policy of a floating IP, a port forwarding or the gateway of a router, known or not; null:
    /// none.</summary>
    public static Guid? IdOf(HostModel model, EntryAddress address) =>
        Holder(model, address) is var (port, own, _) ? IdOf(model, port, own) : null;

    /// <summary>The port outside whose traffic is limited on this host because of an entry; null: none.</summary>
    public static OutsidePort? LimitedPort(HostModel model, EntryAddress address) =>
        Holder(model, address) is var (port, own, inside)
            && IdOf(model, port, own) is { } id
            && model.Qos.Find(id) is { Limits.Count: > 0 }
            && GatewayRenderer.Side(model, Partitions.RouterOf(address)!.Value, inside) is not null
            ? port
            : null;

    /// <summary>Ways through an address, with what counts them.</summary>
    public IEnumerable<Flow> Count(IEnumerable<Flow> ways) => Value is { } policy && Key is { } key
        ? ways.SelectMany(way => GatewayLimits.Count(way, key, policy))
        : ways;

    private static Guid? IdOf(HostModel model, OutsidePort port, Guid? own) =>
        own ?? model.Network(port.Network)?.Value?.QosPolicy;

    /// <summary>
    /// The port outside that an entry is about, and its own policy; the port inside whose host has it, null if that is
    /// the host of the gateway. Null: it is about none.
    /// </summary>
    private static (OutsidePort Port, Guid? Own, Guid? Inside)? Holder(HostModel model, EntryAddress address)
    {
        if (Partitions.RouterOf(address) is not { } router || model.Router(router)?.Gateway is not { } gateway)
            return null;
        if (address.Key.Kind == EntryKind.Router)
            return (new OutsidePort(gateway.NetworkId, gateway.Mac), gateway.QosPolicy, null);
        return model.Outside(address) switch
        {
            FloatingIpValue ip =>
                (new OutsidePort(gateway.NetworkId, ip.Mac), ip.QosPolicy, ip.IsOnGateway ? null : ip.PortId),
            PortForwardingValue forwarding =>
                (new OutsidePort(gateway.NetworkId, forwarding.Mac), forwarding.QosPolicy, null),
            _ => null,
        };
    }
}

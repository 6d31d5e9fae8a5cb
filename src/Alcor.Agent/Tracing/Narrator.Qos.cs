using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

internal sealed partial class Narrator
{
    /// <summary>Which limit counts it. How much else is sent is not known here, so none drops it.</summary>
    private string? Limited(Scene scene, bool isEgress, bool isPackets)
    {
        if (PolicyOf(scene, isEgress) is not var (port, id, policy)
            || scene.Visit.Flow?.MeterId is null
            || policy.Limit(isEgress, isPackets) is not { } limit)
        {
            return null;
        }
        return $"counts towards the {Rate(limit)} that {names.Of("port", port)} may {(isEgress ? "send" : "receive")} "
            + $"by {names.Of("QoS policy", id)}";
    }

    /// <summary>As <see cref="Limited"/>, of a floating IP, of one of its port forwardings, or of a gateway.</summary>
    private string? LimitedOutside(Scene scene, bool isEgress, bool isPackets)
    {
        if (scene.IsDrop)
            return $"no flow of table {Tables.NameOf(scene.Visit.Table)} is for it: dropped";
        if (scene.Visit.Flow?.MeterId is null || scene.Owner is not { } owner
            || scene.Host.Renderer.OutsidePolicyOf(owner) is not { } id
            || scene.Host.State.Find<QosPolicyValue>(EntryKind.QosPolicy, id)?.Limit(isEgress, isPackets)
                is not { } limit)
        {
            return null;
        }
        var who = owner.Key.Kind == EntryKind.Router ? $"the gateway of {Thing(owner)}" : Thing(owner);
        return $"counts towards the {Rate(limit)} that may {(isEgress ? "leave" : "come in")} by {who}, by "
            + names.Of("QoS policy", id);
    }

    private static string Rate(QosLimitValue limit) =>
        $"{limit.Rate} {(limit.IsPackets ? "packets" : "kilobits")} a second";

    private string? Marked(Scene scene) =>
        scene.Owner is not null && PolicyOf(scene, isEgress: true) is var (_, id, policy)
            ? $"is marked with DSCP {policy.Dscp} by {names.Of("QoS policy", id)}"
            : null;

    /// <summary>Null: the port has none, or it is not known.</summary>
    private static (Guid Port, Guid Id, QosPolicyValue Policy)? PolicyOf(Scene scene, bool isEgress) =>
        scene.PortIn(isEgress ? Registers.SourcePort : Registers.TargetPort) is { } port
            && scene.Host.State.Find<PortValue>(EntryKind.Port, port)?.QosPolicy is { } id
            && scene.Host.State.Find<QosPolicyValue>(EntryKind.QosPolicy, id) is { } policy
            ? (port, id, policy)
            : null;
}

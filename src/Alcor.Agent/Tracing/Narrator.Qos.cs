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
        var rate = $"{limit.Rate} {(isPackets ? "packets" : "kilobits")} a second";
        return $"counts towards the {rate} that {names.Of("port", port)} may {(isEgress ? "send" : "receive")} by "
            + names.Of("QoS policy", id);
    }

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

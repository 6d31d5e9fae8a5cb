using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.Qos;

/// <summary>Where a policy can hold: bandwidth is guaranteed only on what a physical network carries.</summary>
internal static class QosSupport
{
    /// <summary>An error if a rule of its policy cannot hold for a port.</summary>
    public static ApiError? Check(Port port, Networks.Network network, DecideContext context) =>
        PolicyOf(port.EffectiveQosPolicyId, context) is { } policy
            ? FindUnsupported(policy, network, kind => QosErrors.RuleNotSupported(kind, port.Id))
            : null;

    /// <summary>An error if a rule of its policy cannot hold in a network.</summary>
    public static ApiError? Check(Networks.Network network, DecideContext context) =>
        PolicyOf(network.QosPolicyId, context) is { } policy
            ? FindUnsupported(policy, network, kind => QosErrors.RuleNotSupportedByNetwork(kind, network.Id))
            : null;

    /// <summary>
    /// An error if a policy whose rules changed cannot hold any longer for all who follow it, or if what they guarantee
    /// has been counted by Placement for a machine already.
    /// </summary>
    /// <param name="kind">Of the rule that changed.</param>
    public static ApiError? CheckUsers(QosPolicy policy, QosRuleKind kind, DecideContext context)
    {
        if (!ResourceRequest.Counts(kind))
            return null;
        var users = UsersOf(policy, context);
        foreach (var port in users)
        {
            if (context.Read(Networks.Network.Type, port.NetworkId)?.Value is { } network
                && FindUnsupported(policy, network, one => QosErrors.RuleNotSupported(one, port.Id)) is { } error)
                return error;
        }
        return users.Exists(port => port.DeviceOwner.StartsWith(DeviceOwner.ComputePrefix, StringComparison.Ordinal))
            ? QosErrors.CountedByPlacement
            : null;
    }

    /// <summary>What was concluded of a policy is still so at the commit.</summary>
    /// <param name="id">Null: there is none.</param>
    public static Decision RestsOnPolicy(this Decision decision, string? id, DecideContext context) =>
        id is null ? decision : decision.RestsOn(QosPolicy.Type, id, context.Read(QosPolicy.Type, id));

    public static QosPolicy? PolicyOf(string? id, DecideContext context) =>
        id is null ? null : context.Read(QosPolicy.Type, id)?.Value;

    private static ApiError? FindUnsupported(
        QosPolicy policy, Networks.Network network, Func<QosRuleKind, ApiError> error) =>
        network.FirstPhysicalNetwork is null && policy.RulesOf(QosRuleKind.MinimumBandwidth).Any()
            ? error(QosRuleKind.MinimumBandwidth)
            : null;

    /// <summary>The ports that have it themselves, or from their network.</summary>
    private static List<Port> UsersOf(QosPolicy policy, DecideContext context)
    {
        var key = QosPolicy.Type.Key(policy.Id);
        var ofNetworks =
            from network in context.Referrers(key, Networks.Network.Type, int.MaxValue)
            from port in context.Referrers(Networks.Network.Type.Key(network.Value.Id), Port.Type, int.MaxValue)
            where port.Value.EffectiveQosPolicyId == policy.Id
            select port.Value;
        return [.. context.Referrers(key, Port.Type, int.MaxValue).Select(port => port.Value), .. ofNetworks];
    }
}

using Alcor.Kernel.Resources;

namespace Alcor.Network.Qos;

/// <summary>Which rules can be in one policy.</summary>
internal static class QosRuleChecks
{
    /// <param name="rule">A rule as it shall be, new or changed.</param>
    /// <param name="sets">Whether the request says its value: only then it is held against limits.</param>
    public static ApiError? Check(this QosPolicy policy, QosRule rule, bool sets)
    {
        foreach (var other in policy.Rules)
        {
            if (sets && IsBeyond(rule, other))
                return QosErrors.ParameterConflict(policy.Id, $"{rule.Value}", other.Kind, $"{other.Value}");
        }
        foreach (var other in policy.Rules.Where(other => other.Kind == rule.Kind && other.Id != rule.Id))
        {
            if (other.Direction != rule.Direction
                && (other.Direction == QosRuleKind.Any || rule.Direction == QosRuleKind.Any))
                return QosErrors.ParameterConflict(policy.Id, rule.Direction, other.Kind, other.Direction);
        }
        return policy.Rules.FirstOrDefault(other =>
            other.Id != rule.Id && other.Kind == rule.Kind && other.Direction == rule.Direction) is { } duplicate
            ? QosErrors.RulesConflict(policy.Id, rule.Kind, duplicate.Id)
            : null;
    }

    /// <summary>
    /// Whether more is to be guaranteed than is allowed; of whatever directions, since Neutron compares them so.
    /// </summary>
    private static bool IsBeyond(QosRule rule, QosRule other) => (rule.Kind, other.Kind) switch
    {
        ("bandwidth_limit", "minimum_bandwidth") => other.Value > rule.Value,
        ("minimum_bandwidth", "bandwidth_limit") => other.Value < rule.Value,
        _ => false,
    };
}

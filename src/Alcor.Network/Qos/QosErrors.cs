using Alcor.Kernel.Resources;

namespace Alcor.Network.Qos;

/// <summary>What Neutron refuses of QoS.</summary>
internal static class QosErrors
{
    public static ApiError DefaultAlreadyExists(string projectId) => ApiError.Conflict(
        "QoSPolicyDefaultAlreadyExists", $"A default QoS policy exists for project {projectId}.");

    public static ApiError PolicyRemoveAuthorizationError(string policyId) => new(
        403,
        "PolicyRemoveAuthorizationError",
        $"Failed to remove provided policy {policyId} because you are not authorized.");

    /// <param name="policyId">Empty when the request names none.</param>
    public static ApiError RuleNotFound(string policyId, string id) => new(
        404, "QosRuleNotFound", $"QoS rule {id} for policy {policyId} could not be found.");

    public static ApiError ParameterConflict(string policyId, string value, string existingKind, string existing) =>
        ApiError.Conflict(
            "QoSRuleParameterConflict",
            $"Unable to add the rule with value {value} to the policy {policyId} as the existing rule of type "
            + $"{existingKind} has value {existing}.");

    public static ApiError RuleNotSupported(QosRuleKind kind, string portId) => ApiError.Conflict(
        "QosRuleNotSupported", $"Rule {kind.Name} is not supported by port {portId}");

    public static ApiError RuleNotSupportedByNetwork(QosRuleKind kind, string networkId) => ApiError.Conflict(
        "QosRuleNotSupportedByNetwork", $"Rule {kind.Name} is not supported by network {networkId}");

    public static ApiError CountedByPlacement => new(
        501, "NotImplementedError", "Cannot update QoS policies/rules backed by resources tracked in Placement");

    public static ApiError RulesConflict(string policyId, string kind, string existingId) => ApiError.Conflict(
        "QoSRulesConflict",
        $"Rule {kind} conflicts with rule {existingId} which already exists in QoS Policy {policyId}.");
}

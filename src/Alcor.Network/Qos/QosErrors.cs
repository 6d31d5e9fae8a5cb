using Alcor.Kernel.Resources;

namespace Alcor.Network.Qos;

/// <summary>What Neutron refuses of QoS.</summary>
internal static class QosErrors
{
    public static ApiError DefaultAlreadyExists(string projectId) => ApiError.Conflict(
        "QoSPolicyDefaultAlreadyExists", $"A default QoS policy exists for project {projectId}.");
}

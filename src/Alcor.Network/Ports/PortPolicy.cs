using Alcor.Kernel.Resources;
using Alcor.Network.Qos;
using Alcor.Network.Sharing;

namespace Alcor.Network.Ports;

/// <summary>The QoS policy of a port.</summary>
internal static class PortPolicy
{
    /// <summary>The policy that a request names, if it is not there for the caller.</summary>
    public static ApiError? FindUnusable(Body body, Caller caller, DecideContext context)
    {
        if (body.Get(PortAttributes.QosPolicyId) is not { } id)
            return null;
        var policy = context.Read(QosPolicy.Type, id)?.Value;
        return policy is not null && Shares.MayUse(caller, policy.ProjectId, policy.Shares)
            ? null
            : QosPolicy.Type.Api.NotFound(id);
    }
}

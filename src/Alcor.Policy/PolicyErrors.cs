using Alcor.Kernel.Resources;

namespace Alcor.Policy;

/// <summary>How a refusal is told, in Neutron's words.</summary>
public static class PolicyErrors
{
    /// <summary>What a caller is told who may not even know that the resource exists.</summary>
    public static ApiError Hidden { get; } = new(404, "HTTPNotFound", "The resource could not be found.");

    /// <param name="rules">
    /// The rules that had to hold: <c>rule:create_port</c>, or <c>(rule:create_port and
    /// rule:create_port:mac_address)</c>.
    /// </param>
    public static ApiError Forbidden(string rules) =>
        new(403, "PolicyNotAuthorized", $"{rules} is disallowed by policy");
}

using Alcor.Kernel.Resources;
using Alcor.Policy;

namespace Alcor.Server.Api.Access;

/// <summary>Who may use an operation that is not one of a collection.</summary>
internal static class OperationAccess
{
    /// <summary>An error if the rule does not hold for the caller.</summary>
    public static ApiError? Refuse(this ApiServices services, Caller caller, string rule) =>
        services.Refuse(caller, rule, caller.ProjectId);

    /// <summary>The same for something that a project has.</summary>
    public static ApiError? Refuse(this ApiServices services, Caller caller, string rule, string project)
    {
        var policy = services.Policy.Current;
        return policy.For(caller).Allows(policy.FindOrDefault(rule), new OfProject(project))
            ? null
            : PolicyErrors.Forbidden($"rule:{rule}");
    }

    /// <summary>Neutron asks such rules with the caller's own project as the target.</summary>
    private sealed class OfProject(string id) : ITarget
    {
        public string? Text(string attribute) => attribute is "project_id" or "tenant_id" ? id : null;
    }
}

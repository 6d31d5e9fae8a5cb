using Alcor.Kernel.Resources;
using Alcor.Network.SecurityGroups;

namespace Alcor.Server.Api.Neutron;

/// <summary>
/// Lists of security groups, and of their rules, have the default group of the project in them, whether anything has
/// made it yet or not: that of the project that the list is filtered by, or else the caller's.
/// </summary>
internal static class DefaultGroups
{
    public static bool AreIn(IResourceType type) => type == SecurityGroup.Type || type == SecurityGroupRule.Type;

    public static async ValueTask EnsureAsync(ApiServices services, ApiCall call, ListRequest request)
    {
        var project = Filtered(request) ?? call.Caller.ProjectId;
        // Nobody but an administrator makes anything in another project.
        if (project.Length is 0 or > ServerLimits.ProjectIdCharactersMax
            || (project != call.Caller.ProjectId && !call.Caller.IsAdmin))
            return;
        var key = DefaultSecurityGroup.KeyOf(project);
        if (await services.Store.GetAsync(key, call.Aborted) is null)
            await services.Lanes.ExecuteAsync(new EnsureDefaultSecurityGroup(project));
    }

    private static string? Filtered(ListRequest request) => request.Filters
        .FirstOrDefault(filter => filter.Name is "project_id" or "tenant_id")?.Values.FirstOrDefault();
}

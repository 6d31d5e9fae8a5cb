using System.Collections.Frozen;
using Alcor.Kernel.Resources;

namespace Alcor.Policy.Language;

/// <summary>What the left side of a check may name: attributes of a caller, as oslo.context names them.</summary>
internal static class Credentials
{
    private static readonly FrozenDictionary<string, Func<Caller, IReadOnlyList<string>>> Readers =
        new Dictionary<string, Func<Caller, IReadOnlyList<string>>>(StringComparer.Ordinal)
        {
            ["user_id"] = caller => One(caller.UserId),
            ["user"] = caller => One(caller.UserId),
            ["project_id"] = caller => One(caller.ProjectId),
            ["tenant_id"] = caller => One(caller.ProjectId),
            ["tenant"] = caller => One(caller.ProjectId),
            ["project_name"] = caller => One(caller.ProjectName),
            ["tenant_name"] = caller => One(caller.ProjectName),
            ["domain_id"] = caller => One(caller.DomainId),
            ["domain"] = caller => One(caller.DomainId),
            ["system_scope"] = caller => One(caller.IsSystemScoped ? "all" : ""),
            ["system"] = caller => caller.IsSystemScoped ? ["all"] : [],
            ["is_admin"] = caller => [caller.IsAdmin ? "True" : "False"],
            // Deployments without an admin project, which are all that are left, have it true for everybody.
            ["is_admin_project"] = _ => ["True"],
            ["roles"] = caller => caller.Roles,
            ["service_roles"] = caller => caller.ServiceRoles,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Unknown = new[]
    {
        "user_name", "user_domain_id", "user_domain", "project_domain_id", "project_domain", "service_user_id",
        "service_user_domain_id", "service_project_id", "service_project_domain_id",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The values of a caller's attribute, of which one has to match; a caller has none of an unknown attribute.
    /// </summary>
    public static Func<Caller, IReadOnlyList<string>> Reader(string name) => Readers.GetValueOrDefault(name, _ => []);

    /// <summary>Whether other services know it, so that a rule would be meant seriously, and Alcor does not.</summary>
    public static bool IsMissing(string name) => Unknown.Contains(name);

    // As Python prints what is not there.
    private static string[] One(string value) => [value.Length == 0 ? "None" : value];
}

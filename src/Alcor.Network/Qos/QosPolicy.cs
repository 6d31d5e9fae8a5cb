using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.Qos;

/// <summary>What service the traffic of the ports and networks that name it is to have: its rules say so.</summary>
/// <param name="IsDefault">Whether new networks of its project get it; a project has at most one such.</param>
/// <param name="Rules">
/// Copies of its rules, by kind and then in order of creation: they are shown with it, and judged by each other.
/// </param>
public sealed record QosPolicy(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    bool IsDefault,
    ImmutableArray<QosRule> Rules,
    ImmutableArray<Share> Shares,
    ImmutableArray<string> Tags,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<QosPolicy> Type = new("qos_policy", "qos_policies")
    {
        Json = NetworkJson.Default.QosPolicy,
        Id = policy => policy.Id,
        Partition = policy => PartitionKey.QosPolicy(policy.Id),
        Claims = policy => policy.IsDefault ? [new Claim($"default-qos-policy/{policy.ProjectId}", 0)] : [],
        IndexedBy = [("name", policy => [policy.Name]), ("project_id", policy => [policy.ProjectId])],
        VisibleTo = policy => Sharing.Shares.VisibleTo(policy.ProjectId, policy.Shares),
        Tags = policy => policy.Tags,
        WithTags = (policy, tags, now) => policy with { Tags = tags, UpdatedAt = now },
        Api = new ApiNames("qos/policies", "policy", "policies")
        {
            NotFound = id => new ApiError(404, "QosPolicyNotFound", $"QoS policy {id} could not be found."),
            InUse = (id, by) => ApiError.Conflict(
                "QosPolicyInUse", $"QoS Policy {id} is used by {by.Type} {by.Id}."),
        },
        Attributes = QosPolicyAttributes.All,
    };

    public IEnumerable<QosRule> RulesOf(QosRuleKind kind) => Rules.Where(rule => rule.Kind == kind.Name);

    /// <summary>With a rule, in the place of the one with its id if there is such.</summary>
    public QosPolicy WithRule(QosRule rule)
    {
        var rules = Rules.Any(other => other.Id == rule.Id)
            ? Rules.Select(other => other.Id == rule.Id ? rule : other)
            : Rules.Append(rule);
        return this with { Rules = [.. rules.OrderBy(one => one.Kind, StringComparer.Ordinal)] };
    }

    /// <summary>An error if a request names a policy that is not there for the caller.</summary>
    internal static ApiError? FindUnusable(string? id, Caller caller, DecideContext context)
    {
        if (id is null)
            return null;
        return context.Read(Type, id)?.Value is { } policy
            && Sharing.Shares.MayUse(caller, policy.ProjectId, policy.Shares)
            ? null
            : Type.Api.NotFound(id);
    }

    /// <summary>
    /// An error if an update names a policy that is not there for the caller, or would take away one that is not.
    /// </summary>
    /// <param name="current">What the resource has now.</param>
    internal static ApiError? RefuseChange<T>(
        Body body, Attribute<T, string?> attribute, string? current, Caller caller, DecideContext context)
        where T : class
    {
        if (!body.Has(attribute))
            return null;
        return current is not null && FindUnusable(current, caller, context) is not null
            ? QosErrors.PolicyRemoveAuthorizationError(current)
            : FindUnusable(body.Get(attribute), caller, context);
    }

    /// <summary>
    /// The policy that new networks of a project get, or null. What refers to it afterwards is covered by that
    /// reference.
    /// </summary>
    public static string? DefaultOf(string projectId, DecideContext context) =>
        context.List(Type, "project_id", projectId).FirstOrDefault(policy => policy.Value.IsDefault).Value?.Id;
}

using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Quotas;

/// <summary>The limits that were set for a project; for all other types the defaults hold.</summary>
public sealed record ProjectQuota(string ProjectId, ImmutableSortedDictionary<string, long> Limits)
{
    public const long Unlimited = -1;

    /// <summary>Neutron's: what its column holds.</summary>
    public const long LimitMax = int.MaxValue;

    public static readonly ResourceType<ProjectQuota> Type = new("quota", "quotas")
    {
        Json = NetworkJson.Default.ProjectQuota,
        Id = quota => quota.ProjectId,
        Partition = quota => PartitionKey.Project(quota.ProjectId),
        Api = new ApiNames("quotas", "quota", "quotas")
        {
            NotFound = id => new ApiError(
                404, "TenantQuotaNotFound", $"Quota for tenant {id} could not be found."),
        },
    };

    /// <summary>What the project may have of each type for which there are quotas.</summary>
    public static IEnumerable<QuotaLimit> Effective(ProjectQuota? own, IEnumerable<QuotaLimit> defaults) =>
        own is null
            ? defaults
            : defaults.Select(limit => own.Limits.TryGetValue(limit.Type, out var set)
                ? limit with { Limit = set }
                : limit);
}

using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Quotas;

/// <summary>Sets limits of a project; those that are not named stay as they are.</summary>
public sealed record SetQuota(string ProjectId, IReadOnlyDictionary<string, long> Limits) : ICommand
{
    public PartitionKey Lane => PartitionKey.Project(ProjectId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (Limits.Count == 0)
            return new Decision();
        if (snapshot.Find(ProjectQuota.Type, ProjectId) is not { } found)
        {
            return new Decision().Create(
                ProjectQuota.Type, new ProjectQuota(ProjectId, Limits.ToImmutableSortedDictionary()));
        }
        var updated = found.Value with { Limits = found.Value.Limits.SetItems(Limits) };
        return new Decision().Update(ProjectQuota.Type, updated, found);
    }
}

/// <summary>Gives a project the default limits back.</summary>
public sealed record ResetQuota(string ProjectId) : ICommand
{
    public PartitionKey Lane => PartitionKey.Project(ProjectId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Find(ProjectQuota.Type, ProjectId) is { } found
            ? new Decision().Delete(ProjectQuota.Type, found)
            : ProjectQuota.Type.Api.NotFound(ProjectId);
}

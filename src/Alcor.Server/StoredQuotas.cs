using System.Collections.Frozen;
using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Quotas;

namespace Alcor.Server;

/// <summary>
/// The limits of projects: their own ones from the store, read anew for each batch of commands, else the defaults.
/// What belongs to no project is not limited.
/// </summary>
internal sealed class StoredQuotas(IStore store, ImmutableArray<QuotaLimit> defaults) : IQuotaLimits
{
    private readonly FrozenDictionary<string, long> limits =
        defaults.ToFrozenDictionary(limit => limit.Type, limit => limit.Limit);

    public async ValueTask<long?> LimitOfAsync(string project, string type)
    {
        if (project.Length == 0 || !limits.TryGetValue(type, out var limit))
            return null;
        var stored = await store.GetAsync(ProjectQuota.Type.Key(project), CancellationToken.None);
        if (stored is not null && ProjectQuota.Type.Decode(stored.Value).Limits.TryGetValue(type, out var own))
            limit = own;
        return limit < 0 ? null : limit;
    }
}

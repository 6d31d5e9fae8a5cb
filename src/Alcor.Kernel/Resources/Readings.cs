using Alcor.Kernel.Store;

namespace Alcor.Kernel.Resources;

/// <summary>
/// What was read of other partitions for a batch of commands, and what these asked for without finding it here.
/// </summary>
/// <param name="earlier">What was decoded before: what is still as it was then is not decoded again.</param>
public sealed class Readings(IReadOnlyDictionary<ResourceKey, Stamped<object>?>? earlier = null)
{
    private readonly Dictionary<ResourceKey, Stamped<object>?> resources = [];
    private readonly Dictionary<PartitionKey, Snapshot> partitions = [];
    private readonly Dictionary<ListQuery, IReadOnlyList<Stamped<object>>> lists = [];
    private readonly HashSet<ResourceKey> wantedResources = [];
    private readonly HashSet<PartitionKey> wantedPartitions = [];
    private readonly HashSet<ListQuery> wantedLists = [];

    /// <summary>The resources that were read by their keys; null: there is none.</summary>
    public IReadOnlyDictionary<ResourceKey, Stamped<object>?> Resources => resources;

    /// <summary>Whether all that was asked for had been read.</summary>
    public bool IsComplete => wantedResources.Count == 0 && wantedPartitions.Count == 0 && wantedLists.Count == 0;

    public Stamped<object>? Find(ResourceKey key)
    {
        if (resources.TryGetValue(key, out var found))
            return found;
        wantedResources.Add(key);
        return null;
    }

    public Snapshot Find(PartitionKey partition)
    {
        if (partitions.TryGetValue(partition, out var found))
            return found;
        wantedPartitions.Add(partition);
        return Snapshot.Empty(partition);
    }

    public IReadOnlyList<Stamped<object>> Find(ListQuery query)
    {
        if (lists.TryGetValue(query, out var found))
            return found;
        wantedLists.Add(query);
        return [];
    }

    /// <summary>Asks for what a command is known to need.</summary>
    public void Want(ICommand command)
    {
        foreach (var key in command.Reads)
            Find(key);
        foreach (var partition in command.Others)
            Find(partition);
    }

    /// <summary>Reads all that was asked for.</summary>
    public async ValueTask ReadAsync(IStore store, Catalog catalog)
    {
        foreach (var key in wantedResources)
        {
            var stored = await store.GetAsync(key, CancellationToken.None);
            resources.Add(key, stored is null ? null : Known(stored, catalog[key.Type]) ?? catalog.Decode(stored));
        }
        foreach (var partition in wantedPartitions)
            partitions.Add(partition, await catalog.LoadAsync(store, partition));
        foreach (var query in wantedLists)
        {
            var stored = await store.ListAsync(query, CancellationToken.None);
            lists.Add(query, [.. stored.Select(catalog.Decode)]);
        }
        wantedResources.Clear();
        wantedPartitions.Clear();
        wantedLists.Clear();
    }

    /// <summary>A partition gives each revision once, and one commit writes a resource once.</summary>
    private Stamped<object>? Known(StoredResource stored, IResourceType type) =>
        earlier?.GetValueOrDefault(stored.Key) is { } known
        && known.Revision == stored.Revision
        && type.PartitionOf(known.Value) == stored.Partition
            ? known
            : null;
}

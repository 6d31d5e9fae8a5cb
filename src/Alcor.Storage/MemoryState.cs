using Alcor.Kernel;
using Alcor.Kernel.Store;

namespace Alcor.Storage;

/// <summary>
/// The contents of a <see cref="MemoryStore"/>. Wherever an order can be seen from outside the container is an
/// ordered one, so that equal histories give equal answers. Not safe for concurrent use.
/// </summary>
internal sealed class MemoryState : IStoredState
{
    private static readonly Comparer<ResourceKey> ByKey = Comparer<ResourceKey>.Create(Compare);

    private readonly Dictionary<ResourceKey, Entry> entries = [];
    private readonly Dictionary<Claim, ResourceKey> owners = [];
    private readonly Dictionary<ResourceKey, SortedSet<ResourceKey>> referrers = [];
    private readonly Dictionary<(string Type, IndexEntry? Index), SortedSet<string>> lists = [];
    private readonly Dictionary<PartitionKey, MemoryPartition> partitions = [];
    private readonly SortedDictionary<string, long> counters = new(StringComparer.Ordinal);

    public StoredResource? Get(ResourceKey key) => entries.GetValueOrDefault(key)?.Resource;

    public StoredStamp? Find(ResourceKey key) =>
        Get(key) is { } resource ? new StoredStamp(resource.Partition, resource.Revision) : null;

    public ResourceKey? OwnerOf(Claim claim) => owners.TryGetValue(claim, out var owner) ? owner : null;

    public IEnumerable<ResourceKey> ReferrersOf(ResourceKey target) =>
        referrers.TryGetValue(target, out var found) ? found : [];

    public bool HoldsAllClaimsOf(Write write) =>
        entries.TryGetValue(write.Key, out var entry) && write.Claims.All(entry.Write.Claims.Contains);

    public long CountOf(string key) => counters.GetValueOrDefault(key);

    public IReadOnlyList<Counter> Counts(string prefix) => counters
        .Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(one => new Counter(one.Key, one.Value))
        .ToList();

    public IReadOnlyList<StoredResource> List(ListQuery query)
    {
        if (query.RefersTo is { } target)
            return ListReferrers(target, query);
        if (!lists.TryGetValue((query.Type, query.Index), out var ids) || ids.Count == 0)
            return [];
        IEnumerable<string> wanted = ids;
        if (query.After is { } after)
        {
            if (string.CompareOrdinal(after, ids.Max) >= 0)
                return [];
            wanted = ids.GetViewBetween(after, ids.Max).SkipWhile(id => id == after);
        }

        return wanted.Take(query.Limit).Select(id => entries[new ResourceKey(query.Type, id)].Resource).ToList();
    }

    private List<StoredResource> ListReferrers(ResourceKey target, ListQuery query)
    {
        if (!referrers.TryGetValue(target, out var keys))
            return [];
        var first = new ResourceKey(query.Type, query.After ?? "");
        // The next type that there could be ends the range of this one.
        var ofType = keys.GetViewBetween(first, new ResourceKey(query.Type + '\0', ""));
        return ofType.SkipWhile(key => key == first).Take(query.Limit).Select(key => entries[key].Resource).ToList();
    }

    public PartitionSnapshot Snapshot(PartitionKey partition)
    {
        var changes = Changes(partition, after: 0);
        var resources = changes.Changes.Select(change => change.Resource).OfType<StoredResource>();
        return new PartitionSnapshot(partition, changes.Revision, resources.ToList());
    }

    public PartitionChanges Changes(PartitionKey partition, long after)
    {
        if (!partitions.TryGetValue(partition, out var log))
            return new PartitionChanges(partition, 0, []);
        var changes = log.TouchedAfter(after).Select(touch => new Change(
            touch.Key, touch.Revision, Get(touch.Key) is { } one && one.Partition == partition ? one : null));
        return new PartitionChanges(partition, log.Revision, changes.ToList());
    }

    /// <summary>Check, then apply: nothing after the check can fail, so there is nothing to undo.</summary>
    /// <exception cref="InvariantException">See <see cref="CommitRules.Check(Transaction, IStoredState)"/>.</exception>
    public CommitResult Commit(Transaction transaction)
    {
        if (CommitRules.Check(transaction, this) is { } refusal)
            return new CommitResult.Refused(refusal);
        var revisions = new SortedDictionary<PartitionKey, long>();
        foreach (var write in transaction.Writes)
        {
            if (!revisions.ContainsKey(write.Partition))
                revisions.Add(write.Partition, PartitionOf(write.Partition).Advance());
        }

        // All releases come before the first new claim: a claim may move from one resource to another within a
        // transaction.
        foreach (var write in transaction.Writes)
            Release(write.Key);
        foreach (var write in transaction.Writes)
            Store(write, revisions[write.Partition]);
        foreach (var count in transaction.Counts)
            Move(count);
        return new CommitResult.Committed(revisions.Select(one => new PartitionRevision(one.Key, one.Value)).ToList());
    }

    internal static int Compare(ResourceKey left, ResourceKey right)
    {
        var byType = string.CompareOrdinal(left.Type, right.Type);
        return byType != 0 ? byType : string.CompareOrdinal(left.Id, right.Id);
    }

    private MemoryPartition PartitionOf(PartitionKey key)
    {
        if (!partitions.TryGetValue(key, out var partition))
            partitions.Add(key, partition = new MemoryPartition());
        return partition;
    }

    private void Move(CounterChange count)
    {
        var value = CountOf(count.Key) + count.Delta;
        if (value == 0)
            counters.Remove(count.Key);
        else
            counters[count.Key] = value;
    }

    private void Release(ResourceKey key)
    {
        if (!entries.Remove(key, out var entry))
            return;
        foreach (var claim in entry.Write.Claims)
            owners.Remove(claim);
        foreach (var target in entry.Write.References)
            Remove(referrers, target, key);
        foreach (var index in ListsOf(entry.Write))
            Remove(lists, (key.Type, index), key.Id);
    }

    private void Store(Write write, long revision)
    {
        partitions[write.Partition].Touch(write.Key, revision);
        if (write.Value is not { } value)
            return;
        // The value is copied because its buffer is the caller's, who may fill it again.
        var resource = new StoredResource(write.Key, write.Partition, revision, value.ToArray());
        var kept = write with
        {
            Value = null,
            Claims = [.. write.Claims],
            References = [.. write.References],
            Index = [.. write.Index],
        };
        entries.Add(write.Key, new Entry(resource, kept));
        foreach (var claim in kept.Claims)
            owners[claim] = write.Key;
        foreach (var target in kept.References)
            Add(referrers, target, write.Key, ByKey);
        foreach (var index in ListsOf(kept))
            Add(lists, (write.Key.Type, index), write.Key.Id, StringComparer.Ordinal);
    }

    private static IEnumerable<IndexEntry?> ListsOf(Write write) =>
        write.Index.Select(entry => (IndexEntry?)entry).Prepend(null);

    private static void Add<TKey, TItem>(
        Dictionary<TKey, SortedSet<TItem>> sets, TKey key, TItem item, IComparer<TItem> order)
        where TKey : notnull
    {
        if (!sets.TryGetValue(key, out var set))
            sets.Add(key, set = new SortedSet<TItem>(order));
        set.Add(item);
    }

    private static void Remove<TKey, TItem>(Dictionary<TKey, SortedSet<TItem>> sets, TKey key, TItem item)
        where TKey : notnull
    {
        if (sets.TryGetValue(key, out var set) && set.Remove(item) && set.Count == 0)
            sets.Remove(key);
    }

    private sealed record Entry(StoredResource Resource, Write Write);
}

/// <summary>
/// How far a partition has come, and which resource was last touched at which revision, the deleted ones too.
/// </summary>
internal sealed class MemoryPartition
{
    private static readonly Comparer<Touched> InOrder = Comparer<Touched>.Create(static (left, right) =>
    {
        var byRevision = left.Revision.CompareTo(right.Revision);
        return byRevision != 0 ? byRevision : MemoryState.Compare(left.Key, right.Key);
    });

    private readonly Dictionary<ResourceKey, long> last = [];
    private readonly SortedSet<Touched> order = new(InOrder);

    public long Revision { get; private set; }

    public long Advance() => ++Revision;

    public void Touch(ResourceKey key, long revision)
    {
        if (last.TryGetValue(key, out var before))
            order.Remove(new Touched(before, key));
        last[key] = revision;
        order.Add(new Touched(revision, key));
    }

    public IEnumerable<Touched> TouchedAfter(long revision)
    {
        if (revision >= Revision)
            return [];
        var first = new ResourceKey("", "");
        return order.GetViewBetween(new Touched(revision + 1, first), new Touched(Revision + 1, first));
    }

    internal readonly record struct Touched(long Revision, ResourceKey Key);
}

using Alcor.Kernel.Store;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>
/// What a store must answer, written for being right at a glance: a list of everything that ever happened, and every
/// question answered by going through all of it.
/// </summary>
internal sealed class StoreModel
{
    private readonly List<(long Revision, Write Write)> log = [];
    private readonly List<CounterChange> counted = [];

    public IEnumerable<PartitionKey> Partitions => log.Select(one => one.Write.Partition).Distinct();

    public IEnumerable<StoredResource> Live => log
        .GroupBy(one => one.Write.Key)
        .Select(history => Stored(history.Last()))
        .OfType<StoredResource>();

    public long RevisionOf(PartitionKey partition) =>
        log.Where(one => one.Write.Partition == partition).Select(one => one.Revision).DefaultIfEmpty(0).Max();

    public StoredResource? Get(ResourceKey key) => Live.SingleOrDefault(one => one.Key == key);

    public IEnumerable<StoredResource> List(ListQuery query) => Live
        .Where(one => one.Key.Type == query.Type)
        .Where(one => query.Index is not { } entry || WriteOf(one.Key).Index.Contains(entry))
        .Where(one => query.RefersTo is not { } target || WriteOf(one.Key).References.Contains(target))
        .OrderBy(one => one.Key.Id, StringComparer.Ordinal)
        .Where(one => query.After is null || string.CompareOrdinal(one.Key.Id, query.After) > 0)
        .Take(query.Limit);

    public IEnumerable<ResourceKey> Referrers(ResourceKey target) =>
        Live.Select(one => one.Key).Where(key => WriteOf(key).References.Contains(target));

    public long CountOf(string key) => counted.Where(one => one.Key == key).Sum(one => one.Delta);

    public IEnumerable<Counter> Counts(string prefix) => counted
        .Select(one => one.Key)
        .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
        .Distinct()
        .Order(StringComparer.Ordinal)
        .Select(key => new Counter(key, CountOf(key)))
        .Where(counter => counter.Value > 0);

    public PartitionChanges Changes(PartitionKey partition, long after)
    {
        var touched = log
            .Where(one => one.Write.Partition == partition)
            .GroupBy(one => one.Write.Key)
            .Select(history => new Change(
                history.Key,
                history.Last().Revision,
                Get(history.Key) is { } one && one.Partition == partition ? one : null))
            .Where(change => change.Revision > after)
            .OrderBy(change => change.Revision)
            .ThenBy(change => change.Key.Type, StringComparer.Ordinal)
            .ThenBy(change => change.Key.Id, StringComparer.Ordinal);
        return new PartitionChanges(partition, RevisionOf(partition), touched.ToList());
    }

    public PartitionSnapshot Snapshot(PartitionKey partition) => new(
        partition,
        RevisionOf(partition),
        Changes(partition, 0).Changes.Select(change => change.Resource).OfType<StoredResource>().ToList());

    /// <summary>
    /// The outcomes that the contract allows; when it is a commit there is one, and it has happened here.
    /// </summary>
    public IReadOnlyList<string> Commit(Transaction transaction)
    {
        foreach (var guard in transaction.Guards)
        {
            var refusals = Against(guard, transaction).Select(AsText).ToList();
            if (refusals.Count > 0)
                return refusals;
        }

        var conflicts = Conflicts(transaction).Select(AsText).ToList();
        if (conflicts.Count > 0)
            return conflicts;
        foreach (var (key, delta, limit) in transaction.Counts)
        {
            if (delta > 0 && CountOf(key) + delta > limit)
                return [AsText(new Refusal.OverLimit(key, CountOf(key), limit.Value))];
        }

        counted.AddRange(transaction.Counts);
        var revisions = transaction.Writes
            .Select(write => write.Partition)
            .Distinct()
            .Order()
            .Select(partition => new PartitionRevision(partition, RevisionOf(partition) + 1))
            .ToList();
        foreach (var write in transaction.Writes)
            log.Add((revisions.Single(one => one.Partition == write.Partition).Revision, write));
        return [Words.Text(new CommitResult.Committed(revisions))];
    }

    private static string AsText(Refusal refusal) => Words.Text(new CommitResult.Refused(refusal));

    private static StoredResource? Stored((long Revision, Write Write) one) => one.Write.Value is { } value
        ? new StoredResource(one.Write.Key, one.Write.Partition, one.Revision, value)
        : null;

    private Write WriteOf(ResourceKey key) => log.Last(one => one.Write.Key == key).Write;

    private IEnumerable<Refusal> Against(Guard guard, Transaction transaction)
    {
        var stored = Get(guard.Key);
        return guard switch
        {
            Guard.Exists when stored is null => [new Refusal.Missing(guard.Key)],
            Guard.Absent when stored is not null => [new Refusal.Present(guard.Key)],
            Guard.AtRevision when stored is null => [new Refusal.Missing(guard.Key)],
            Guard.AtRevision at when stored.Revision != at.Revision =>
                [new Refusal.RevisionDiffers(guard.Key, stored.Revision)],
            Guard.Unreferenced => Referrers(guard.Key)
                .Where(referrer => transaction.Writes
                    .Where(write => write.Key == referrer)
                    .All(write => write.References.Contains(guard.Key)))
                .Select(referrer => new Refusal.Referenced(guard.Key, referrer)),
            _ => [],
        };
    }

    /// <summary>
    /// Every claim that two resources would hold after the writes, once for each of its would-be owners.
    /// </summary>
    private IEnumerable<Refusal> Conflicts(Transaction transaction)
    {
        var written = transaction.Writes.Select(write => write.Key).ToList();
        return Live
            .Where(one => !written.Contains(one.Key))
            .Select(one => WriteOf(one.Key))
            .Concat(transaction.Writes)
            .SelectMany(write => write.Claims.Distinct().Select(claim => (Claim: claim, Owner: write.Key)))
            .GroupBy(one => one.Claim)
            .Where(owners => owners.Count() > 1)
            .SelectMany(owners => owners)
            .Select(one => new Refusal.Claimed(one.Claim, one.Owner));
    }
}

namespace Alcor.Kernel.Store;

/// <summary>
/// Resources of one type, in ascending order of id; optionally only those under one index entry, or only those that
/// refer to one resource.
/// </summary>
/// <param name="After">Start behind this id; null starts at the first.</param>
/// <param name="Limit">At most this many; must be positive.</param>
public sealed record ListQuery(string Type, IndexEntry? Index, string? After, int Limit)
{
    /// <summary>Only what refers to this resource, which need not exist; not together with an index entry.</summary>
    public ResourceKey? RefersTo { get; init; }

    public static ListQuery All(string type) => new(type, null, null, int.MaxValue);

    public static ListQuery By(string type, string index, string value) =>
        new(type, new IndexEntry(index, value), null, int.MaxValue);

    public static ListQuery To(ResourceKey target, string type) => All(type) with { RefersTo = target };
}

/// <summary>
/// The only place where state lives. Everything in it changes by <see cref="CommitAsync"/> and by nothing else. A
/// commit locks the partitions it writes in key order, gives each its next revision, checks the guards, inserts the
/// claims, moves the counters within their limits, stores the resources stamped with the revision, maintains references
/// and index entries, and appends to the change log.
/// </summary>
/// <remarks>
/// Every implementation passes the same conformance suite. Reads see whole commits only. An implementation is safe for
/// concurrent callers.
/// </remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary>The resource, or null.</summary>
    ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<StoredResource>> ListAsync(ListQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The resources that refer to <paramref name="target"/>, at most <paramref name="limit"/> of them.
    /// </summary>
    ValueTask<IReadOnlyList<ResourceKey>> ReferrersAsync(
        ResourceKey target, int limit, CancellationToken cancellationToken);

    /// <summary>The counters that are not 0 and whose key starts with a prefix, in order of key.</summary>
    ValueTask<IReadOnlyList<Counter>> CountsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>All of a partition at one revision; an unknown partition is empty at revision 0.</summary>
    ValueTask<PartitionSnapshot> SnapshotAsync(PartitionKey partition, CancellationToken cancellationToken);

    /// <summary>
    /// What happened after a revision, complete up to the revision in the answer (see <see cref="PartitionChanges"/>).
    /// </summary>
    ValueTask<PartitionChanges> ChangesAsync(PartitionKey partition, long after, CancellationToken cancellationToken);

    /// <summary>
    /// Commits the transactions one after the other, each on its own atomic: a refused one leaves no trace and does
    /// not hinder the next. When the call returns, all that it reports as committed is durable. One call is one
    /// durable write (group commit), and an implementation may join calls that wait at the same time.
    /// </summary>
    ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken);

    /// <summary>
    /// Calls <paramref name="onCommitted"/> after each commit, in commit order, once for every partition that advanced,
    /// before the committer gets its answer. The callee only takes note: it does not block and does not throw.
    /// </summary>
    IDisposable Subscribe(Action<PartitionRevision> onCommitted);
}

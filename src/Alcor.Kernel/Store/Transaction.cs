namespace Alcor.Kernel.Store;

/// <summary>
/// One resource as it shall be after the commit, with its complete claims, references and index entries: what an
/// earlier value claimed, referred to or was listed under and this one does not, is released. A null value is a
/// tombstone; it releases everything. A resource never changes its partition.
/// </summary>
/// <param name="References">
/// Resources that this one needs: each of them is not "unreferenced" while this one exists.
/// </param>
public sealed record Write(
    ResourceKey Key,
    PartitionKey Partition,
    ReadOnlyMemory<byte>? Value,
    IReadOnlyList<Claim> Claims,
    IReadOnlyList<ResourceKey> References,
    IReadOnlyList<IndexEntry> Index)
{
    public static Write Tombstone(ResourceKey key, PartitionKey partition) => new(key, partition, null, [], [], []);
}

/// <summary>What must hold, checked under the locks of the commit, before any of its writes.</summary>
public abstract record Guard(ResourceKey Key)
{
    /// <summary>The resource exists.</summary>
    public sealed record Exists(ResourceKey Key) : Guard(Key);

    /// <summary>The resource does not exist.</summary>
    public sealed record Absent(ResourceKey Key) : Guard(Key);

    /// <summary>The resource exists and was last written at this revision of its partition.</summary>
    public sealed record AtRevision(ResourceKey Key, long Revision) : Guard(Key);

    /// <summary>
    /// No resource refers to it, but for those which this same transaction deletes or makes refer elsewhere.
    /// </summary>
    public sealed record Unreferenced(ResourceKey Key) : Guard(Key);
}

/// <summary>
/// Writes that happen together or not at all. Each key is written at most once. Every partition that a write names
/// advances by exactly one revision, however many writes name it.
/// </summary>
public sealed record Transaction(IReadOnlyList<Write> Writes, IReadOnlyList<Guard> Guards)
{
    /// <summary>The counters that it moves, each at most once; checked after guards and claims.</summary>
    public IReadOnlyList<CounterChange> Counts { get; init; } = [];
}

/// <summary>Moves a counter; one that was never moved is 0, and none goes below.</summary>
/// <param name="Limit">
/// What the counter may not exceed by growing; not negative. Null: no limit. Shrinking is always within it.
/// </param>
public readonly record struct CounterChange(string Key, long Delta, long? Limit);

/// <summary>Why a transaction changed nothing.</summary>
public abstract record Refusal
{
    public sealed record Missing(ResourceKey Key) : Refusal;

    public sealed record Present(ResourceKey Key) : Refusal;

    /// <param name="Actual">The revision that the resource has.</param>
    public sealed record RevisionDiffers(ResourceKey Key, long Actual) : Refusal;

    /// <param name="By">One of the resources that refer to it.</param>
    public sealed record Referenced(ResourceKey Key, ResourceKey By) : Refusal;

    public sealed record Claimed(Claim Claim, ResourceKey Owner) : Refusal;

    /// <param name="Count">What the counter is, without this transaction.</param>
    public sealed record OverLimit(string Key, long Count, long Limit) : Refusal;
}

/// <summary>
/// The outcome of one transaction: the revisions it gave to its partitions, or why it changed nothing.
/// </summary>
public abstract record CommitResult
{
    public sealed record Committed(IReadOnlyList<PartitionRevision> Revisions) : CommitResult;

    public sealed record Refused(Refusal Refusal) : CommitResult;
}

using Alcor.Kernel.Store;

namespace Alcor.Dataplane.Tests;

/// <summary>A store that counts reads, loses word of commits, and fails, as a test wishes.</summary>
internal sealed class WatchedStore(IStore inner) : IStore
{
    public int Snapshots { get; private set; }

    public List<(PartitionKey Partition, long After)> ChangeReads { get; } = [];

    public bool IsSilent { get; set; }

    public bool IsDown { get; set; }

    /// <summary>This partition cannot be read.</summary>
    public PartitionKey? Unreadable { get; set; }

    public ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken) =>
        inner.GetAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(ListQuery query, CancellationToken cancellationToken) =>
        inner.ListAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ResourceKey>> ReferrersAsync(
        ResourceKey target, int limit, CancellationToken cancellationToken) =>
        inner.ReferrersAsync(target, limit, cancellationToken);

    public ValueTask<IReadOnlyList<Counter>> CountsAsync(string prefix, CancellationToken cancellationToken) =>
        inner.CountsAsync(prefix, cancellationToken);

    public ValueTask<PartitionSnapshot> SnapshotAsync(PartitionKey partition, CancellationToken cancellationToken)
    {
        Snapshots++;
        return IsDown || Unreadable == partition
            ? ValueTask.FromException<PartitionSnapshot>(new IOException("the store is down"))
            : inner.SnapshotAsync(partition, cancellationToken);
    }

    public ValueTask<PartitionChanges> ChangesAsync(
        PartitionKey partition, long after, CancellationToken cancellationToken)
    {
        ChangeReads.Add((partition, after));
        return IsDown || Unreadable == partition
            ? ValueTask.FromException<PartitionChanges>(new IOException("the store is down"))
            : inner.ChangesAsync(partition, after, cancellationToken);
    }

    public ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken) =>
        inner.CommitAsync(transactions, cancellationToken);

    public IDisposable Subscribe(Action<PartitionRevision> onCommitted) => inner.Subscribe(revision =>
    {
        if (!IsSilent)
            onCommitted(revision);
    });

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

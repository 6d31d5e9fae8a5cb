using Alcor.Kernel.Store;

namespace Alcor.Kernel.Tests;

/// <summary>A store whose commits wait until they are released, and may fail.</summary>
internal sealed class SlowStore(IStore inner) : IStore
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Commits { get; private set; }

    public bool FailNext { get; set; }

    public void Release() => released.TrySetResult();

    public void Fail() => released.TrySetException(new IOException("no disk"));

    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken)
    {
        await released.Task;
        Commits++;
        if (FailNext)
        {
            FailNext = false;
            throw new IOException("the disk failed once");
        }
        return await inner.CommitAsync(transactions, cancellationToken);
    }

    public ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken) =>
        inner.GetAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(ListQuery query, CancellationToken cancellationToken) =>
        inner.ListAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ResourceKey>> ReferrersAsync(
        ResourceKey target, int limit, CancellationToken cancellationToken) =>
        inner.ReferrersAsync(target, limit, cancellationToken);

    public ValueTask<IReadOnlyList<Counter>> CountsAsync(string prefix, CancellationToken cancellationToken) =>
        inner.CountsAsync(prefix, cancellationToken);

    public ValueTask<PartitionSnapshot> SnapshotAsync(PartitionKey partition, CancellationToken cancellationToken) =>
        inner.SnapshotAsync(partition, cancellationToken);

    public ValueTask<PartitionChanges> ChangesAsync(
        PartitionKey partition, long after, CancellationToken cancellationToken) =>
        inner.ChangesAsync(partition, after, cancellationToken);

    public IDisposable Subscribe(Action<PartitionRevision> onCommitted) => inner.Subscribe(onCommitted);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

using Alcor.Kernel.Store;
using Alcor.Storage;

namespace Alcor.Server.Tests;

/// <summary>A store in memory in which a test can delay or fail what it likes.</summary>
internal sealed class InterceptedStore : IStore
{
    private readonly MemoryStore inner = new();

    public Func<Task> BeforeCommit { get; set; } = () => Task.CompletedTask;

    /// <summary>Called with the query of a list, or null when one resource is read.</summary>
    public Action<ListQuery?> BeforeRead { get; set; } = _ => { };

    public ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        BeforeRead(null);
        return inner.GetAsync(key, cancellationToken);
    }

    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        BeforeRead(query);
        return inner.ListAsync(query, cancellationToken);
    }

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

    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken)
    {
        await BeforeCommit();
        return await inner.CommitAsync(transactions, cancellationToken);
    }

    public IDisposable Subscribe(Action<PartitionRevision> onCommitted) => inner.Subscribe(onCommitted);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

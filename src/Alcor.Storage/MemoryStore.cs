using Alcor.Kernel.Store;

namespace Alcor.Storage;

/// <summary>
/// A store that lives and dies with its process. Every call completes before it returns, on the caller's thread, and
/// what it answers depends on nothing but the calls before it: the simulator relies on both.
/// </summary>
public sealed class MemoryStore : IStore
{
    private readonly Lock gate = new();
    private readonly MemoryState state = new();
    private readonly Subscribers subscribers = new();

    public ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken) =>
        Answer(() => state.Get(key), cancellationToken);

    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        TransactionShape.Require(query);
        return Answer(() => state.List(query), cancellationToken);
    }

    public ValueTask<IReadOnlyList<ResourceKey>> ReferrersAsync(
        ResourceKey target, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return Answer<IReadOnlyList<ResourceKey>>(
            () => state.ReferrersOf(target).Take(limit).ToList(), cancellationToken);
    }

    public ValueTask<IReadOnlyList<Counter>> CountsAsync(string prefix, CancellationToken cancellationToken)
    {
        TransactionShape.RequireCounterPrefix(prefix);
        return Answer(() => state.Counts(prefix), cancellationToken);
    }

    public ValueTask<PartitionSnapshot> SnapshotAsync(PartitionKey partition, CancellationToken cancellationToken) =>
        Answer(() => state.Snapshot(partition), cancellationToken);

    public ValueTask<PartitionChanges> ChangesAsync(
        PartitionKey partition, long after, CancellationToken cancellationToken) =>
        Answer(() => state.Changes(partition, after), cancellationToken);

    public ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken)
    {
        TransactionShape.Require(transactions);
        return Answer<IReadOnlyList<CommitResult>>(() => Commit(transactions), cancellationToken);
    }

    public IDisposable Subscribe(Action<PartitionRevision> onCommitted) => subscribers.Add(onCommitted);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private List<CommitResult> Commit(IReadOnlyList<Transaction> transactions)
    {
        var results = new List<CommitResult>(transactions.Count);
        try
        {
            foreach (var transaction in transactions)
                results.Add(state.Commit(transaction));
        }
        finally
        {
            // Also when a later transaction broke an invariant: what was committed before it stays and must be told.
            subscribers.Tell(results);
        }

        return results;
    }

    private ValueTask<T> Answer<T>(Func<T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        lock (gate)
        {
            try
            {
                return ValueTask.FromResult(read());
            }
            catch (Exception exception)
            {
                return ValueTask.FromException<T>(exception);
            }
        }
    }
}

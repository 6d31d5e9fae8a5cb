using Alcor.Kernel.Store;
using Alcor.Storage;

namespace Alcor.Simulation.Tests;

/// <summary>
/// The store as one server process reaches it: late, sometimes not at all, and sometimes without an answer although the
/// commit took place.
/// </summary>
internal sealed class StoreConnection(IStore store, ProcessLife life, Simulation world) : IStore
{
    private const double FailureProbability = 0.03;

    public ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken) =>
        ReadAsync(() => store.GetAsync(key, CancellationToken.None));

    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(ListQuery query, CancellationToken cancellationToken) =>
        ReadAsync(() => store.ListAsync(query, CancellationToken.None));

    public ValueTask<IReadOnlyList<ResourceKey>> ReferrersAsync(
        ResourceKey target, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => store.ReferrersAsync(target, limit, CancellationToken.None));

    public ValueTask<IReadOnlyList<Counter>> CountsAsync(string prefix, CancellationToken cancellationToken) =>
        ReadAsync(() => store.CountsAsync(prefix, CancellationToken.None));

    public ValueTask<PartitionSnapshot> SnapshotAsync(PartitionKey partition, CancellationToken cancellationToken) =>
        ReadAsync(() => store.SnapshotAsync(partition, CancellationToken.None));

    public ValueTask<PartitionChanges> ChangesAsync(
        PartitionKey partition, long after, CancellationToken cancellationToken) =>
        ReadAsync(() => store.ChangesAsync(partition, after, CancellationToken.None));

    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken)
    {
        // A commit that is on its way when its process dies may still arrive.
        await world.PauseAsync();
        if (life.IsDead && world.Chance(0.5))
            await life.RequireAsync();
        if (Strikes(Faults.StoreFails))
            throw new StoreException("the disk is full");
        var takesPlace = !Strikes(Faults.CommitUnknown);
        var isUnknown = !takesPlace || Strikes(Faults.CommitUnknown);
        var results = takesPlace ? await store.CommitAsync(transactions, CancellationToken.None) : [];
        await world.PauseAsync();
        await life.RequireAsync();
        return isUnknown
            ? throw new CommitUnknownException("the write failed", new IOException("no answer"))
            : results;
    }

    public IDisposable Subscribe(Action<PartitionRevision> onCommitted) =>
        store.Subscribe(revision =>
        {
            if (!life.IsDead)
                onCommitted(revision);
        });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<T> ReadAsync<T>(Func<ValueTask<T>> read)
    {
        await world.PauseAsync();
        await life.RequireAsync();
        if (Strikes(Faults.StoreFails))
            throw new StoreException("the disk cannot be read");
        var answer = await read();
        await world.PauseAsync();
        await life.RequireAsync();
        return answer;
    }

    private bool Strikes(Faults fault) => world.Has(fault) && world.Chance(FailureProbability);
}

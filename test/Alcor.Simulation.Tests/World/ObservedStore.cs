using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Simulation.Tests;

/// <summary>
/// The store that all processes of a world share, and the place where the oracle sees every commit in its order. The
/// mistakes that a store could make are made here.
/// </summary>
internal sealed class ObservedStore(IStore store, Simulation world) : IStore
{
    private int _commits;

    public ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken) =>
        store.GetAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(ListQuery query, CancellationToken cancellationToken) =>
        store.ListAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ResourceKey>> ReferrersAsync(
        ResourceKey target, int limit, CancellationToken cancellationToken) =>
        store.ReferrersAsync(target, limit, cancellationToken);

    public ValueTask<IReadOnlyList<Counter>> CountsAsync(string prefix, CancellationToken cancellationToken) =>
        store.CountsAsync(prefix, cancellationToken);

    public ValueTask<PartitionSnapshot> SnapshotAsync(PartitionKey partition, CancellationToken cancellationToken) =>
        world.Mutates(Mutation.StoreTakesMissingForEmpty, 0.1)
            ? SnapshotOfNothingAsync(partition)
            : store.SnapshotAsync(partition, cancellationToken);

    public ValueTask<PartitionChanges> ChangesAsync(
        PartitionKey partition, long after, CancellationToken cancellationToken) =>
        store.ChangesAsync(partition, after, cancellationToken);

    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken)
    {
        var results = new List<CommitResult>();
        foreach (var transaction in transactions)
        {
            var result = await CommitAsync(Mutated(transaction), cancellationToken);
            results.Add(result);
        }
        return results;
    }

    public IDisposable Subscribe(Action<PartitionRevision> onCommitted) => store.Subscribe(onCommitted);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<CommitResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (world.Mutates(Mutation.StoreAcknowledgesWithoutCommit, 0.02))
            return await PretendAsync(transaction);
        if (++_commits % 10 == 0 && world.Mutates(Mutation.StoreSkipsRevision, 1))
        {
            var odd = new ResourceKey("node", "nobody");
            await store.CommitAsync(
                [new Transaction([Write.Tombstone(odd, transaction.Writes[0].Partition)], [])], cancellationToken);
        }
        var result = (await store.CommitAsync([transaction], cancellationToken))[0];
        if (result is CommitResult.Committed committed)
            world.Oracle.Commits.OnCommitted(transaction, committed);
        return result;
    }

    private async ValueTask<CommitResult> PretendAsync(Transaction transaction)
    {
        var revisions = new List<PartitionRevision>();
        foreach (var partition in transaction.Writes.Select(write => write.Partition).Distinct())
        {
            var now = await store.SnapshotAsync(partition, CancellationToken.None);
            revisions.Add(new PartitionRevision(partition, now.Revision + 1));
        }
        return new CommitResult.Committed(revisions);
    }

    private async ValueTask<PartitionSnapshot> SnapshotOfNothingAsync(PartitionKey partition) =>
        (await store.SnapshotAsync(partition, CancellationToken.None)) with { Resources = [] };

    private Transaction Mutated(Transaction transaction)
    {
        if (world.Mutates(Mutation.StoreLosesClaims, 1))
            return transaction with { Writes = [.. transaction.Writes.Select(write => write with { Claims = [] })] };
        if (world.Mutates(Mutation.StoreLosesGuards, 1))
            return transaction with { Guards = [], Counts = [] };
        if (world.Mutates(Mutation.StatusOverwritesUsers, 1))
            return transaction with { Writes = [.. transaction.Writes.Select(Overwritten)] };
        var unbinds = transaction.Writes.Count > 1
            && transaction.Writes.Any(write => write.Key.Type == Binding.Type.Name && write.Value is null);
        return unbinds && world.Mutates(Mutation.StoreForgetsUnbinding, 0.5)
            ? transaction with
            {
                Writes = [.. transaction.Writes.Where(w => w.Key.Type != Binding.Type.Name || w.Value is not null)],
            }
            : transaction;
    }

    /// <summary>A report of a port's status that writes down more than the status.</summary>
    private Write Overwritten(Write write) =>
        write.Value is { } value && write.Key.Type == Port.Type.Name
            && Port.Type.Decode(value) is var port && world.Oracle.Commits.Find(Port.Type, port.Id) is { } current
            && current.Description == port.Description && current.Status != port.Status
            ? Port.Type.ToWrite(port with { Name = "what somebody read earlier" })
            : write;
}

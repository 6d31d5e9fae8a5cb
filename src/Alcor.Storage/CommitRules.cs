using Alcor.Kernel;
using Alcor.Kernel.Store;

namespace Alcor.Storage;

/// <summary>A resource as the commit rules see it.</summary>
internal readonly record struct StoredStamp(PartitionKey Partition, long Revision);

/// <summary>What the commit rules ask of the state, which includes all transactions committed before.</summary>
internal interface IStoredState
{
    StoredStamp? Find(ResourceKey key);

    ResourceKey? OwnerOf(Claim claim);

    /// <summary>Those that refer to the target, read only as far as the caller enumerates.</summary>
    IEnumerable<ResourceKey> ReferrersOf(ResourceKey target);

    /// <summary>True when the resource is stored and each claim of the write is already its own.</summary>
    bool HoldsAllClaimsOf(Write write);

    /// <summary>What a counter is; 0 when it is not kept.</summary>
    long CountOf(string key);
}

/// <summary>The one statement of when a transaction is refused, for every implementation.</summary>
internal static class CommitRules
{
    /// <summary>
    /// Null when the transaction may be applied; otherwise the first reason against it: guards in their order, then
    /// claims in the order of the writes, then counters. Changes nothing.
    /// </summary>
    /// <exception cref="InvariantException">
    /// A write moves a resource to another partition, or a counter falls below 0.
    /// </exception>
    public static Refusal? Check(Transaction transaction, IStoredState state)
    {
        var writes = new WritesByKey(transaction.Writes);
        foreach (var guard in transaction.Guards)
        {
            if (Check(guard, writes, state) is { } refusal)
                return refusal;
        }

        foreach (var write in transaction.Writes)
        {
            var stored = state.Find(write.Key);
            Invariant.Require(
                stored is null || stored.Value.Partition == write.Partition,
                $"{write.Key} stays in its partition {stored?.Partition}, not {write.Partition}");
        }

        return CheckClaims(transaction.Writes, writes, state) ?? CheckCounts(transaction.Counts, state);
    }

    private static Refusal? Check(Guard guard, WritesByKey writes, IStoredState state)
    {
        switch (guard)
        {
            case Guard.Exists:
                return state.Find(guard.Key) is null ? new Refusal.Missing(guard.Key) : null;
            case Guard.Absent:
                return state.Find(guard.Key) is null ? null : new Refusal.Present(guard.Key);
            case Guard.AtRevision at:
                if (state.Find(guard.Key) is not { } stored)
                    return new Refusal.Missing(guard.Key);
                return stored.Revision == at.Revision
                    ? null
                    : new Refusal.RevisionDiffers(guard.Key, stored.Revision);
            case Guard.Unreferenced:
                foreach (var referrer in state.ReferrersOf(guard.Key))
                {
                    if (writes.Find(referrer) is not { } write || write.References.Contains(guard.Key))
                        return new Refusal.Referenced(guard.Key, referrer);
                }

                return null;
            default:
                throw new InvariantException($"a guard of the unknown kind {guard.GetType().Name}");
        }
    }

    private static Refusal.OverLimit? CheckCounts(IReadOnlyList<CounterChange> counts, IStoredState state)
    {
        foreach (var (key, delta, limit) in counts)
        {
            var count = state.CountOf(key);
            if (delta > 0 && count + delta > limit)
                return new Refusal.OverLimit(key, count, limit.Value);
            Invariant.Require(count + delta >= 0, $"the counter {key} does not fall below 0: {count}, by {delta}");
        }

        return null;
    }

    private static Refusal? CheckClaims(
        IReadOnlyList<Write> inOrder, WritesByKey writes, IStoredState state)
    {
        var taken = inOrder.Count > 1 ? new Dictionary<Claim, ResourceKey>() : null;
        foreach (var write in inOrder)
        {
            var held = state.HoldsAllClaimsOf(write);
            foreach (var claim in write.Claims)
            {
                if (taken is not null && !taken.TryAdd(claim, write.Key) && taken[claim] != write.Key)
                    return new Refusal.Claimed(claim, taken[claim]);
                if (!held && state.OwnerOf(claim) is { } owner && owner != write.Key && !writes.Releases(owner, claim))
                    return new Refusal.Claimed(claim, owner);
            }
        }

        return null;
    }

    /// <summary>
    /// The writes of a transaction by key. Most have one or two, for which comparing is cheaper than hashing.
    /// </summary>
    private readonly struct WritesByKey(IReadOnlyList<Write> writes)
    {
        private const int HashedFrom = 8;

        private readonly Dictionary<ResourceKey, Write>? hashed =
            writes.Count < HashedFrom ? null : writes.ToDictionary(write => write.Key);

        public Write? Find(ResourceKey key)
        {
            if (hashed is not null)
                return hashed.GetValueOrDefault(key);
            foreach (var write in writes)
            {
                if (write.Key == key)
                    return write;
            }

            return null;
        }

        public bool Releases(ResourceKey owner, Claim claim) =>
            Find(owner) is { } write && !write.Claims.Contains(claim);
    }
}

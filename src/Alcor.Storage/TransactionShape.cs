using Alcor.Kernel.Store;

namespace Alcor.Storage;

/// <summary>What a transaction must look like, whatever is stored: checked before anything of the call is looked at.</summary>
internal static class TransactionShape
{
    /// <returns>The number of writes in the call.</returns>
    /// <exception cref="ArgumentException">A transaction is malformed.</exception>
    public static int Require(IReadOnlyList<Transaction> transactions)
    {
        var writes = 0;
        foreach (var transaction in transactions)
        {
            writes += transaction.Writes.Count;
            RequireDistinctKeys(transaction.Writes);
            foreach (var write in transaction.Writes)
                Require(write);
            foreach (var guard in transaction.Guards)
                Require(guard.Key);
        }

        return writes <= StoreLimits.WritesPerCallMax
            ? writes
            : throw new ArgumentException($"{writes} writes in one call; at most {StoreLimits.WritesPerCallMax}");
    }

    /// <summary>Keys are written <c>type/id</c>, so a type with a slash would make two keys look the same.</summary>
    /// <exception cref="ArgumentException">The type or the id is empty, or there is a slash in the type.</exception>
    public static void Require(ResourceKey key)
    {
        if (key.Type.Length == 0 || key.Id.Length == 0 || key.Type.Contains('/'))
            throw new ArgumentException($"'{key}' is not a resource key: expected type/id");
    }

    /// <exception cref="ArgumentException">The kind or the id is empty, or there is a slash in the kind.</exception>
    public static void Require(PartitionKey key)
    {
        if (key.Kind.Length == 0 || key.Id.Length == 0 || key.Kind.Contains('/'))
            throw new ArgumentException($"'{key}' is not a partition: expected kind/id");
    }

    /// <summary>An entry is written <c>name=value</c>, so the name holds no equals sign.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds an equals sign.</exception>
    public static void Require(IndexEntry entry)
    {
        if (entry.Name.Length == 0 || entry.Name.Contains('='))
            throw new ArgumentException($"'{entry.Name}' is not the name of an index");
    }

    public static void Require(ListQuery query)
    {
        if (query.Limit <= 0)
            throw new ArgumentException($"a limit of {query.Limit}; it must be positive");
        if (query.Type.Length == 0 || query.Type.Contains('/'))
            throw new ArgumentException($"'{query.Type}' is not a resource type");
        if (query.Index is { } entry)
            Require(entry);
    }

    private static void Require(Write write)
    {
        Require(write.Key);
        Require(write.Partition);
        if (write.Value is not { } value)
        {
            if (write.Claims.Count + write.References.Count + write.Index.Count > 0)
                throw new ArgumentException($"the tombstone of {write.Key} holds claims, references or index entries");
            return;
        }

        if (value.Length > StoreLimits.ValueBytesMax)
            throw new ArgumentException($"{write.Key} has {value.Length} bytes; at most {StoreLimits.ValueBytesMax}");
        foreach (var reference in write.References)
            Require(reference);
        foreach (var entry in write.Index)
            Require(entry);
    }

    private static void RequireDistinctKeys(IReadOnlyList<Write> writes)
    {
        if (writes.Count < 2)
            return;
        var keys = new HashSet<ResourceKey>(writes.Count);
        foreach (var write in writes)
        {
            if (!keys.Add(write.Key))
                throw new ArgumentException($"{write.Key} is written twice in one transaction");
        }
    }
}

using Alcor.Kernel.Store;

namespace Alcor.Storage;

/// <summary>
/// What a transaction must look like, whatever is stored: checked before anything of the call is looked at.
/// </summary>
internal static class TransactionShape
{
    /// <returns>The number of writes in the call, counters included.</returns>
    /// <exception cref="ArgumentException">A transaction is malformed.</exception>
    public static int Require(IReadOnlyList<Transaction> transactions)
    {
        var writes = 0;
        foreach (var transaction in transactions)
        {
            writes += transaction.Writes.Count + transaction.Counts.Count;
            RequireDistinct(transaction.Writes, write => write.Key, "written");
            RequireDistinct(transaction.Counts, count => count.Key, "counted");
            foreach (var write in transaction.Writes)
                Require(write);
            foreach (var guard in transaction.Guards)
                Require(guard.Key);
            foreach (var count in transaction.Counts)
                Require(count);
        }

        return writes <= StoreLimits.WritesPerCallMax
            ? writes
            : throw new ArgumentException($"{writes} writes in one call; at most {StoreLimits.WritesPerCallMax}");
    }

    /// <summary>Keys are written <c>type/id</c>, so a type with a slash would make two keys look the same.</summary>
    /// <exception cref="ArgumentException">The type or the id is empty, or there is a slash in the type.</exception>
    public static void Require(ResourceKey key)
    {
        if (!IsPart(key.Type) || !IsPart(key.Id) || key.Type.Contains('/'))
            throw new ArgumentException($"'{key}' is not a resource key: expected type/id");
    }

    /// <exception cref="ArgumentException">The kind or the id is empty, or there is a slash in the kind.</exception>
    public static void Require(PartitionKey key)
    {
        if (!IsPart(key.Kind) || !IsPart(key.Id) || key.Kind.Contains('/'))
            throw new ArgumentException($"'{key}' is not a partition: expected kind/id");
    }

    /// <summary>An entry is written <c>name=value</c>, so the name holds no equals sign.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds an equals sign, or a part is too
    /// long.</exception>
    public static void Require(IndexEntry entry)
    {
        if (!IsPart(entry.Name) || entry.Name.Contains('=') || entry.Value.Length > StoreLimits.KeyCharsMax)
            throw new ArgumentException($"'{entry.Name}={entry.Value}' is not an index entry: expected name=value");
    }

    public static void Require(ListQuery query)
    {
        if (query.Limit <= 0)
            throw new ArgumentException($"a limit of {query.Limit}; it must be positive");
        if (!IsPart(query.Type) || query.Type.Contains('/') || query.After?.Length > StoreLimits.KeyCharsMax)
            throw new ArgumentException($"'{query.Type}' is not a resource type");
        if (query.Index is { } entry)
            Require(entry);
        if (query.RefersTo is { } target)
            Require(target);
        if (query is { Index: not null, RefersTo: not null })
            throw new ArgumentException("a list is by an index entry or by reference, not by both");
    }

    /// <exception cref="ArgumentException">The prefix is longer than a counter's key.</exception>
    public static void RequireCounterPrefix(string prefix)
    {
        if (prefix.Length > StoreLimits.KeyCharsMax)
            throw new ArgumentException($"'{prefix}' is longer than the key of a counter");
    }

    private static void Require(CounterChange count)
    {
        if (!IsPart(count.Key) || count.Limit < 0)
            throw new ArgumentException($"'{count}' is not the change of a counter: expected a key and a limit from 0");
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
        foreach (var claim in write.Claims)
        {
            if (!IsPart(claim.Space))
                throw new ArgumentException($"'{claim.Space}' is not a space to claim from");
        }

        foreach (var reference in write.References)
            Require(reference);
        foreach (var entry in write.Index)
            Require(entry);
    }

    private static bool IsPart(string text) => text.Length is > 0 and <= StoreLimits.KeyCharsMax;

    private static void RequireDistinct<TItem, TKey>(IReadOnlyList<TItem> items, Func<TItem, TKey> keyOf, string what)
    {
        if (items.Count < 2)
            return;
        var keys = new HashSet<TKey>(items.Count);
        foreach (var item in items)
        {
            if (!keys.Add(keyOf(item)))
                throw new ArgumentException($"{keyOf(item)} is {what} twice in one transaction");
        }
    }
}

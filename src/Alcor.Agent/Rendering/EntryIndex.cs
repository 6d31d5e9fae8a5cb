using Alcor.Agent.Desired;

namespace Alcor.Agent.Rendering;

/// <summary>Entries by what they name, in order; what no entry names is not in the index.</summary>
internal static class EntryIndex
{
    /// <returns>Whether it is the first that names the key.</returns>
    public static bool Index<TKey>(
        this Dictionary<TKey, SortedSet<EntryAddress>> index, TKey key, EntryAddress address)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var same))
            index[key] = same = new(EntryAddressOrder.Instance);
        same.Add(address);
        return same.Count == 1;
    }

    /// <returns>Whether it was the last that named the key.</returns>
    public static bool Unindex<TKey>(
        this Dictionary<TKey, SortedSet<EntryAddress>> index, TKey key, EntryAddress address)
        where TKey : notnull
    {
        index[key].Remove(address);
        return index[key].Count == 0 && index.Remove(key);
    }
}

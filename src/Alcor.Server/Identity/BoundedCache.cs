using System.Collections.Concurrent;

namespace Alcor.Server.Identity;

/// <summary>
/// Remembers values for one and the same time, and not more of them than <paramref name="entriesMax"/>: the oldest
/// goes first. Reading takes no lock and allocates nothing.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int entriesMax, TimeSpan lifetime, TimeProvider time)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, Entry> entries = new();

    // In the order of their insertion, which is that of their end, as all live equally long.
    private readonly Queue<(TKey Key, Entry Entry)> order = new();
    private readonly Lock writing = new();

    // Not a record: two entries are never the same, whatever they hold.
    private sealed class Entry(TValue value, long since)
    {
        public TValue Value => value;

        public long Since => since;
    }

    public int Count => entries.Count;

    public TValue? Find(TKey key) =>
        entries.TryGetValue(key, out var entry) && !IsOver(entry) ? entry.Value : null;

    public void Set(TKey key, TValue value)
    {
        if (lifetime <= TimeSpan.Zero)
            return;
        lock (writing)
        {
            var entry = new Entry(value, time.GetTimestamp());
            entries[key] = entry;
            order.Enqueue((key, entry));
            while (order.Count > entriesMax || IsOver(order.Peek().Entry))
            {
                var oldest = order.Dequeue();
                // Unless the key has got a newer entry meanwhile.
                entries.TryRemove(KeyValuePair.Create(oldest.Key, oldest.Entry));
            }
        }
    }

    private bool IsOver(Entry entry) => time.GetElapsedTime(entry.Since) >= lifetime;
}

using Alcor.GoalState;

namespace Alcor.Dataplane;

/// <summary>What changed in a partition from one revision to a later one.</summary>
internal sealed record Breadcrumb(long From, long To, IReadOnlyList<GoalEntry> Entries)
{
    public int Bytes { get; } = Entries.Sum(entry => entry.Encoded.Length);
}

/// <summary>
/// The last changes of a partition, a trail of breadcrumbs from <see cref="Floor"/> to now. A session remembers a
/// revision, not a crumb: however slow, it keeps nothing alive, and what it missed it gets as one value a key.
/// </summary>
internal sealed class DeltaWindow(int deltasMax, int bytesMax)
{
    private readonly LinkedList<Breadcrumb> trail = new();
    private int bytes;

    /// <summary>The lowest revision from which everything that changed since is known.</summary>
    public long Floor { get; private set; }

    public int Count => trail.Count;

    public int Bytes => bytes;

    public void StartAt(long revision)
    {
        trail.Clear();
        (bytes, Floor) = (0, revision);
    }

    public void Append(Breadcrumb crumb)
    {
        trail.AddLast(crumb);
        bytes += crumb.Bytes;
        Trim();
    }

    /// <summary>Reaches further back: the crumb tells everything that changed since its start.</summary>
    public void Prepend(Breadcrumb crumb)
    {
        trail.AddFirst(crumb);
        bytes += crumb.Bytes;
        Floor = crumb.From;
        Trim();
    }

    /// <summary>The newest value of every key that changed after a revision, or null if that is too long ago.</summary>
    public List<GoalEntry>? Since(long after)
    {
        if (after < Floor)
            return null;
        var newest = new Dictionary<EntryKey, GoalEntry>();
        for (var node = trail.Last; node is not null && node.Value.To > after; node = node.Previous)
        {
            foreach (var entry in node.Value.Entries)
            {
                if (entry.Revision > after)
                    newest.TryAdd(entry.Key, entry);
            }
        }
        return [.. newest.Values];
    }

    /// <summary>Whether an entry changed after one revision and not after another; null if that is too long
    /// ago.</summary>
    public bool? AnyChange(long after, long upTo)
    {
        if (after < Floor)
            return null;
        for (var node = trail.Last; node is not null && node.Value.To > after; node = node.Previous)
        {
            if (node.Value.Entries.Any(entry => entry.Revision > after && entry.Revision <= upTo))
                return true;
        }
        return false;
    }

    private void Trim()
    {
        while (trail.First is { } oldest && (trail.Count > deltasMax || bytes > bytesMax))
        {
            Floor = oldest.Value.To;
            bytes -= oldest.Value.Bytes;
            trail.RemoveFirst();
        }
    }
}

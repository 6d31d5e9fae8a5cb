namespace Alcor.Dataplane;

/// <summary>When a partition came to its revisions, for the last of them: what was before is forgotten.</summary>
/// <remarks>Not safe for concurrent use: whoever has it guards it.</remarks>
/// <param name="most">How many are remembered.</param>
internal sealed class RevisionTimes(int most)
{
    private readonly Queue<(long Revision, DateTimeOffset At)> times = new();
    private long last;
    private long floor;

    /// <summary>Nothing is known of how this revision, and those before it, were reached.</summary>
    public void StartAt(long revision)
    {
        times.Clear();
        last = floor = revision;
    }

    /// <summary>Remembers a revision that is higher than all before; others are no news.</summary>
    public void Add(long revision, DateTimeOffset at)
    {
        if (revision <= last)
            return;
        times.Enqueue((revision, at));
        last = revision;
        if (times.Count > most)
            floor = times.Dequeue().Revision;
    }

    /// <summary>When this revision or one behind it was reached first; null: not yet, or forgotten.</summary>
    public DateTimeOffset? Reached(long revision)
    {
        if (revision <= floor)
            return null;
        foreach (var (reached, at) in times)
        {
            if (reached >= revision)
                return at;
        }
        return null;
    }

    /// <summary>When there was word of this revision and no other; null: there was none, or it is forgotten.</summary>
    public DateTimeOffset? Exactly(long revision)
    {
        foreach (var (reached, at) in times)
        {
            if (reached == revision)
                return at;
        }
        return null;
    }
}

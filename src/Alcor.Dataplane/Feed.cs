using Alcor.GoalState;
using Alcor.Kernel;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Dataplane;

/// <summary>
/// One partition as its followers see it: the table now, and what changed lately. One loop reads the store, whenever
/// there is word of a commit, a session that reaches further back, or an audit due; each change is projected once,
/// however many hosts follow.
/// </summary>
/// <remarks>
/// Word of a commit only says that there is something to read. The loop reads from the revision that it has, so that
/// a lost, late or doubled word makes no difference.
/// </remarks>
internal sealed class Feed
{
    private readonly Lock gate = new();
    private readonly Signal signal = new();
    private readonly List<Action> followers = [];
    private readonly IStore store;
    private readonly Catalog catalog;
    private readonly DataplaneOptions options;
    private readonly TimeProvider time;
    private readonly DeltaWindow window;
    private readonly RevisionTimes announcedAt = new(DataplaneLimits.RevisionTimesMax);
    private readonly ITimer retry;
    private GoalTable table;
    private Offer.Since? lastOffer;
    private long announced;
    private long expected;
    private long wantedFloor = long.MaxValue;
    private long tooOld;
    private long doubted;
    private long examined;
    private long refuted;
    private long idleSince;
    private bool isLoaded;
    private bool isStopped;
    private bool isAuditDue;

    public Feed(PartitionKey partition, IStore store, Catalog catalog, DataplaneOptions options, TimeProvider time)
    {
        (Partition, this.store, this.catalog, this.options, this.time) = (partition, store, catalog, options, time);
        table = GoalTable.Empty(partition);
        window = new DeltaWindow(options.WindowDeltasMax, options.WindowBytesMax);
        idleSince = time.GetTimestamp();
        retry = time.CreateTimer(_ => signal.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Not awaited: it ends when the feed is stopped. It waits first, so nothing is read on the caller's stack.
        _ = RunAsync();
        signal.Set();
    }

    public PartitionKey Partition { get; }

    /// <summary>Resources that were projected and encoded, since the beginning.</summary>
    public long Projected { get; private set; }

    /// <summary>Why the store cannot be read, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>The table as far as it was read; null before it was read for the first time.</summary>
    public GoalTable? Table
    {
        get
        {
            lock (gate)
                return isLoaded ? table : null;
        }
    }

    /// <summary>Everything that there was word of has been read.</summary>
    public bool IsCaughtUp
    {
        get
        {
            lock (gate)
                return isLoaded && table.Revision >= announced;
        }
    }

    /// <summary>The highest revision that there was word of; 0 when there was none.</summary>
    public long Announced
    {
        get
        {
            lock (gate)
                return announced;
        }
    }

    /// <summary>
    /// When there was word of a commit to a host's own partition; null: it is another one, or there was none since
    /// somebody follows it, or it is forgotten.
    /// </summary>
    public DateTimeOffset? AnnouncedAt(long revision)
    {
        lock (gate)
            return announcedAt.Exactly(revision);
    }

    public (int Deltas, int Bytes) Window
    {
        get
        {
            lock (gate)
                return (window.Count, window.Bytes);
        }
    }

    /// <summary>Calls back after each advance, on the feed's loop; the callee takes note and returns.</summary>
    public void AddFollower(Action onAdvanced)
    {
        lock (gate)
            followers.Add(onAdvanced);
    }

    public void RemoveFollower(Action onAdvanced)
    {
        lock (gate)
        {
            followers.Remove(onAdvanced);
            idleSince = time.GetTimestamp();
        }
    }

    public bool IsIdle(TimeSpan patience)
    {
        lock (gate)
            return followers.Count == 0 && time.GetElapsedTime(idleSince) >= patience;
    }

    public void Announce(long revision)
    {
        lock (gate)
        {
            announced = Math.Max(announced, revision);
            // Of the others nobody asks for the time, and there may be very many.
            if (Partition == PartitionKey.Host(Partition.Id))
                announcedAt.Add(revision, time.GetUtcNow());
        }
        signal.Set();
    }

    public void Audit()
    {
        lock (gate)
            isAuditDue = true;
        signal.Set();
    }

    public void Stop()
    {
        lock (gate)
            isStopped = true;
        retry.Dispose();
        signal.Set();
    }

    /// <summary>What a session needs that holds a revision; 0 is nothing.</summary>
    public Offer For(long held)
    {
        lock (gate)
        {
            if (!isLoaded)
                return Offer.Pending.Instance;
            if (held > table.Revision && held > refuted)
            {
                // Another process told it what this one has not read yet, unless the store says otherwise.
                doubted = Math.Max(doubted, held);
                signal.Set();
                return Offer.Pending.Instance;
            }
            if (held == 0 || held > table.Revision || held <= tooOld)
                return new Offer.Whole(table);
            if (lastOffer is { } last && last.From == held && ReferenceEquals(last.Table, table))
                return last;
            if (window.Since(held) is { } entries)
                return lastOffer = Difference(held, entries);
            wantedFloor = Math.Min(wantedFloor, held);
        }
        signal.Set();
        return Offer.Pending.Instance;
    }

    /// <summary>Whether an entry changed after one revision and not after another; null when it is not known.</summary>
    public bool? AnyChange(long after, long upTo)
    {
        lock (gate)
            return isLoaded && upTo <= table.Revision ? window.AnyChange(after, upTo) : null;
    }

    private Offer.Since Difference(long held, List<GoalEntry> entries)
    {
        var fits = entries.Sum(entry => entry.Encoded.Length) <= options.MessageBytesMax;
        var message = fits ? UpdateMessage.Difference(Partition, held, table.Revision, entries) : null;
        return new Offer.Since(held, table, entries, message);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await signal.WaitAsync();
            try
            {
                while (NextRead() is { } after)
                    await ReadAsync(after);
                Fault = null;
            }
#pragma warning disable CA1031 // Whatever the store throws, the hosts keep what they have, and it is asked again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fault = exception.Message;
                RetryLater();
            }
            lock (gate)
            {
                if (isStopped)
                    return;
            }
        }
    }

    private void RetryLater()
    {
        lock (gate)
        {
            if (!isStopped)
                retry.Change(options.RetryDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>From which revision to read; -1 is everything; null when there is nothing to read.</summary>
    private long? NextRead()
    {
        lock (gate)
        {
            (expected, examined) = (announced, doubted);
            if (isStopped)
                return null;
            if (!isLoaded)
                return -1;
            if (wantedFloor < window.Floor)
                return wantedFloor;
            wantedFloor = long.MaxValue;
            return announced > table.Revision || doubted > 0 || isAuditDue ? table.Revision : null;
        }
    }

    private async ValueTask ReadAsync(long after)
    {
        if (after < 0)
        {
            var snapshot = await store.SnapshotAsync(Partition, CancellationToken.None);
            Projected += snapshot.Resources.Count;
            Load(GoalTable.Of(snapshot, catalog));
        }
        else
        {
            var changes = await store.ChangesAsync(Partition, after, CancellationToken.None);
            Projected += changes.Changes.Count;
            Publish(after, changes);
        }
        List<Action> told;
        lock (gate)
        {
            // What a later claim says is looked up again: the next revisions may be given out meanwhile.
            (refuted, doubted) = (examined, doubted == examined ? 0 : doubted);
            told = [.. followers];
        }
        foreach (var follower in told)
            follower();
        Invariant.Require(table.Revision >= expected, "a store that tells of a commit lets it be read");
    }

    private void Load(GoalTable loaded)
    {
        lock (gate)
        {
            (table, isLoaded, lastOffer, isAuditDue) = (loaded, true, null, false);
            window.StartAt(loaded.Revision);
        }
    }

    private void Publish(long after, PartitionChanges changes)
    {
        if (changes.Revision < table.Revision)
        {
            // Only a store that was put back to an earlier state has less than we have seen: nothing we know counts.
            lock (gate)
                (isLoaded, announced, expected, tooOld) = (false, 0, 0, 0);
            return;
        }
        var delta = table.Apply(changes, catalog);
        lock (gate)
        {
            var reachesBack = after < window.Floor;
            if (delta.Entries.Count > 0)
                window.Append(new Breadcrumb(table.Revision, changes.Revision, delta.Entries));
            table = delta.Table;
            (lastOffer, isAuditDue) = (null, false);
            if (reachesBack)
                ReachBack(after, changes);
        }
    }

    /// <summary>Extends the window to a revision that a host holds, unless sending everything is less.</summary>
    private void ReachBack(long after, PartitionChanges changes)
    {
        if (changes.Changes.Count <= Math.Max(table.Entries.Count, 1))
        {
            var entries = changes.Changes.SelectMany(change => Projection.Whole(change, catalog));
            window.Prepend(new Breadcrumb(after, window.Floor, [.. entries]));
        }
        if (window.Floor > after)
            tooOld = Math.Max(tooOld, after);
        wantedFloor = long.MaxValue;
    }
}

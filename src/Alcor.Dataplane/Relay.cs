using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Dataplane;

/// <summary>
/// The partitions that somebody follows, each read from the store once and kept as a table with its last changes. A
/// partition that nobody follows any more is forgotten after a while.
/// </summary>
public sealed class Relay : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<PartitionKey, Feed> feeds = [];
    private readonly IStore store;
    private readonly Catalog catalog;
    private readonly DataplaneOptions options;
    private readonly TimeProvider time;
    private readonly IDisposable subscription;
    private readonly ITimer housekeeping;
    private long projectedBefore;
    private long auditedAt;

    public Relay(IStore store, Catalog catalog, DataplaneOptions options, TimeProvider time)
    {
        (this.store, this.catalog, this.options, this.time) = (store, catalog, options, time);
        auditedAt = time.GetTimestamp();
        subscription = store.Subscribe(Announce);
        var pause = options.PartitionIdle < options.AuditInterval ? options.PartitionIdle : options.AuditInterval;
        housekeeping = time.CreateTimer(_ => KeepHouse(), null, pause, pause);
    }

    /// <summary>Partitions in memory.</summary>
    public int PartitionCount
    {
        get
        {
            lock (gate)
                return feeds.Count;
        }
    }

    /// <summary>Resources that were projected and encoded since the start: it does not grow with the number of
    /// hosts.</summary>
    public long Projected
    {
        get
        {
            lock (gate)
                return projectedBefore + feeds.Values.Sum(feed => feed.Projected);
        }
    }

    /// <summary>Partitions that cannot be read now, and why.</summary>
    public IReadOnlyList<(PartitionKey Partition, string Reason)> Faults
    {
        get
        {
            lock (gate)
                return [.. feeds.Values.Where(feed => feed.Fault is not null).Select(f => (f.Partition, f.Fault!))];
        }
    }

    public void Dispose()
    {
        subscription.Dispose();
        housekeeping.Dispose();
        lock (gate)
        {
            foreach (var feed in feeds.Values)
                feed.Stop();
            feeds.Clear();
        }
    }

    /// <summary>Follows a partition until the answer is disposed.</summary>
    /// <param name="onAdvanced">Told after each advance; takes note, and neither blocks nor throws.</param>
    internal Following Follow(PartitionKey partition, Action onAdvanced)
    {
        lock (gate)
        {
            if (!feeds.TryGetValue(partition, out var feed))
                feeds.Add(partition, feed = new Feed(partition, store, catalog, options, time));
            feed.AddFollower(onAdvanced);
            return new Following(feed, onAdvanced);
        }
    }

    private void Announce(PartitionRevision commit)
    {
        lock (gate)
        {
            if (feeds.TryGetValue(commit.Partition, out var feed))
                feed.Announce(commit.Revision);
        }
    }

    private void KeepHouse()
    {
        lock (gate)
        {
            foreach (var feed in feeds.Values.Where(feed => feed.IsIdle(options.PartitionIdle)).ToList())
            {
                projectedBefore += feed.Projected;
                feeds.Remove(feed.Partition);
                feed.Stop();
            }
            if (time.GetElapsedTime(auditedAt) < options.AuditInterval)
                return;
            auditedAt = time.GetTimestamp();
            foreach (var feed in feeds.Values)
                feed.Audit();
        }
    }
}

/// <summary>That somebody follows a feed.</summary>
internal sealed class Following(Feed feed, Action onAdvanced) : IDisposable
{
    public Feed Feed => feed;

    public void Dispose() => feed.RemoveFollower(onAdvanced);
}

using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Dataplane;

/// <summary>
/// What a host has to be told next: the state of a session without its input and output. It follows the host's
/// partition, and with it the partitions of interest, step by step as each is read that leads to others; it holds at
/// most one update for each of them on its way.
/// </summary>
/// <remarks>Its gate guards it. Feeds call back into it; it calls feeds; neither does under the other's gate but this
/// one.</remarks>
internal sealed class Outbox : IDisposable
{
    private static readonly byte[] HeartbeatMessage =
        new DataplaneMessage { Heartbeat = new Heartbeat() }.ToByteArray();

    private static readonly byte[] SynchronizedMessage =
        new DataplaneMessage { Synchronized = new Synchronized() }.ToByteArray();

    private readonly Lock gate = new();
    private readonly SortedDictionary<PartitionKey, PartitionStream> streams = [];
    private readonly Queue<PartitionStream> ready = new();
    private readonly Queue<PartitionStream> pieces = new();
    private readonly Queue<PartitionKey> dropped = new();
    private readonly Dictionary<PartitionKey, long> held;
    private readonly PartitionStream own;
    private readonly HostProgress progress;
    private readonly Relay relay;
    private readonly DataplaneOptions options;
    private readonly Action wake;
    private readonly List<(PartitionKey Partition, long Revision, IReadOnlyList<EntryProblem> Results)> early = [];
    private List<(string NetworkId, PortObservation Observation)> observations = [];
    private int earlyResults;
    private int busy;
    private int unread;
    private bool isInterestStale;
    private bool isInterestKnown;
    private bool isSynchronized;
    private bool isHeartbeatDue;
    private bool isClosed;

    /// <param name="wake">Told when there may be something to send.</param>
    public Outbox(Greeting greeting, HostProgress progress, Relay relay, DataplaneOptions options, Action wake)
    {
        (this.progress, this.relay, this.options, this.wake) = (progress, relay, options, wake);
        held = new Dictionary<PartitionKey, long>(greeting.Held);
        lock (gate)
            own = Open(PartitionKey.Host(greeting.Host.Host));
    }

    /// <summary>Updates on their way, and partitions whose snapshot is being sent.</summary>
    public int BusyCount
    {
        get
        {
            lock (gate)
                return busy;
        }
    }

    /// <summary>What was read leads elsewhere, or nothing is left to be read that may lead further.</summary>
    private bool IsInterestUnsettled => isInterestStale || (!isInterestKnown && unread == 0);

    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            foreach (var stream in streams.Values)
                stream.Dispose();
            streams.Clear();
        }
    }

    /// <summary>The next message, or null when there is nothing to say now.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        lock (gate)
        {
            if (isClosed)
                return null;
            do
            {
                FollowInterest();
                if (dropped.TryDequeue(out var partition))
                    return Drop(partition);
                if (NextUpdate() is { } update)
                    return update;
            }
            while (IsInterestUnsettled);
            if (IsNewlySynchronized())
                return SynchronizedMessage;
            if (!isHeartbeatDue)
                return null;
            isHeartbeatDue = false;
            return HeartbeatMessage;
        }
    }

    /// <summary>A third of the liveness time has passed.</summary>
    /// <param name="wasSilent">Nothing was sent in it.</param>
    public void Tick(bool wasSilent)
    {
        lock (gate)
        {
            isHeartbeatDue = wasSilent;
            foreach (var stream in streams.Values)
            {
                if (stream.Tick())
                    Enqueue(stream);
            }
        }
        wake();
    }

    /// <summary>
    /// Takes note of an acknowledgement. What a host says before it is known what it must know waits until then.
    /// </summary>
    /// <exception cref="ProtocolViolationException">It names what the host cannot know, or says too much.</exception>
    public void Acknowledge(PartitionKey partition, long revision, IReadOnlyList<EntryProblem> results)
    {
        lock (gate)
        {
            FollowInterest();
            if (isInterestKnown)
            {
                Note(partition, revision, results);
            }
            else
            {
                earlyResults += results.Count;
                early.Add((partition, revision, results));
                if (early.Count > DataplaneLimits.HeldMax || earlyResults > DataplaneLimits.EarlyResultsMax)
                    throw new ProtocolViolationException("it says more than can wait until the store answers");
            }
        }
        wake();
    }

    /// <summary>What acknowledgements said of ports since the last call, by network.</summary>
    public IReadOnlyList<(string NetworkId, PortObservation Observation)> TakeObservations()
    {
        lock (gate)
        {
            if (observations.Count == 0)
                return [];
            var taken = observations;
            observations = [];
            return taken;
        }
    }

    private void Note(PartitionKey partition, long revision, IReadOnlyList<EntryProblem> results)
    {
        // Of a partition that was dropped while the acknowledgement was on its way nobody wants to know.
        if (isClosed || !streams.TryGetValue(partition, out var stream) || !stream.Takes(revision))
            return;
        var wasAwaiting = stream.IsAwaiting;
        stream.Release(revision);
        if (wasAwaiting && !stream.IsAwaiting)
        {
            busy--;
            Enqueue(stream);
        }
        var before = stream.Progress.Acknowledge(revision, results);
        if (stream.Feed.Table is not { } table)
            return;
        if (stream.Progress.ProblemCount > table.Entries.Count + DataplaneLimits.SpareProblemsMax)
            throw new ProtocolViolationException($"{partition} has more problems than entries");
        if (stream == own)
            observations.AddRange(PortAcknowledgements.Of(table, stream.Progress, before, results));
    }

    /// <summary>Once: all that was of interest when the host connected has been sent.</summary>
    private bool IsNewlySynchronized()
    {
        if (isSynchronized || !isInterestKnown || !own.Feed.IsCaughtUp)
            return false;
        return isSynchronized = streams.Values.All(stream => stream.WasComplete);
    }

    private ReadOnlyMemory<byte>? NextUpdate()
    {
        while (true)
        {
            var queue = pieces.Count > 0 ? pieces : ready;
            // An agent may wait with its first acknowledgements until it has been told everything.
            var isHeldUp = isSynchronized && queue == ready && busy >= options.UnacknowledgedMax;
            if (queue.Count == 0 || isHeldUp)
                return null;
            var stream = queue.Dequeue();
            stream.IsQueued = false;
            if (!streams.TryGetValue(stream.Partition, out var listed) || listed != stream)
                continue;
            var wasBusy = stream.IsBusy;
            var message = stream.Next();
            NoteLeads(stream);
            if (stream.IsBusy && !wasBusy)
                busy++;
            // A stream that is not busy after it spoke has told the host to forget, and goes on from nothing.
            if (stream.HasPieces || (message is not null && !stream.IsBusy))
                Enqueue(stream);
            if (message is not null)
                return message;
        }
    }

    /// <summary>Brings the partitions that are followed in line with what is bound to the host.</summary>
    private void FollowInterest()
    {
        if (isInterestStale)
        {
            isInterestStale = false;
            var interest = Interest.Of(
                own.Partition, partition => streams.GetValueOrDefault(partition)?.Leads ?? []);
            foreach (var gone in streams.Keys.Where(key => key != own.Partition && !interest.Contains(key)).ToList())
                Close(gone);
            foreach (var partition in interest.Where(key => !streams.ContainsKey(key)))
                Open(partition);
        }
        if (IsInterestUnsettled)
            BeginWithAll();
    }

    /// <summary>Nothing that is followed leads any further: what the host has of other partitions it has in
    /// vain.</summary>
    private void BeginWithAll()
    {
        isInterestKnown = true;
        foreach (var partition in held.Keys.Order())
            dropped.Enqueue(partition);
        held.Clear();
        foreach (var (partition, revision, results) in early)
            Note(partition, revision, results);
        early.Clear();
    }

    private void NoteLeads(PartitionStream stream)
    {
        var before = stream.Leads;
        if (!stream.NoteLeads())
            return;
        if (before is null)
            unread--;
        // Where a stream leads for the first time, and all of it is followed, nothing comes or goes: of a thousand
        // networks that a router joins, each leads back to it. Not so the host: which groups its ports follow counts.
        isInterestStale |= stream == own || before is { Count: > 0 } || !stream.Leads!.All(streams.ContainsKey);
    }

    private PartitionStream Open(PartitionKey partition)
    {
        var following = relay.Follow(partition, () => Advanced(partition));
        held.Remove(partition, out var revision);
        var opened = new PartitionStream(
            following, progress.Open(partition, revision), options.MessageBytesMax, revision);
        streams.Add(partition, opened);
        unread++;
        Enqueue(opened);
        return opened;
    }

    private void Close(PartitionKey partition)
    {
        streams.Remove(partition, out var stream);
        if (stream!.IsBusy)
            busy--;
        if (stream.Leads is null)
            unread--;
        stream.Dispose();
        progress.Close(partition);
        dropped.Enqueue(partition);
    }

    private void Advanced(PartitionKey partition)
    {
        lock (gate)
        {
            if (streams.TryGetValue(partition, out var stream))
            {
                NoteLeads(stream);
                Enqueue(stream);
            }
        }
        progress.Changed(partition);
        wake();
    }

    private void Enqueue(PartitionStream stream)
    {
        if (stream.IsQueued || stream.IsAwaiting)
            return;
        stream.IsQueued = true;
        (stream.HasPieces ? pieces : ready).Enqueue(stream);
    }

    private static byte[] Drop(PartitionKey partition) =>
        new DataplaneMessage { Dropped = new PartitionDropped { Partition = partition.ToString() } }.ToByteArray();
}

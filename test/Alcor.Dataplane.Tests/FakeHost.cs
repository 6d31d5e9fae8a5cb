using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Dataplane.Tests;

/// <summary>
/// The other end of a session: applies what it gets as the protocol says, and complains when it is told what no agent
/// could make sense of. Whether and what it acknowledges is up to the test.
/// </summary>
internal sealed class FakeHost(string name) : IHostChannel
{
    private readonly Channel<AgentMessage> toDataplane = Channel.CreateUnbounded<AgentMessage>();
    private readonly Dictionary<string, List<Entry>> pieces = [];
    private TaskCompletionSource? blocked;

    public string Name => name;

    public SortedDictionary<string, Held> Partitions { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>The physical networks that it says it has; null: it says nothing of them.</summary>
    public string? BridgeMappings { get; init; }

    /// <summary>Everything but heartbeats, since the last <see cref="Forget"/>.</summary>
    public List<DataplaneMessage> Received { get; } = [];

    /// <summary>What rule of the protocol the dataplane broke, or null.</summary>
    public string? Complaint { get; private set; }

    public int Heartbeats { get; private set; }

    public int LargestMessageBytes { get; private set; }

    public bool AcknowledgesAtOnce { get; set; } = true;

    public IEnumerable<PartitionUpdate> Updates =>
        Received.Where(m => m.BodyCase == DataplaneMessage.BodyOneofCase.Update).Select(message => message.Update);

    public bool WasSynchronized => Received.Any(m => m.BodyCase == DataplaneMessage.BodyOneofCase.Synchronized);

    public IEnumerable<string> Dropped =>
        Received.Where(m => m.BodyCase == DataplaneMessage.BodyOneofCase.Dropped).Select(m => m.Dropped.Partition);

    /// <summary>The same host, that has connected again and holds what this one holds.</summary>
    public FakeHost Again() => new(name)
    {
        Partitions = new(Partitions, StringComparer.Ordinal),
        BridgeMappings = BridgeMappings,
    };

    public void SayHello()
    {
        var hello = new Hello { Host = name, TunnelAddress = Samples.TunnelOf(name).ToString(), Version = "1" };
        if (BridgeMappings is not null)
            hello.Configurations.Add("bridge_mappings", BridgeMappings);
        hello.Held.AddRange(Partitions.Select(
            held => new Protocol.V1.PartitionRevision { Partition = held.Key, Revision = (ulong)held.Value.Revision }));
        Say(new AgentMessage { Hello = hello });
        // As agents do: another dataplane knows nothing of what was said before.
        foreach (var (partition, held) in AcknowledgesAtOnce ? Partitions : [])
            Acknowledge(partition, held.Revision);
    }

    public void Say(AgentMessage message) => toDataplane.Writer.TryWrite(message);

    public void Acknowledge(PartitionKey partition, params EntryResult[] results) =>
        Acknowledge(partition.ToString(), Partitions[partition.ToString()].Revision, results);

    public void Acknowledge(string partition, long revision, params EntryResult[] results) =>
        Say(new AgentMessage
        {
            Ack = new Ack { Partition = partition, Revision = (ulong)revision, Results = { results } },
        });

    public void SayHeartbeat() => Say(new AgentMessage { Heartbeat = new Heartbeat() });

    /// <summary>The connection breaks.</summary>
    public void Leave() => toDataplane.Writer.TryComplete();

    /// <summary>Takes no message until <see cref="Unblock"/>.</summary>
    public void Block() => blocked = new TaskCompletionSource();

    public void Unblock() => blocked!.TrySetResult();

    public void Forget() => Received.Clear();

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (blocked is { } wait)
            await wait.Task.WaitAsync(cancellationToken);
        LargestMessageBytes = Math.Max(LargestMessageBytes, message.Length);
        Take(DataplaneMessage.Parser.ParseFrom(message.Span));
    }

    public async IAsyncEnumerable<AgentMessage> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Not the reader's own ReadAllAsync: it leaves the thread that everything here runs on.
        while (await toDataplane.Reader.WaitToReadAsync(cancellationToken))
        {
            while (toDataplane.Reader.TryRead(out var message))
                yield return message;
        }
    }

    public static EntryResult Result(EntryKind kind, string id, EntryState state, string reason = "") =>
        new() { Kind = kind, Id = EntryId.Encode(id), State = state, Reason = reason };

    private void Take(DataplaneMessage message)
    {
        if (message.BodyCase == DataplaneMessage.BodyOneofCase.Heartbeat)
        {
            Heartbeats++;
            return;
        }
        Received.Add(message);
        if (message.BodyCase == DataplaneMessage.BodyOneofCase.Dropped)
            Partitions.Remove(message.Dropped.Partition);
        if (message.BodyCase == DataplaneMessage.BodyOneofCase.Update && Apply(message.Update) && AcknowledgesAtOnce)
            Acknowledge(message.Update.Partition, (long)message.Update.ToRevision);
    }

    private bool Apply(PartitionUpdate update)
    {
        var held = Partitions.GetValueOrDefault(update.Partition);
        if (update.Snapshot)
        {
            if (!pieces.TryGetValue(update.Partition, out var collected))
                pieces.Add(update.Partition, collected = []);
            collected.AddRange(update.Entries);
            if (!update.Last)
                return false;
            pieces.Remove(update.Partition);
            Require(held is null || held.Revision <= (long)update.ToRevision, "a snapshot leads to no lower revision");
            Partitions[update.Partition] = new Held((long)update.ToRevision, Put([], collected));
            return true;
        }
        Require(update.Last, "a difference is one message");
        Require(
            held is not null && held.Revision == (long)update.FromRevision, "a difference starts where the host is");
        Require(update.ToRevision >= update.FromRevision, "a difference leads forward");
        Partitions[update.Partition] = new Held((long)update.ToRevision, Put(held!.Entries, update.Entries));
        return true;
    }

    private static SortedDictionary<EntryKey, ByteString> Put(
        SortedDictionary<EntryKey, ByteString> before, IEnumerable<Entry> entries)
    {
        var after = new SortedDictionary<EntryKey, ByteString>(before);
        foreach (var entry in entries)
        {
            var key = EntryKey.Read(entry.Kind, entry.Id);
            if (entry.Removed)
                after.Remove(key);
            else
                after[key] = entry.Value;
        }
        return after;
    }

    private void Require(bool holds, string rule)
    {
        if (holds)
            return;
        Complaint = rule;
        throw new InvalidOperationException(rule);
    }

    internal sealed record Held(long Revision, SortedDictionary<EntryKey, ByteString> Entries);
}

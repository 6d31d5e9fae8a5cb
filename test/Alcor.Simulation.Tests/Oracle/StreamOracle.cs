using System.Runtime.CompilerServices;
using Alcor.Agent.Desired;
using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Protocol.V1;
using EntryKey = Alcor.GoalState.EntryKey;

namespace Alcor.Simulation.Tests;

/// <summary>
/// Holds what agents are told against what was committed: a partition at a revision says what it said in the store at
/// that
/// revision, revisions do not go back, and Synchronized is said when it is true.
/// </summary>
internal sealed class StreamOracle(Simulation world, Oracle oracle)
{
    private const string DroppedMark = "dropped ";
    private readonly ConditionalWeakTable<AgentProcess, Hearing> _hearings = [];
    private readonly ConditionalWeakTable<Connection, Dictionary<string, ulong>> _outstanding = [];
    private readonly ConditionalWeakTable<Connection, Promise> _greetings = [];
    private readonly Dictionary<GoalEntry, IEntryValue> _decoded = new(ReferenceEqualityComparer.Instance);

    private History History => oracle.Commits.History;

    /// <summary>Whether the process has been told that it knows everything.</summary>
    public bool IsSynchronized(AgentProcess process) => HearingOf(process).IsSynchronized;

    public void OnHeard(Connection connection, AgentMessage message)
    {
        if (message.Hello is not null)
        {
            var own = PartitionKey.Host(connection.Host.Name);
            _greetings.AddOrUpdate(connection, new Promise(
                History.Moment,
                History.InterestOf(own).Append(own).ToDictionary(partition => partition, History.Last)));
        }
        if (message.Ack is { } ack && _outstanding.GetOrCreateValue(connection) is { } outstanding
            && outstanding.TryGetValue(ack.Partition, out var awaited) && ack.Revision >= awaited)
            outstanding.Remove(ack.Partition);
    }

    public void OnTold(Connection connection, DataplaneMessage message)
    {
        var outstanding = _outstanding.GetOrCreateValue(connection);
        switch (message.BodyCase)
        {
            case DataplaneMessage.BodyOneofCase.Update:
                var update = message.Update;
                // After a drop an acknowledgement of the time before it may still come and be taken for the new one's.
                if (update.Last && !outstanding.ContainsKey(DroppedMark + update.Partition))
                    oracle.Require(outstanding.TryAdd(update.Partition, update.ToRevision),
                        "one update of a partition is on its way at a time", $"{connection.Name}: {update.Partition}");
                break;
            case DataplaneMessage.BodyOneofCase.Dropped:
                outstanding.Remove(message.Dropped.Partition);
                outstanding[DroppedMark + message.Dropped.Partition] = 0;
                break;
            case DataplaneMessage.BodyOneofCase.Synchronized:
                var hearing = HearingOf(connection.Agent);
                if (!hearing.IsSynchronized && _greetings.TryGetValue(connection, out var greeting))
                    hearing.Promised = greeting;
                hearing.IsSynchronized = true;
                break;
        }
    }

    /// <summary>Looks at what agents hold, where it is another than before.</summary>
    public void AfterStep()
    {
        foreach (var host in world.Hosts)
        {
            if (host.Agent is not { } process)
                continue;
            var hearing = HearingOf(process);
            if (!ReferenceEquals(process.Agent.Desired, hearing.Seen))
                Look(process, hearing);
            if (hearing.Promised is not null && process.Agent.Status.Synchronized)
                RequirePromise(host, process);
        }
    }

    /// <summary>
    /// Before a switch loses anything: the agent has what it was promised when it was told Synchronized.
    /// </summary>
    public void RequirePromise(SimulatedHost host, AgentProcess process)
    {
        var hearing = HearingOf(process);
        if (hearing.Promised is not { } promised)
            return;
        hearing.Promised = null;
        var own = PartitionKey.Host(host.Name);
        var held = process.Agent.Desired.Partitions;
        foreach (var (partition, revision) in promised.Revisions)
        {
            if (!IsWantedSince(own, promised.Moment, partition))
                continue;
            var has = held.TryGetValue(partition.ToString(), out var one) ? (long)one.Revision : 0;
            oracle.Require(has >= revision || SaysTheSame(partition, has, revision),
                "Synchronized is said when it is true",
                $"{host.Name} holds {partition} at {has} and connected when it was at {revision}");
        }
    }

    private bool IsWantedSince(PartitionKey own, int from, PartitionKey partition) =>
        partition == own
        || Enumerable.Range(from, History.Moment - from + 1)
            .All(moment => History.InterestOf(own, moment).Contains(partition));

    private bool SaysTheSame(PartitionKey partition, long left, long right)
    {
        var (one, other) = (History.At(partition, left), History.At(partition, right));
        return one.Count == other.Count && one.All(known => ReferenceEquals(other.GetValueOrDefault(known.Key),
            known.Value));
    }

    private void Look(AgentProcess process, Hearing hearing)
    {
        var desired = process.Agent.Desired;
        hearing.Seen = desired;
        foreach (var (name, held) in desired.Partitions)
        {
            if (hearing.Held.TryGetValue(name, out var before) && ReferenceEquals(before, held))
                continue;
            hearing.Held[name] = held;
            oracle.Require(before is null || held.Revision >= before.Revision,
                "an agent never goes back to a lower revision",
                $"{process.Life.Name} held {name} at {before?.Revision}, now at {held.Revision}");
            Compare(process, PartitionKey.Parse(name), held);
        }
    }

    private void Compare(AgentProcess process, PartitionKey partition, HeldPartition held)
    {
        const string rule = "a partition at a revision says what it said in the store";
        var revision = (long)held.Revision;
        if (!oracle.Require(revision <= History.Last(partition), rule, $"{partition} was never at {revision}"))
            return;
        var version = History.At(partition, revision);
        foreach (var (key, entry) in version)
        {
            var has = held.Entries.GetValueOrDefault(new(key.Kind, key.Id))?.Value;
            oracle.Require(Equals(has, Decoded(entry)), rule,
                $"{process.Life.Name} holds {partition} at {revision} with {key} as {has}, it is {Decoded(entry)}");
        }
        foreach (var key in held.Entries.Keys)
        {
            var known = new EntryKey(key.Kind, key.Id);
            oracle.Require(version.ContainsKey(known), rule,
                $"{process.Life.Name} holds {partition} at {revision} with {key}, which is not there");
        }
    }

    private IEntryValue Decoded(GoalEntry entry)
    {
        if (!_decoded.TryGetValue(entry, out var value))
            _decoded[entry] = value = Rendering.Decode(entry);
        return value;
    }

    private Hearing HearingOf(AgentProcess process) => _hearings.GetOrCreateValue(process);

    private sealed class Hearing
    {
        public DesiredState? Seen { get; set; }

        public Dictionary<string, HeldPartition> Held { get; } = [];

        public bool IsSynchronized { get; set; }

        /// <summary>Of the connection that said Synchronized first.</summary>
        public Promise? Promised { get; set; }
    }

    /// <summary>Where the partitions of interest stood when a connection began.</summary>
    private sealed record Promise(int Moment, IReadOnlyDictionary<PartitionKey, long> Revisions);
}

using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent;

/// <summary>
/// What a dataplane has been told of each partition, and what it has to be told now. One ledger a connection: another
/// dataplane knows nothing of what was said before.
/// </summary>
internal sealed class AcknowledgementLedger
{
    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);

    private sealed class Told
    {
        public ulong Revision { get; set; }

        /// <summary>Entries last reported as not applied.</summary>
        public Dictionary<EntryKey, EntryProblem> Problems { get; } = [];
    }

    /// <summary>Nothing has been said yet.</summary>
    public void Clear() => _told.Clear();

    /// <param name="touched">The entries that may stand otherwise than when last reported.</param>
    /// <param name="problem">How an entry stands; null is applied.</param>
    public IReadOnlyList<Ack> Report(
        DesiredState desired, IEnumerable<EntryAddress> touched, Func<EntryAddress, EntryProblem?> problem)
    {
        var byPartition = touched.ToLookup(address => address.Partition, StringComparer.Ordinal);
        foreach (var gone in _told.Keys.Where(name => !desired.Partitions.ContainsKey(name)).ToList())
            _told.Remove(gone);
        var acks = new List<Ack>();
        foreach (var (name, partition) in desired.Partitions.OrderBy(held => held.Key, StringComparer.Ordinal))
        {
            // The first report of a partition on a connection looks at all its entries.
            if (_told.TryGetValue(name, out var told))
                Report(partition, told, byPartition[name], problem, acks);
            else
                Report(partition, _told[name] = new(), All(partition), problem, acks);
        }
        return acks;
    }

    private static IEnumerable<EntryAddress> All(HeldPartition partition) =>
        partition.Entries.Keys.Select(key => new EntryAddress(partition.Name, key));

    private static void Report(
        HeldPartition partition,
        Told told,
        IEnumerable<EntryAddress> touched,
        Func<EntryAddress, EntryProblem?> problem,
        List<Ack> acks)
    {
        var results = new List<EntryResult>();
        foreach (var address in touched.Distinct())
        {
            if (!partition.Entries.ContainsKey(address.Key))
            {
                told.Problems.Remove(address.Key);
                continue;
            }
            var now = problem(address);
            if (Equals(now, told.Problems.GetValueOrDefault(address.Key)))
                continue;
            results.Add(Result(address.Key, now));
            if (now is null)
                told.Problems.Remove(address.Key);
            else
                told.Problems[address.Key] = now;
        }
        if (results.Count == 0 && told.Revision == partition.Revision)
            return;
        // Whatever an Ack does not name is applied, so the revision is named only once all results are told.
        var parts = results.Chunk(AgentLimits.ResultsPerAckMax).ToList();
        foreach (var part in parts.SkipLast(1))
            acks.Add(Ack(partition.Name, told.Revision, part));
        acks.Add(Ack(partition.Name, partition.Revision, parts.LastOrDefault() ?? []));
        told.Revision = partition.Revision;
    }

    private static Ack Ack(string partition, ulong revision, IEnumerable<EntryResult> results) =>
        new() { Partition = partition, Revision = revision, Results = { results } };

    private static EntryResult Result(EntryKey key, EntryProblem? problem) => new()
    {
        Kind = key.Kind,
        Id = ByteString.CopyFrom(key.Id.ToByteArray(bigEndian: true)),
        State = problem switch
        {
            null => EntryState.Applied,
            { IsFailure: true } => EntryState.Failed,
            _ => EntryState.Waiting,
        },
        Reason = problem?.Reason ?? "",
    };
}

using System.Collections.Immutable;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Desired;

/// <summary>A partition as the host holds it: everything up to the revision, nothing after.</summary>
public sealed record HeldPartition(
    string Name, ulong Revision, ImmutableDictionary<EntryKey, HeldEntry> Entries);

/// <summary>What came of a message.</summary>
public enum UpdateOutcome
{
    /// <summary>The state is the new one.</summary>
    Applied,

    /// <summary>A piece of a snapshot was laid aside; what is held has not changed.</summary>
    Collecting,

    /// <summary>The message would lead to a lower revision; nothing changed.</summary>
    Stale,

    /// <summary>Something is missing in between: the agent connects again and says what it holds.</summary>
    Gap,
}

/// <param name="Changed">The entries whose value is another than before, or gone, or new.</param>
/// <param name="Reason">For a gap and for stale: what did not fit.</param>
public sealed record DesiredChange(
    DesiredState State, UpdateOutcome Outcome, ImmutableArray<EntryAddress> Changed, string Reason = "");

/// <summary>
/// What a host has been told, immutable. A difference is applied only on exactly the revision that it starts from, a
/// snapshot only when its last piece is there, and no partition ever goes back to a lower revision.
/// </summary>
public sealed record DesiredState
{
    public static readonly DesiredState Empty = new();

    private DesiredState()
    {
    }

    public ImmutableDictionary<string, HeldPartition> Partitions { get; private init; } =
        ImmutableDictionary.Create<string, HeldPartition>(StringComparer.Ordinal);

    private ImmutableDictionary<string, HeldPartition> Pending { get; init; } =
        ImmutableDictionary.Create<string, HeldPartition>(StringComparer.Ordinal);

    /// <summary>The entry, or null when it is not held.</summary>
    public HeldEntry? Find(EntryAddress address) =>
        Partitions.GetValueOrDefault(address.Partition)?.Entries.GetValueOrDefault(address.Key);

    /// <summary>Every entry that is held.</summary>
    public IEnumerable<EntryAddress> Addresses =>
        Partitions.Values.SelectMany(partition =>
            partition.Entries.Keys.Select(key => new EntryAddress(partition.Name, key)));

    public DesiredChange Apply(PartitionUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.Snapshot ? ApplyPiece(update) : ApplyDifference(update);
    }

    /// <summary>Forgets a partition with all its entries.</summary>
    public DesiredChange Drop(string partition)
    {
        var next = this with { Partitions = Partitions.Remove(partition), Pending = Pending.Remove(partition) };
        return new(next, UpdateOutcome.Applied, Differences(partition, Partitions.GetValueOrDefault(partition), null));
    }

    /// <summary>Forgets unfinished snapshots: their remaining pieces will not come on another connection.</summary>
    public DesiredState WithoutPending() => this with { Pending = Pending.Clear() };

    private DesiredChange ApplyDifference(PartitionUpdate update)
    {
        var held = Partitions.GetValueOrDefault(update.Partition);
        var revision = held?.Revision ?? 0;
        if (Pending.ContainsKey(update.Partition))
            return Unchanged(UpdateOutcome.Gap, $"a difference of {update.Partition} inside its snapshot");
        if (update.FromRevision != revision || held is null)
        {
            var reason = $"{update.Partition} is held at {revision}, the difference leads from {update.FromRevision} "
                + $"to {update.ToRevision}";
            return Unchanged(update.ToRevision <= revision ? UpdateOutcome.Stale : UpdateOutcome.Gap, reason);
        }
        if (update.ToRevision < revision)
            return Backwards(held, update);
        if (!TryPut(held with { Revision = update.ToRevision }, update.Entries, out var next, out var problem))
            return Unchanged(UpdateOutcome.Gap, problem);
        var changed = update.Entries.Select(entry => EntryDecoder.Key(entry)!.Value)
            .Distinct()
            .Where(key => next.Entries.GetValueOrDefault(key) != held.Entries.GetValueOrDefault(key))
            .Select(key => new EntryAddress(update.Partition, key));
        return new(
            this with { Partitions = Partitions.SetItem(next.Name, next) }, UpdateOutcome.Applied, [.. changed]);
    }

    private DesiredChange ApplyPiece(PartitionUpdate update)
    {
        var held = Partitions.GetValueOrDefault(update.Partition);
        if (held is not null && update.ToRevision < held.Revision)
            return Backwards(held, update);
        var pending = Pending.GetValueOrDefault(update.Partition);
        // Pieces of one snapshot name one revision: another revision is the beginning of another snapshot.
        if (pending is null || pending.Revision != update.ToRevision)
            pending = new(update.Partition, update.ToRevision, ImmutableDictionary<EntryKey, HeldEntry>.Empty);
        if (!TryPut(pending, update.Entries, out var collected, out var problem))
            return Unchanged(UpdateOutcome.Gap, problem);
        if (!update.Last)
        {
            var collecting = this with { Pending = Pending.SetItem(update.Partition, collected) };
            return new(collecting, UpdateOutcome.Collecting, []);
        }
        var next = this with
        {
            Pending = Pending.Remove(update.Partition),
            Partitions = Partitions.SetItem(update.Partition, collected),
        };
        return new(next, UpdateOutcome.Applied, Differences(update.Partition, held, collected));
    }

    private DesiredChange Unchanged(UpdateOutcome outcome, string reason) => new(this, outcome, [], reason);

    private DesiredChange Backwards(HeldPartition held, PartitionUpdate update) =>
        Unchanged(UpdateOutcome.Stale, $"{held.Name} would go from {held.Revision} to {update.ToRevision}");

    private static bool TryPut(
        HeldPartition partition, IReadOnlyList<Entry> entries, out HeldPartition next, out string problem)
    {
        var builder = partition.Entries.ToBuilder();
        next = partition;
        foreach (var entry in entries)
        {
            if (EntryDecoder.Key(entry) is not { } key)
            {
                problem = $"an entry of {partition.Name} has an id of {entry.Id.Length} bytes";
                return false;
            }
            if (entry.Removed)
                builder.Remove(key);
            else
                builder[key] = new HeldEntry(key, entry.Revision, EntryDecoder.Decode(entry));
        }
        problem = $"{partition.Name} has over {AgentLimits.PartitionEntriesMax} entries";
        if (builder.Count > AgentLimits.PartitionEntriesMax)
            return false;
        next = partition with { Entries = builder.ToImmutable() };
        return true;
    }

    private static ImmutableArray<EntryAddress> Differences(string name, HeldPartition? before, HeldPartition? after)
    {
        var old = before?.Entries ?? ImmutableDictionary<EntryKey, HeldEntry>.Empty;
        var now = after?.Entries ?? ImmutableDictionary<EntryKey, HeldEntry>.Empty;
        var changed = now.Where(entry => old.GetValueOrDefault(entry.Key) != entry.Value).Select(entry => entry.Key)
            .Concat(old.Keys.Where(key => !now.ContainsKey(key)));
        return [.. changed.Select(key => new EntryAddress(name, key))];
    }
}

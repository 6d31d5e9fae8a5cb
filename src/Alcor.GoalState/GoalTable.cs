using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.GoalState;

/// <summary>
/// Everything that hosts must know of a partition, at one revision. Immutable, and versions share what they have in
/// common: a session that is still sending an old one holds little.
/// </summary>
/// <param name="Revision">The table says all that the partition held at this revision, and nothing later.</param>
/// <param name="Entries">None of them is a removal.</param>
public sealed record GoalTable(
    PartitionKey Partition, long Revision, ImmutableSortedDictionary<EntryKey, GoalEntry> Entries)
{
    public static GoalTable Empty(PartitionKey partition) =>
        new(partition, 0, ImmutableSortedDictionary<EntryKey, GoalEntry>.Empty);

    /// <summary>The full recompute: the oracle of <see cref="Apply"/>.</summary>
    public static GoalTable Of(PartitionSnapshot snapshot, Catalog catalog)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<EntryKey, GoalEntry>();
        foreach (var resource in snapshot.Resources)
        {
            var value = catalog[resource.Key.Type].Decode(resource.Value);
            if (Projection.Of(value, resource.Revision) is { Removed: false } entry)
                entries.Add(entry.Key, entry);
        }
        return new GoalTable(snapshot.Partition, snapshot.Revision, entries.ToImmutable());
    }

    /// <summary>
    /// The table after changes, and the entries that are now another than before. Changes may reach back behind this
    /// table's revision, or come again: what is known already is no news. A row that was written without a change of
    /// what hosts must know, such as a port whose status changed, is none either, and its entry keeps its revision.
    /// </summary>
    public GoalDelta Apply(PartitionChanges changes, Catalog catalog)
    {
        var entries = Entries.ToBuilder();
        var news = new List<GoalEntry>();
        foreach (var change in changes.Changes)
        {
            if (Projection.Of(change, catalog) is not { } entry)
                continue;
            var isKnown = entries.TryGetValue(entry.Key, out var known);
            if (isKnown ? entry.SaysTheSameAs(known!) : entry.Removed)
                continue;
            if (entry.Removed)
                entries.Remove(entry.Key);
            else
                entries[entry.Key] = entry;
            news.Add(entry);
        }
        return new GoalDelta(this with { Revision = changes.Revision, Entries = entries.ToImmutable() }, news);
    }
}

/// <param name="Entries">What differs from the table before, removals included; each key once.</param>
public sealed record GoalDelta(GoalTable Table, IReadOnlyList<GoalEntry> Entries);

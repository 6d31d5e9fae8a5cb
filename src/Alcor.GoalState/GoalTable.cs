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
/// <param name="Leads">Where they lead.</param>
public sealed record GoalTable(
    PartitionKey Partition, long Revision, ImmutableSortedDictionary<EntryKey, GoalEntry> Entries, Leads Leads)
{
    public static GoalTable Empty(PartitionKey partition) =>
        new(partition, 0, ImmutableSortedDictionary<EntryKey, GoalEntry>.Empty, Leads.None);

    /// <summary>The full recompute: the oracle of <see cref="Apply"/>.</summary>
    public static GoalTable Of(PartitionSnapshot snapshot, Catalog catalog)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<EntryKey, GoalEntry>();
        var leads = new List<PartitionKey>();
        foreach (var resource in snapshot.Resources)
        {
            var value = catalog[resource.Key.Type].Decode(resource.Value);
            if (Projection.Of(value, resource.Revision) is not { } entry)
                continue;
            entries.Add(entry.Key, entry);
            leads.AddRange(entry.Leads);
        }
        return new GoalTable(
            snapshot.Partition, snapshot.Revision, entries.ToImmutable(), Leads.None.With(leads, []));
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
        var (gained, lost) = (new List<PartitionKey>(), new List<PartitionKey>());
        foreach (var change in changes.Changes)
        {
            var present = Projection.Of(change, catalog);
            foreach (var key in Projection.KeysOf(change.Key))
            {
                var known = entries.GetValueOrDefault(key);
                if (NewsOf(key, known, present, change.Revision) is not { } entry)
                    continue;
                if (entry.Removed)
                    entries.Remove(key);
                else
                    entries[key] = entry;
                lost.AddRange(known?.Leads ?? []);
                gained.AddRange(entry.Leads);
                news.Add(entry);
            }
        }
        var table = this with
        {
            Revision = changes.Revision,
            Entries = entries.ToImmutable(),
            Leads = Leads.With(gained, lost),
        };
        return new GoalDelta(table, news);
    }

    /// <param name="known">What the table has of the key; null: nothing.</param>
    /// <param name="present">What the resource says now, of this key or another one; null: nothing.</param>
    private static GoalEntry? NewsOf(EntryKey key, GoalEntry? known, GoalEntry? present, long revision)
    {
        if (present is null || present.Key != key)
            return known is null ? null : GoalEntry.Absent(key, revision);
        return known is not null && present.SaysTheSameAs(known) ? null : present;
    }
}

/// <param name="Entries">What differs from the table before, removals included; each key once.</param>
public sealed record GoalDelta(GoalTable Table, IReadOnlyList<GoalEntry> Entries);

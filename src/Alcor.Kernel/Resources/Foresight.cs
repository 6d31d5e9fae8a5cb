using Alcor.Kernel.Store;

namespace Alcor.Kernel.Resources;

/// <summary>What resources will be once a decision that still grows is committed.</summary>
/// <param name="lane">What the decision is made on: its partition is seen as that, not as it was read.</param>
internal sealed class Foresight(Decision decision, Snapshot lane)
{
    /// <summary>Whether the decision changes the resource, and to what; null: it is no longer there.</summary>
    public bool TryFind(ResourceKey key, out Stamped<object>? foreseen)
    {
        var change = decision.Changes.FirstOrDefault(change => change.Key == key);
        foreseen = change is null ? null : After(change);
        return change is not null;
    }

    public Snapshot Over(PartitionKey partition, Func<PartitionKey, Snapshot> read)
    {
        var seen = partition == lane.Partition ? lane : read(partition);
        foreach (var change in decision.Changes.Where(change => change.Partition == partition))
        {
            seen = After(change) is { } resource
                ? seen.With(change.Type, resource)
                : seen.Without(change.Type, change.Key.Id);
        }
        return seen;
    }

    public IReadOnlyList<Stamped<object>> Over(
        ListQuery query, Func<ListQuery, IReadOnlyList<Stamped<object>>> read)
    {
        var changes = decision.Changes.Where(change => change.Type.Name == query.Type).ToList();
        if (changes is not [{ Type: { } type }, ..])
            return read(query);
        var changed = changes.Select(change => change.Key).ToHashSet();
        // Of a list that is cut short, what the decision takes away would be missing at its end.
        var left = read(query with { Limit = int.MaxValue })
            .Where(resource => !changed.Contains(type.KeyOf(resource.Value)));
        var added = changes.Where(change => change.Value is { } value && Selects(query, type.ToWrite(value)));
        return
        [
            .. left.Concat(added.Select(change => After(change)!.Value))
                .OrderBy(resource => type.KeyOf(resource.Value).Id, StringComparer.Ordinal)
                .Take(query.Limit),
        ];
    }

    /// <summary>Until the commit it has the revision that the decision found it at.</summary>
    private static Stamped<object>? After(ResourceChange change) =>
        change.Value is { } value ? new Stamped<object>(value, change.Earlier?.Revision ?? 0) : null;

    private static bool Selects(ListQuery query, Write write) =>
        (query.Index is not { } index || write.Index.Contains(index))
        && (query.RefersTo is not { } target || write.References.Contains(target));
}

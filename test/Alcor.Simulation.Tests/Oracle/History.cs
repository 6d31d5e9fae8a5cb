using System.Collections.Immutable;
using Alcor.GoalState;
using Alcor.Kernel.Store;

namespace Alcor.Simulation.Tests;

/// <summary>
/// What each partition said to hosts at each revision, recomputed commit by commit from whole resources.
/// </summary>
internal sealed class History
{
    private readonly Dictionary<PartitionKey, List<ImmutableDictionary<EntryKey, GoalEntry>>> _versions = [];

    public int PartitionCount => _versions.Count;

    /// <summary>The last revision of a partition.</summary>
    public long Last(PartitionKey partition) =>
        _versions.TryGetValue(partition, out var versions) ? versions.Count - 1 : 0;

    public ImmutableDictionary<EntryKey, GoalEntry> At(PartitionKey partition, long revision) =>
        _versions.TryGetValue(partition, out var versions) && revision >= 0 && revision < versions.Count
            ? versions[(int)revision]
            : ImmutableDictionary<EntryKey, GoalEntry>.Empty;

    public ImmutableDictionary<EntryKey, GoalEntry> Now(PartitionKey partition) => At(partition, Last(partition));

    /// <summary>Whether a key said something at a revision that it does not say at some later one.</summary>
    public bool ChangedAfter(PartitionKey partition, EntryKey key, long revision)
    {
        var then = At(partition, revision).GetValueOrDefault(key);
        for (var later = revision + 1; later <= Last(partition); later++)
        {
            if (!ReferenceEquals(At(partition, later).GetValueOrDefault(key), then))
                return true;
        }
        return false;
    }

    /// <summary>Adds the next revision of a partition.</summary>
    /// <param name="resources">What was written, decoded; null is a tombstone.</param>
    public void Add(PartitionKey partition, IEnumerable<(ResourceKey Key, object? Value)> resources)
    {
        if (!_versions.TryGetValue(partition, out var versions))
            _versions[partition] = versions = [ImmutableDictionary<EntryKey, GoalEntry>.Empty];
        var next = versions[^1].ToBuilder();
        foreach (var (key, value) in resources)
        {
            var entry = value is null
                ? Projection.OfEnd(key, versions.Count)
                : Projection.Of(value, versions.Count);
            if (entry is null)
                continue;
            if (entry.Removed)
                next.Remove(entry.Key);
            else if (!next.TryGetValue(entry.Key, out var known) || !known.SaysTheSameAs(entry))
                next[entry.Key] = entry;
        }
        versions.Add(next.ToImmutable());
    }

    /// <summary>The networks that a host must know at a revision of its own partition.</summary>
    public IEnumerable<PartitionKey> InterestOf(PartitionKey host, long revision) =>
        At(host, revision).Values.Select(entry => entry.Leads).OfType<PartitionKey>().Distinct();
}

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
    private readonly Dictionary<PartitionKey, List<int>> _moments = [];

    /// <summary>Counts the revisions of all partitions.</summary>
    public int Moment { get; private set; }

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
        {
            _versions[partition] = versions = [ImmutableDictionary<EntryKey, GoalEntry>.Empty];
            _moments[partition] = [0];
        }
        var next = versions[^1].ToBuilder();
        foreach (var (key, value) in resources)
        {
            var said = value is null ? null : Projection.Of(value, versions.Count);
            foreach (var one in Projection.KeysOf(key))
            {
                if (said?.Key != one)
                    next.Remove(one);
                else if (!next.TryGetValue(one, out var known) || !known.SaysTheSameAs(said))
                    next[one] = said;
            }
        }
        versions.Add(next.ToImmutable());
        _moments[partition].Add(++Moment);
    }

    /// <summary>The partitions that a host must know now, without its own.</summary>
    public IReadOnlySet<PartitionKey> InterestOf(PartitionKey host) => InterestOf(host, Moment);

    /// <summary>The partitions that a host must have known at a moment, without its own.</summary>
    public IReadOnlySet<PartitionKey> InterestOf(PartitionKey host, int moment) => Interest.Of(
        host,
        partition => [.. At(partition, RevisionAt(partition, moment)).Values.SelectMany(entry => entry.Leads)]);

    private long RevisionAt(PartitionKey partition, int moment) =>
        _moments.TryGetValue(partition, out var moments) ? moments.FindLastIndex(one => one <= moment) : 0;
}

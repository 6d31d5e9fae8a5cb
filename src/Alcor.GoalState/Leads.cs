using System.Collections.Immutable;
using Alcor.Kernel.Store;

namespace Alcor.GoalState;

/// <summary>
/// The partitions that the entries of a table lead to, and how many lead to each: what an entry's end takes away is
/// known without a look at the others. Immutable.
/// </summary>
public sealed class Leads
{
    public static readonly Leads None = new(ImmutableDictionary<PartitionKey, int>.Empty, []);

    private readonly ImmutableDictionary<PartitionKey, int> counts;

    private Leads(ImmutableDictionary<PartitionKey, int> counts, ImmutableSortedSet<PartitionKey> partitions) =>
        (this.counts, Partitions) = (counts, partitions);

    /// <summary>In order. The same instance as before a change that led to the same partitions.</summary>
    public ImmutableSortedSet<PartitionKey> Partitions { get; }

    /// <param name="gained">Where entries lead that are there now; a partition once for each.</param>
    /// <param name="lost">Where entries led that are there no more; a partition once for each.</param>
    public Leads With(IReadOnlyCollection<PartitionKey> gained, IReadOnlyCollection<PartitionKey> lost)
    {
        if (gained.Count == 0 && lost.Count == 0)
            return this;
        var changed = counts.ToBuilder();
        var partitions = Partitions.ToBuilder();
        // What is gained comes first: a partition that another entry leads to now was led to all the time.
        foreach (var partition in gained)
        {
            changed[partition] = changed.GetValueOrDefault(partition) + 1;
            partitions.Add(partition);
        }
        foreach (var partition in lost)
        {
            if (--changed[partition] > 0)
                continue;
            changed.Remove(partition);
            partitions.Remove(partition);
        }
        var now = partitions.ToImmutable();
        return new Leads(changed.ToImmutable(), now.SetEquals(Partitions) ? Partitions : now);
    }
}

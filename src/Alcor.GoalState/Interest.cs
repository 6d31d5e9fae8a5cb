using Alcor.Kernel.Store;

namespace Alcor.GoalState;

/// <summary>Which partitions a host must know, found by following references from what is bound to it.</summary>
public static class Interest
{
    /// <param name="host">The table of <c>host/{name}</c>.</param>
    /// <returns>In order, without the host's own partition.</returns>
    public static SortedSet<PartitionKey> Of(GoalTable host)
    {
        var partitions = new SortedSet<PartitionKey>();
        foreach (var entry in host.Entries.Values)
        {
            if (entry.Leads is { } partition)
                partitions.Add(partition);
        }
        return partitions;
    }
}

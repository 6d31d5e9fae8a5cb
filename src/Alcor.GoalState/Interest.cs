using Alcor.Kernel.Store;

namespace Alcor.GoalState;

/// <summary>
/// Which partitions a host must know, found by following references from what is bound to it: to its ports' networks,
/// from a network to the routers that are in it and the ACLs of its subnets, from a router to the networks that it
/// joins, and so on; and to its ports' security groups, from each to what its rules name, and no further.
/// </summary>
/// <remarks>
/// Of networks that it knows by routers alone a host needs no ACL: those are some entries more, and who leads where
/// stays a matter of each entry.
/// </remarks>
public static class Interest
{
    /// <param name="host">The partition of the host.</param>
    /// <param name="leadsOf">Where the entries of a partition lead; nowhere while it is not known.</param>
    /// <returns>In order, without the host's own partition.</returns>
    public static SortedSet<PartitionKey> Of(
        PartitionKey host, Func<PartitionKey, IReadOnlyCollection<PartitionKey>> leadsOf)
    {
        var followed = new SortedSet<PartitionKey>();
        var named = new SortedSet<PartitionKey>();
        var waiting = new Queue<PartitionKey>(leadsOf(host));
        while (waiting.TryDequeue(out var partition))
        {
            if (!followed.Add(partition))
                continue;
            if (partition == PartitionKey.SecurityGroup(partition.Id))
            {
                // Of these the members count, not the rules: those are of ports that are elsewhere.
                named.UnionWith(leadsOf(partition));
                continue;
            }
            foreach (var next in leadsOf(partition))
                waiting.Enqueue(next);
        }
        followed.UnionWith(named);
        return followed;
    }
}

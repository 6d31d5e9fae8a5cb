using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.SubnetPools;

/// <summary>Gives blocks back to the pools that they came from.</summary>
internal static class PoolReturns
{
    public static PoolBlock BlockOf(Subnet subnet) =>
        new(subnet.Id, subnet.NetworkId, subnet.ProjectId, subnet.Cidr);

    /// <summary>Gives back what subnets have that end, or leave their pool, in this decision.</summary>
    public static Decision GiveBack(this Decision decision, IEnumerable<Subnet> subnets, PartitionView view)
    {
        foreach (var ofPool in subnets.Where(subnet => subnet.SubnetPoolId is not null).GroupBy(s => s.SubnetPoolId!))
        {
            var partition = view.Of(SubnetPool.PartitionOf(ofPool.Key));
            if (partition.Find(SubnetPoolBlocks.Type, ofPool.Key) is not { } blocks)
                continue;
            var ended = ofPool.Select(subnet => subnet.Id).ToHashSet();
            var left = blocks.Value.Blocks.RemoveAll(block => ended.Contains(block.SubnetId));
            decision.Update(SubnetPoolBlocks.Type, blocks.Value with { Blocks = left }, blocks);
        }
        return decision;
    }
}

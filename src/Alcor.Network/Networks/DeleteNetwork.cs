using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Segments;
using Alcor.Network.Subnets;

namespace Alcor.Network.Networks;

/// <summary>
/// Deletes a network that has no ports, together with its subnets (as Neutron does), and gives back its segmentation
/// id in the same commit.
/// </summary>
internal sealed record DeleteNetwork(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Network.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        if (snapshot.Count(Port.Type) > 0)
            return Errors.NetworkInUse(Id, snapshot.All(Port.Type));
        var network = found.Value.Value;
        var decision = new Decision();
        foreach (var subnetId in network.SubnetIds)
            decision.Delete(Subnet.Type, snapshot.Find(Subnet.Type, subnetId)!.Value);
        decision.Delete(Network.Type, found.Value).AndAnswer();
        foreach (var segment in network.Segments)
        {
            decision.Unfollow(
                SegmentAllocation.Type,
                new SegmentAllocation(segment.NetworkType, segment.SegmentationId!.Value, network.Id));
        }
        return decision;
    }
}

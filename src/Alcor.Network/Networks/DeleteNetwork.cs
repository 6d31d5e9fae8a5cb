using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.IpAllocations;
using Alcor.Network.Logs;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Ports;
using Alcor.Network.Segments;
using Alcor.Network.Sharing;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;

namespace Alcor.Network.Networks;

/// <summary>
/// Deletes a network that has no ports but those of DHCP and of floating IPs that lead nowhere, together with these and
/// its subnets (as Neutron does), and gives back its segmentation ids in the same commit.
/// </summary>
internal sealed record DeleteNetwork(string Id, long? IfRevision) : ICommand
{
    /// <summary>The owner of ports that go along with their network.</summary>
    private const string DhcpOwner = "network:dhcp";

    public PartitionKey Lane => PartitionKey.Network(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Network.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var idle = snapshot.All(FloatingIp.Type).Where(ip => ip.LeadsNowhere).ToList();
        var goAlong = idle.Select(ip => ip.FloatingPortId).ToHashSet();
        var inTheWay = snapshot.All(Port.Type)
            .Where(port => port.DeviceOwner != DhcpOwner && !goAlong.Contains(port.Id))
            .ToList();
        if (inTheWay.Count > 0)
            return Errors.NetworkInUse(Id, inTheWay);
        if (snapshot.Count(IpAllocation.Type) > 0)
            return IpAllocationErrors.KeepsNetwork(Id, snapshot.All(IpAllocation.Type));
        var network = found.Value.Value;
        var decision = new Decision();
        foreach (var ip in idle)
            decision.Delete(FloatingIp.Type, snapshot.Find(FloatingIp.Type, ip.Id)!.Value);
        foreach (var port in snapshot.All(Port.Type))
        {
            decision.DeletePort(snapshot.Find(Port.Type, port.Id)!.Value)
                .DeleteLogsOf(Port.Type.Key(port.Id), context);
        }
        foreach (var subnetId in network.SubnetIds)
            decision.Delete(Subnet.Type, snapshot.Find(Subnet.Type, subnetId)!.Value);
        decision.LeaveNetworkAcls(network.SubnetIds, context);
        decision.DeleteShares(snapshot, Network.Type.Key(Id));
        decision.GiveBack(snapshot.All(Subnet.Type), new PartitionView(snapshot, context));
        foreach (var segment in network.Segments)
            decision.Unfollow(Segment.Type, Segment.Of(segment, Id, network.ProjectId, context.Now));
        return decision.Delete(Network.Type, found.Value).AndAnswer();
    }
}

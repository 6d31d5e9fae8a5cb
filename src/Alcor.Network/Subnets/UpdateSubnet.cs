using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.IpAllocations;
using Alcor.Network.Ports;

namespace Alcor.Network.Subnets;

internal sealed record UpdateSubnet(Subnet Current, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Subnet.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var subnet = found.Value.Value;
        var updated = subnet with
        {
            Name = Body.Get(SubnetAttributes.Name, subnet.Name),
            Description = Body.Get(SubnetAttributes.Description, subnet.Description),
            GatewayIp = Body.Get(SubnetAttributes.GatewayIp, subnet.GatewayIp),
            EnableDhcp = Body.Get(SubnetAttributes.EnableDhcp, subnet.EnableDhcp),
            AllocationPools = SubnetPlan.Sorted(Body.Get(SubnetAttributes.AllocationPools, subnet.AllocationPools)),
            DnsNameservers = Body.Get(SubnetAttributes.DnsNameservers, subnet.DnsNameservers),
            SegmentId = Body.Get(SubnetAttributes.SegmentId, subnet.SegmentId),
            ServiceTypes = Body.Get(SubnetAttributes.ServiceTypes, subnet.ServiceTypes),
            DnsPublishFixedIp = Body.Get(SubnetAttributes.DnsPublishFixedIp, subnet.DnsPublishFixedIp),
            HostRoutes = Body.Get(SubnetAttributes.HostRoutes, subnet.HostRoutes),
            UpdatedAt = context.Now,
        };
        var network = snapshot.Find(Networks.Network.Type, subnet.NetworkId)!.Value;
        var error = SubnetRules.CheckUpdate(updated, subnet, Body)
            ?? CheckGatewayInUse(updated, subnet, snapshot)
            ?? SegmentRules.CheckUpdate(updated, subnet, network.Value, snapshot.All(Subnet.Type), context);
        if (error is not null)
            return error;
        var decision = new Decision().Update(Subnet.Type, Route(updated, subnet, snapshot), found.Value).AndAnswer();
        return updated.SegmentId == subnet.SegmentId
            ? decision
            : decision.Update(
                Networks.Network.Type,
                network.Value with { HasSegmentedSubnets = updated.SegmentId is not null },
                network);
    }

    /// <summary>On a segment, its routes to the other ones follow its gateway, and are not forgotten.</summary>
    private static Subnet Route(Subnet updated, Subnet subnet, Snapshot snapshot)
    {
        var isThroughAnother = !Equals(updated.GatewayIp, subnet.GatewayIp);
        if (updated.SegmentId is null
            || (!isThroughAnother && updated.HostRoutes.SequenceEqual(subnet.HostRoutes)))
            return updated;
        var others = snapshot.Find(Networks.Network.Type, subnet.NetworkId)!.Value.Value.SubnetIds
            .Select(id => snapshot.Find(Subnet.Type, id)!.Value.Value);
        return updated.WithRoutesTo(others, isThroughAnother ? subnet.GatewayIp : null);
    }

    /// <summary>
    /// A router that has the gateway's address would no longer be the gateway, and none can get a reserved one.
    /// </summary>
    private static ApiError? CheckGatewayInUse(Subnet updated, Subnet subnet, Snapshot snapshot)
    {
        if (updated.GatewayIp is not { } wanted || wanted.Equals(subnet.GatewayIp))
            return null;
        if (snapshot.Find(IpAllocation.Type, IpAllocation.IdOf(wanted, subnet.Id)) is not null)
            return Errors.IpAddressAlreadyAllocated(wanted, subnet.Id);
        if (subnet.GatewayIp is not { } gateway)
            return null;
        var address = new FixedIp(subnet.Id, gateway);
        var router = snapshot.All(Port.Type).FirstOrDefault(
            port => SubnetPorts.IsRouterInterface(port.DeviceOwner) && port.FixedIps.Contains(address));
        return router is null ? null : Errors.GatewayIpInUse(gateway, router.Id);
    }
}

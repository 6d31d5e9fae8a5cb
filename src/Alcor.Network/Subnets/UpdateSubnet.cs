using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

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
        var pools = Body.Get(SubnetAttributes.AllocationPools, subnet.AllocationPools);
        var gateway = Body.Get(SubnetAttributes.GatewayIp, subnet.GatewayIp);
        var enableDhcp = Body.Get(SubnetAttributes.EnableDhcp, subnet.EnableDhcp);
        var error = SubnetPlan.CheckCidr(subnet.Cidr, enableDhcp)
            ?? SubnetPlan.CheckPools(subnet.Cidr, pools)
            ?? SubnetPlan.CheckGateway(subnet.Cidr, gateway, pools);
        if (error is not null)
            return error;
        var updated = subnet with
        {
            Name = Body.Get(SubnetAttributes.Name, subnet.Name),
            Description = Body.Get(SubnetAttributes.Description, subnet.Description),
            GatewayIp = gateway,
            EnableDhcp = enableDhcp,
            AllocationPools = pools,
            DnsNameservers = Body.Get(SubnetAttributes.DnsNameservers, subnet.DnsNameservers),
            HostRoutes = Body.Get(SubnetAttributes.HostRoutes, subnet.HostRoutes),
            UpdatedAt = context.Now,
        };
        return new Decision().Update(Subnet.Type, updated, found.Value).AndAnswer();
    }
}

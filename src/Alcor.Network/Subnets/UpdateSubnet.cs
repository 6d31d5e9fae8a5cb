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
        var updated = subnet with
        {
            Name = Body.Get(SubnetAttributes.Name, subnet.Name),
            Description = Body.Get(SubnetAttributes.Description, subnet.Description),
            GatewayIp = Body.Get(SubnetAttributes.GatewayIp, subnet.GatewayIp),
            EnableDhcp = Body.Get(SubnetAttributes.EnableDhcp, subnet.EnableDhcp),
            AllocationPools = SubnetPlan.Sorted(Body.Get(SubnetAttributes.AllocationPools, subnet.AllocationPools)),
            DnsNameservers = Body.Get(SubnetAttributes.DnsNameservers, subnet.DnsNameservers),
            HostRoutes = Body.Get(SubnetAttributes.HostRoutes, subnet.HostRoutes),
            UpdatedAt = context.Now,
        };
        return SubnetRules.CheckUpdate(updated, subnet, Body) is { } wrong
            ? wrong
            : new Decision().Update(Subnet.Type, updated, found.Value).AndAnswer();
    }
}

using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Subnets;

namespace Alcor.Network.IpAllocations;

/// <summary>Keeps addresses from ports, all that are asked for or none.</summary>
internal sealed record ReserveAddresses(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionOf(Items[0]);

    public IReadOnlyList<PartitionKey> Others =>
        [.. Items.Select(PartitionOf).Where(partition => partition != Lane).Distinct()];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var snapshots = Others.ToDictionary(key => key, context.Partition);
        snapshots.Add(Lane, snapshot);
        var reserved = new IpAllocation[Items.Count];
        // What is named first, so that no other item of the request gets it.
        foreach (var isNamed in new[] { true, false })
        {
            for (var i = 0; i < Items.Count; i++)
            {
                var named = Items[i].Body.Get(IpAllocationAttributes.IpAddress);
                if (named is not null != isNamed)
                    continue;
                var partition = snapshots[PartitionOf(Items[i])];
                var built = Build(Items[i], named, partition, context.Now);
                if (built.Error is { } error)
                    return Items.Count == 1 ? error : error.OfItem(i, IpAllocation.Type.Collection);
                reserved[i] = built.Value;
                snapshots[partition.Partition] = partition.WithClaimsOf(IpAllocation.Type, built.Value);
            }
        }
        var decision = new Decision();
        foreach (var allocation in reserved)
            decision.Create(IpAllocation.Type, allocation).AndAnswer();
        return decision;
    }

    private static PartitionKey PartitionOf(NewResource item) =>
        PartitionKey.Network(item.Body.Get(IpAllocationAttributes.NetworkId));

    private static Result<IpAllocation> Build(
        NewResource item, IPAddress? named, Snapshot partition, DateTimeOffset now)
    {
        var subnetId = item.Body.Get(IpAllocationAttributes.SubnetId);
        if (partition.Find(Subnet.Type, subnetId)?.Value is not { } subnet
            || !item.Caller.Sees(Subnet.Type, subnet))
            return Subnet.Type.Api.NotFound(subnetId);
        var taken = partition.Claimed(Subnet.Space(subnetId));
        if (named is not null && Refuse(named, subnet, taken) is { } wrong)
            return wrong;
        return (named ?? subnet.FirstFree(taken)) is { } address
            ? new IpAllocation(
                subnetId, address, subnet.NetworkId, item.Body.Get(IpAllocationAttributes.Description), now)
            : Errors.IpAddressGenerationFailure(subnet.NetworkId);
    }

    private static ApiError? Refuse(IPAddress address, Subnet subnet, NumberSet taken)
    {
        if (!SubnetPlan.IsUsable(subnet.Cidr, address))
            return Errors.InvalidIpForSubnet(address);
        if (address.Equals(subnet.GatewayIp))
            return IpAllocationErrors.IsGateway(address, subnet);
        return taken.Contains(address.ToNumber()) ? Errors.IpAddressAlreadyAllocated(address, subnet.Id) : null;
    }
}

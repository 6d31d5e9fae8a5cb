using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.IpAllocations;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Ports;
using Alcor.Network.SubnetPools;

namespace Alcor.Network.Subnets;

/// <summary>
/// Deletes a subnet whose addresses nobody holds by choice, together with those that ports have by themselves, and
/// gives its block back to its pool.
/// </summary>
internal sealed record DeleteSubnet(Subnet Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => Current.SubnetPoolId is { } pool ? SubnetPool.PartitionOf(pool) : Network;

    public IReadOnlyList<PartitionKey> Others => Lane == Network ? [] : [Network];

    private PartitionKey Network => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var view = new PartitionView(snapshot, context);
        var partition = view.Of(Network);
        var found = partition.Find(Subnet.Type, Current.Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var subnet = found.Value.Value;
        var ports = partition.All(Port.Type).Where(port => port.FixedIps.Any(ip => ip.SubnetId == subnet.Id)).ToList();
        if (ports.Any(port => Holds(subnet, port)))
            return Errors.SubnetInUse(subnet.Id, ports.Where(port => Holds(subnet, port)));
        var reserved = partition.All(IpAllocation.Type).Where(one => one.SubnetId == subnet.Id).ToList();
        if (reserved.Count > 0)
            return IpAllocationErrors.KeepsSubnet(subnet.Id, reserved);
        var network = partition.Find(Networks.Network.Type, subnet.NetworkId)!.Value;
        var decision = new Decision()
            .Delete(Subnet.Type, found.Value)
            .AndAnswer()
            .Update(Networks.Network.Type, Without(network.Value, subnet, partition), network)
            .GiveBack([subnet], view)
            .LeaveNetworkAcls([subnet.Id], context);
        if (subnet.SegmentId is not null)
            Unroute(decision, subnet, partition, context.Now);
        foreach (var port in ports)
        {
            var left = port with
            {
                FixedIps = port.FixedIps.RemoveAll(ip => ip.SubnetId == subnet.Id),
                UpdatedAt = context.Now,
            };
            decision.ChangePort(left, partition.Find(Port.Type, port.Id)!.Value);
        }
        return decision;
    }

    /// <summary>The subnets on other segments have no route to it any longer.</summary>
    private static void Unroute(Decision decision, Subnet subnet, Snapshot partition, DateTimeOffset now)
    {
        foreach (var other in partition.All(Subnet.Type).Where(other => other.Id != subnet.Id))
        {
            var without = other.WithoutRouteTo(subnet);
            if (!without.HostRoutes.Equals(other.HostRoutes))
            {
                var earlier = partition.Find(Subnet.Type, other.Id)!.Value;
                decision.Update(Subnet.Type, without with { UpdatedAt = now }, earlier);
            }
        }
    }

    /// <summary>What a port made itself holds a subnet on a segment, too, if it is all that the port has.</summary>
    private static bool Holds(Subnet subnet, Port port) =>
        SubnetPorts.IsRouterInterface(port.DeviceOwner)
        || (subnet.IsAutoAddress
            ? subnet.SegmentId is not null && port.FixedIps.All(ip => ip.SubnetId == subnet.Id)
            : !SubnetPorts.IsTemporary(port.DeviceOwner));

    private static Networks.Network Without(Networks.Network network, Subnet subnet, Snapshot partition)
    {
        var others = partition.All(Subnet.Type).Where(other => other.Id != subnet.Id).ToList();
        var left = network with
        {
            SubnetIds = network.SubnetIds.Remove(subnet.Id),
            HasSegmentedSubnets = others.Any(other => other.SegmentId is not null),
        };
        var isScoped = others.Any(other => other.IpVersion == subnet.IpVersion && other.SubnetPoolId is not null);
        return isScoped ? left : ScopeMembership.WithScope(left, subnet.IpVersion, null);
    }
}

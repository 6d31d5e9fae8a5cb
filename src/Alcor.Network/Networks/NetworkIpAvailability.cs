using System.Collections.Immutable;
using System.Numerics;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.IpAllocations;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Network.Networks;

/// <summary>How many addresses of a subnet ports have, or are reserved.</summary>
public sealed record SubnetIpAvailability(Subnet Subnet, long UsedIps)
{
    /// <summary>How many there are to be given out; of a subnet without pools, all of its block.</summary>
    public BigInteger TotalIps => Subnet.AllocationPools.IsEmpty
        ? Size(Subnet.Cidr.FirstNumber(), Subnet.Cidr.LastNumber())
        : Subnet.AllocationPools.Aggregate(
            BigInteger.Zero, (sum, pool) => sum + Size(pool.Start.ToNumber(), pool.End.ToNumber()));

    /// <summary>The whole of IPv6 has one number more than 128 bits can say.</summary>
    private static BigInteger Size(UInt128 first, UInt128 last) => (BigInteger)(last - first) + 1;
}

/// <summary>How much of the addresses of a network is used, by its ports or because it is reserved.</summary>
/// <param name="Subnets">Those that are counted, in order of creation.</param>
public sealed record NetworkIpAvailability(Network Network, ImmutableArray<SubnetIpAvailability> Subnets)
{
    public static readonly ResourceType<NetworkIpAvailability> Type =
        new("network_ip_availability", "network_ip_availabilities")
        {
            Json = NetworkJson.Default.NetworkIpAvailability,
            Id = row => row.Network.Id,
            Partition = row => PartitionKey.Network(row.Network.Id),
            Api = new ApiNames("network-ip-availabilities", "network_ip_availability", "network_ip_availabilities")
            {
                NotFound = id => Network.Type.Api.NotFound(id),
            },
            Attributes = NetworkIpAvailabilityAttributes.All,
        };

    public BigInteger TotalIps => Subnets.Aggregate(BigInteger.Zero, (sum, subnet) => sum + subnet.TotalIps);

    public long UsedIps => Subnets.Sum(subnet => subnet.UsedIps);

    /// <param name="network">A network of the partition.</param>
    /// <param name="isCounted">Which of its subnets count.</param>
    public static NetworkIpAvailability Of(Network network, Snapshot partition, Func<Subnet, bool> isCounted)
    {
        var used = partition.All(Port.Type)
            .SelectMany(port => port.FixedIps, (_, ip) => ip.SubnetId)
            .Concat(partition.All(IpAllocation.Type).Select(reserved => reserved.SubnetId))
            .CountBy(subnetId => subnetId)
            .ToDictionary(count => count.Key, count => count.Value);
        var subnets =
            from id in network.SubnetIds
            let subnet = partition.Find(Subnet.Type, id)?.Value
            where subnet is not null && isCounted(subnet)
            select new SubnetIpAvailability(subnet, used.GetValueOrDefault(id));
        return new NetworkIpAvailability(network, [.. subnets]);
    }
}

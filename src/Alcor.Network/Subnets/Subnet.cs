using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Subnets;

/// <summary>A closed range of addresses.</summary>
public readonly record struct AddressRange(IPAddress Start, IPAddress End)
{
    public bool Contains(IPAddress address)
    {
        var number = address.ToNumber();
        return Start.ToNumber() <= number && number <= End.ToNumber();
    }
}

/// <summary>A route that DHCP hands to the ports of a subnet.</summary>
public readonly record struct HostRoute(IPNetwork Destination, IPAddress Nexthop);

/// <summary>A block of addresses of a network.</summary>
/// <param name="GatewayIp">Null: the subnet has none.</param>
/// <param name="AllocationPools">Where addresses that nobody named come from; never the gateway.</param>
public sealed record Subnet(
    string Id,
    string NetworkId,
    string ProjectId,
    string Name,
    string Description,
    IPNetwork Cidr,
    IPAddress? GatewayIp,
    bool EnableDhcp,
    ImmutableArray<AddressRange> AllocationPools,
    ImmutableArray<IPAddress> DnsNameservers,
    ImmutableArray<HostRoute> HostRoutes,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<Subnet> Type = new("subnet", "subnets")
    {
        Json = NetworkJson.Default.Subnet,
        Id = subnet => subnet.Id,
        Partition = subnet => PartitionKey.Network(subnet.NetworkId),
        References = subnet => [Networks.Network.Type.Key(subnet.NetworkId)],
        IndexedBy = [("name", subnet => [subnet.Name])],
        ListedByReference = [("network_id", "network")],
        VisibleTo = subnet => [subnet.ProjectId],
        QuotaProject = subnet => subnet.ProjectId,
        Attributes = SubnetAttributes.All,
    };

    /// <summary>The space in which each address of the subnet has one owner.</summary>
    public static string Space(string subnetId) => $"ip/{subnetId}";
}

using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Subnets;

namespace Alcor.Network.FloatingIps;

/// <summary>
/// A subnet that floating IPs can be of: an IPv4 subnet of an external network. Not stored: it follows from the subnet.
/// </summary>
/// <param name="ProjectId">Of who asks, whoever owns the subnet: so in Neutron.</param>
public sealed record FloatingIpPool(
    string SubnetId, string SubnetName, string NetworkId, IPNetwork Cidr, string ProjectId)
{
    public static readonly ResourceType<FloatingIpPool> Type = new("floatingip_pool", "floatingip_pools")
    {
        Json = NetworkJson.Default.FloatingIpPool,
        Id = pool => pool.SubnetId,
        Partition = pool => PartitionKey.Network(pool.NetworkId),
        Attributes = FloatingIpPoolAttributes.All,
        Api = new ApiNames("floatingip_pools", "floatingip_pool", "floatingip_pools")
        {
            NotFound = Subnet.Type.Api.NotFound,
        },
    };

    /// <summary>The pool that a subnet of an external network is for a project; null: it is none.</summary>
    public static FloatingIpPool? Of(Subnet subnet, string projectId) => subnet.IpVersion == 4
        ? new FloatingIpPool(subnet.Id, subnet.Name, subnet.NetworkId, subnet.Cidr, projectId)
        : null;
}

/// <summary>The attributes of a floating IP pool in the Networking API v2.0.</summary>
public static class FloatingIpPoolAttributes
{
    public static readonly Attribute<FloatingIpPool, string> SubnetId =
        new("subnet_id", Schemas.Uuid, "The subnet that it is.") { Read = pool => pool.Value.SubnetId };

    public static readonly Attribute<FloatingIpPool, string> SubnetName =
        new("subnet_name", Schemas.Text(CommonAttributes.TextMax), "The name of the subnet.")
        {
            Read = pool => pool.Value.SubnetName,
        };

    public static readonly Attribute<FloatingIpPool, string> NetworkId =
        new("network_id", Schemas.Uuid, "The external network.") { Read = pool => pool.Value.NetworkId };

    public static readonly Attribute<FloatingIpPool, IPNetwork> Cidr =
        new("cidr", Schemas.IpCidr, "The block that its addresses are of.") { Read = pool => pool.Value.Cidr };

    public static readonly Attribute<FloatingIpPool, string> ProjectId = Owner("project_id");

    public static readonly Attribute<FloatingIpPool, string> TenantId = Owner("tenant_id");

    public static readonly IReadOnlyList<IAttribute> All =
        [SubnetId, SubnetName, NetworkId, Cidr, ProjectId, TenantId];

    private static Attribute<FloatingIpPool, string> Owner(string name) =>
        new(name, Schemas.Text(CommonAttributes.TextMax), "The project of who asks.")
        {
            Read = pool => pool.Value.ProjectId,
        };
}

using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Subnets;

/// <summary>The attributes of a subnet in the Networking API v2.0.</summary>
public static class SubnetAttributes
{
    public static readonly Attribute<Subnet, string> Id = new("id", Schemas.Uuid, "The UUID of the subnet.")
    {
        Read = subnet => subnet.Value.Id,
    };

    public static readonly Attribute<Subnet, string> NetworkId =
        new("network_id", Schemas.Uuid, "The network that it belongs to.")
        {
            Read = subnet => subnet.Value.NetworkId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Subnet, string> Name = CommonAttributes.Name<Subnet>(s => s.Name);

    public static readonly Attribute<Subnet, string> Description =
        CommonAttributes.Description<Subnet>(s => s.Description);

    public static readonly Attribute<Subnet, string> ProjectId = CommonAttributes.ProjectId<Subnet>(s => s.ProjectId);

    public static readonly Attribute<Subnet, long> IpVersion =
        new("ip_version", SubnetSchemas.IpVersion, "The version of IP: 4 or 6.")
        {
            Read = subnet => subnet.Value.IpVersion,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Subnet, IPNetwork> Cidr =
        new("cidr", Schemas.IpCidr, "The block of addresses.")
        {
            Read = subnet => subnet.Value.Cidr,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Subnet, string?> SubnetPoolId =
        new("subnetpool_id", Schemas.Nullable(Schemas.Uuid), "The subnet pool that its block is taken from.")
        {
            Read = subnet => subnet.Value.SubnetPoolId,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Subnet, long?> PrefixLength =
        new(
            "prefixlen",
            Schemas.NullableValue(SubnetSchemas.NonNegative),
            "The size of the block that a subnet pool is asked for; the pool's default when absent.")
        {
            Read = subnet => subnet.Value.Cidr.PrefixLength,
            InCreate = Presence.Optional,
            IsVisible = false,
            IsFilterable = false,
        };

    public static readonly Attribute<Subnet, bool> UseDefaultSubnetPool =
        new("use_default_subnetpool", Schemas.Boolean, "Whether its block is taken from the default subnet pool.")
        {
            Read = _ => false,
            InCreate = Presence.Optional,
            IsVisible = false,
            IsFilterable = false,
        };

    public static readonly Attribute<Subnet, string?> SegmentId =
        new("segment_id", Schemas.Nullable(Schemas.Uuid), "The segment of the network that it is on.")
        {
            Read = subnet => subnet.Value.SegmentId,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Subnet, ImmutableArray<string>> ServiceTypes =
        new(
            "service_types",
            SubnetSchemas.UniqueList(Schemas.Text(CommonAttributes.TextMax), "service type"),
            "Which owners of ports get addresses in it; all when empty.")
        {
            Read = subnet => subnet.Value.ServiceTypes,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<Subnet, bool> DnsPublishFixedIp =
        new(
            "dns_publish_fixed_ip",
            Schemas.Boolean,
            "Whether DNS tells the addresses of its ports. Stored; no DNS service is told.")
        {
            Read = subnet => subnet.Value.DnsPublishFixedIp,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Subnet, bool> Shared =
        new("shared", Schemas.Boolean, "Whether its network is shared with all projects.")
        {
            Read = subnet => Sharing.Shares.WithEverybody(subnet.Value.Shares),
            ReadFor = (subnet, caller) => Sharing.Shares.IsSharedWith(caller.ProjectId, subnet.Value.Shares),
            IsVisible = false,
        };

    public static readonly Attribute<Subnet, IPAddress?> GatewayIp =
        new(
            "gateway_ip",
            Schemas.Nullable(Schemas.IpAddress),
            "The default gateway; the first address when absent, none when null.")
        {
            Read = subnet => subnet.Value.GatewayIp,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Subnet, string?> Ipv6RaMode =
        new(
            "ipv6_ra_mode",
            Schemas.Nullable(Schemas.OneOf([.. Ipv6Mode.All])),
            "How routers announce an IPv6 subnet.")
        {
            Read = subnet => subnet.Value.Ipv6RaMode,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Subnet, string?> Ipv6AddressMode =
        new(
            "ipv6_address_mode",
            Schemas.Nullable(Schemas.OneOf([.. Ipv6Mode.All])),
            "How ports of an IPv6 subnet get their addresses.")
        {
            Read = subnet => subnet.Value.Ipv6AddressMode,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Subnet, bool> EnableDhcp =
        new("enable_dhcp", Schemas.Boolean, "Whether DHCP is answered.")
        {
            Read = subnet => subnet.Value.EnableDhcp,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Subnet, ImmutableArray<AddressRange>> AllocationPools =
        new(
            "allocation_pools",
            Schemas.ListOf(SubnetSchemas.AddressRange, 64),
            "Where addresses come from; all but the gateway when absent.")
        {
            Read = subnet => subnet.Value.AllocationPools,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<Subnet, ImmutableArray<IPAddress>> DnsNameservers =
        new(
            "dns_nameservers",
            SubnetSchemas.UniqueList(Schemas.IpAddress, "nameserver"),
            "Name servers that DHCP hands out, in order.")
        {
            Read = subnet => subnet.Value.DnsNameservers,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<Subnet, ImmutableArray<HostRoute>> HostRoutes =
        new(
            "host_routes",
            SubnetSchemas.UniqueList(SubnetSchemas.HostRoute, "hostroute"),
            "Routes that DHCP hands out.")
        {
            Read = subnet => subnet.Value.HostRoutes,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = [],
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, NetworkId, Name, Description, ProjectId, CommonAttributes.TenantId<Subnet>(s => s.ProjectId), IpVersion,
        Cidr, SubnetPoolId, PrefixLength, UseDefaultSubnetPool, SegmentId, ServiceTypes, DnsPublishFixedIp, Shared,
        Ipv6RaMode, Ipv6AddressMode, GatewayIp, EnableDhcp, AllocationPools, DnsNameservers, HostRoutes,
        CommonAttributes.CreatedAt<Subnet>(s => s.CreatedAt),
        CommonAttributes.UpdatedAt<Subnet>(s => s.UpdatedAt),
        CommonAttributes.RevisionNumber<Subnet>(),
    ];
}

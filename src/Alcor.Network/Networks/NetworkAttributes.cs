using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Segments;

namespace Alcor.Network.Networks;

/// <summary>The attributes of a network in the Networking API v2.0, with those of Neutron's extensions.</summary>
public static class NetworkAttributes
{
    /// <summary>Segments that one request may name.</summary>
    private const int SegmentsMax = 64;

    public static readonly Attribute<Network, string> Id = new("id", Schemas.Uuid, "The UUID of the network.")
    {
        Read = network => network.Value.Id,
    };

    public static readonly Attribute<Network, string> Name = CommonAttributes.Name<Network>(n => n.Name);

    public static readonly Attribute<Network, string> Description =
        CommonAttributes.Description<Network>(n => n.Description);

    public static readonly Attribute<Network, string> ProjectId = CommonAttributes.ProjectId<Network>(n => n.ProjectId);

    public static readonly Attribute<Network, bool> AdminStateUp =
        Flag("admin_state_up", "Whether the network carries traffic.", n => n.AdminStateUp, initially: true);

    public static readonly Attribute<Network, long?> Mtu =
        new("mtu", Schemas.NullableValue(Schemas.Integer(0, 65_535)), "Bytes of the largest IP packet; 0: the default.")
        {
            Read = network => network.Value.Mtu,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Network, string?> NetworkType =
        new(
            "provider:network_type",
            Schemas.Nullable(Schemas.Text(32)),
            "What keeps its traffic apart: vxlan, geneve, vlan, flat, gre or local. Hosts do not apply gre and local.")
        {
            Read = network => network.Value.OnlySegment?.NetworkType,
            InCreate = Presence.Optional,
            InUpdate = true,
            AppliesOnlyTo = network => network.Segments.Length < 2,
        };

    public static readonly Attribute<Network, string?> PhysicalNetwork =
        new(
            "provider:physical_network",
            Schemas.Nullable(Schemas.Text(64)),
            "The physical network that carries a flat or VLAN network.")
        {
            Read = network => network.Value.OnlySegment?.PhysicalNetwork,
            InCreate = Presence.Optional,
            InUpdate = true,
            AppliesOnlyTo = network => network.Segments.Length < 2,
        };

    public static readonly Attribute<Network, long?> SegmentationId =
        new(
            "provider:segmentation_id",
            Schemas.NullableValue(Schemas.Integer(0, uint.MaxValue)),
            "The VLAN id or tunnel id; allocated when not given.")
        {
            Read = network => network.Value.OnlySegment?.SegmentationId,
            InCreate = Presence.Optional,
            InUpdate = true,
            AppliesOnlyTo = network => network.Segments.Length < 2,
        };

    public static readonly Attribute<Network, ImmutableArray<RequestedSegment>> Segments =
        new(
            "segments",
            Schemas.ListOf(RequestedSegment.Schema, SegmentsMax),
            "The provider attributes of each segment, where there are several.")
        {
            Read = network => [.. network.Value.Segments.Select(RequestedSegment.Of)],
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
            Default = [],
            AppliesOnlyTo = network => network.Segments.Length > 1,
        };

    public static readonly Attribute<Network, string> Status =
        new("status", Schemas.OneOf("ACTIVE"), "A network that exists is ACTIVE.") { Read = _ => "ACTIVE" };

    public static readonly Attribute<Network, bool> Shared =
        CommonAttributes.Shared<Network>(network => network.Shares, inRequest: true);

    public static readonly Attribute<Network, bool> External =
        Flag("router:external", "Whether it leads outside.", n => n.IsExternal, initially: false);

    public static readonly Attribute<Network, bool> IsDefault =
        new("is_default", Schemas.Boolean, "Whether auto-allocated topologies lead outside by this external network.")
        {
            Read = network => network.Value.IsDefault,
            InCreate = Presence.Optional,
            InUpdate = true,
            AppliesOnlyTo = network => network.IsExternal,
        };

    public static readonly Attribute<Network, bool> PortSecurityEnabled = Flag(
        "port_security_enabled",
        "Whether ports that do not say so are held to their addresses.",
        n => n.PortSecurityEnabled,
        initially: true);

    public static readonly Attribute<Network, string?> QosPolicyId =
        new(
            "qos_policy_id",
            Schemas.Nullable(Schemas.Uuid),
            "The QoS policy of the machines' ports that have none themselves.")
        {
            Read = network => network.Value.QosPolicyId,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Network, bool?> VlanTransparent =
        new(
            "vlan_transparent",
            Schemas.NullableValue(Schemas.Boolean),
            "Whether its ports may send frames with VLAN tags of their own; stored, hosts do not look at it yet.")
        {
            Read = network => network.Value.VlanTransparent,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Network, string> DnsDomain =
        new("dns_domain", DnsSchemas.Domain, "The domain of the names of its ports, with a dot at its end.")
        {
            Read = network => network.Value.DnsDomain,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
            IsFilterable = false,
        };

    public static readonly Attribute<Network, ImmutableArray<string>> AvailabilityZoneHints =
        new(
            "availability_zone_hints",
            Nodes.ZoneHints.Schema,
            "Zones of hosts that it is wished to be in; stored.")
        {
            Read = network => network.Value.AvailabilityZoneHints,
            InCreate = Presence.Optional,
            Default = [],
        };

    public static readonly Attribute<Network, ImmutableArray<string>> AvailabilityZones =
        new(
            "availability_zones",
            Schemas.ListOf(Schemas.Text(CommonAttributes.TextMax), int.MaxValue),
            "The zones of what serves it; none: every host serves its own ports, there is no server of a network.")
        {
            Read = _ => [],
        };

    public static readonly Attribute<Network, string?> Ipv4AddressScope =
        new("ipv4_address_scope", Schemas.Nullable(Schemas.Uuid), "The address scope of its IPv4 subnets.")
        {
            Read = network => network.Value.Ipv4AddressScopeId,
            IsFilterable = false,
        };

    public static readonly Attribute<Network, string?> Ipv6AddressScope =
        new("ipv6_address_scope", Schemas.Nullable(Schemas.Uuid), "The address scope of its IPv6 subnets.")
        {
            Read = network => network.Value.Ipv6AddressScopeId,
            IsFilterable = false,
        };

    public static readonly Attribute<Network, bool> L2Adjacency =
        new("l2_adjacency", Schemas.Boolean, "Whether its ports reach one another without a router.")
        {
            Read = network => !network.Value.HasSegmentedSubnets,
            IsFilterable = false,
        };

    public static readonly Attribute<Network, ImmutableArray<string>> Subnets =
        new("subnets", Schemas.ListOf(Schemas.Uuid, int.MaxValue), "Its subnets.")
        {
            Read = network => network.Value.SubnetIds,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, ProjectId, CommonAttributes.TenantId<Network>(n => n.ProjectId), AdminStateUp, Mtu,
        NetworkType, SegmentationId, PhysicalNetwork, Segments, Status, Shared, External, IsDefault,
        PortSecurityEnabled, QosPolicyId, VlanTransparent, DnsDomain, AvailabilityZoneHints, AvailabilityZones,
        Ipv4AddressScope, Ipv6AddressScope, L2Adjacency, Subnets,
        CommonAttributes.CreatedAt<Network>(n => n.CreatedAt),
        CommonAttributes.UpdatedAt<Network>(n => n.UpdatedAt),
        CommonAttributes.RevisionNumber<Network>(),
    ];

    private static Attribute<Network, bool> Flag(
        string name, string description, Func<Network, bool> read, bool initially) =>
        new(name, Schemas.Boolean, description)
        {
            Read = network => read(network.Value),
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = initially,
        };
}

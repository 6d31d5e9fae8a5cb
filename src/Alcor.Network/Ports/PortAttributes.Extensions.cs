using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Qos;
using Alcor.Network.Tags;
using Alcor.Network.Trunks;

namespace Alcor.Network.Ports;

/// <summary>Security, DHCP, names, quality of service and placement.</summary>
public static partial class PortAttributes
{
    internal const string ResourceRequestName = "resource_request";

    public static readonly Attribute<Port, ImmutableArray<string>> SecurityGroups =
        new(
            "security_groups",
            PortSchemas.ListOfUnique(Schemas.Uuid, 256),
            "The groups whose rules it follows; the default group of its project when absent.")
        {
            Read = port => port.Value.SecurityGroups.OrEmpty(),
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<Port, bool> PortSecurityEnabled =
        new(
            "port_security_enabled",
            Schemas.Boolean,
            "Whether it may send from its own and its allowed addresses only; its network says so when absent.")
        {
            Read = port => !port.Value.IsUnprotected,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Port, ImmutableArray<AddressPair>> AllowedAddressPairs =
        new(
            "allowed_address_pairs",
            Schemas.ListOf(PortSchemas.AddressPair, 256),
            "What it may send from besides its own addresses.")
        {
            Read = port => port.Value.AddressPairs.OrEmpty(),
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
            Default = [],
        };

    public static readonly Attribute<Port, ImmutableArray<ExtraDhcpOption>> ExtraDhcpOpts =
        new(
            "extra_dhcp_opts",
            Schemas.ListOf(PortSchemas.ExtraDhcpOption, 256),
            "DHCP options of this port alone; in a PUT those that change, null ends one.")
        {
            Read = port => port.Value.DhcpOptions.OrEmpty(),
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
            Default = [],
        };

    public static readonly Attribute<Port, string> DnsName =
        new("dns_name", DnsSchemas.Name, "Its name, where the cloud has a domain of its own; else it has none.")
        {
            Read = port => port.Value.Dns?.Name ?? "",
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Port, string> DnsDomain =
        new(
            "dns_domain",
            DnsSchemas.Domain,
            "The domain of its name outside of the cloud. Stored; no DNS service is told.")
        {
            Read = port => port.Value.Dns?.Domain ?? "",
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Port, ImmutableArray<DnsAssignment>> DnsAssignment =
        new("dns_assignment", Schemas.ListOf(PortSchemas.DnsAssignment, 64), "The names of its addresses.")
        {
            Read = port => PortNames.Of(port.Value),
            IsFilterable = false,
        };

    public static readonly Attribute<Port, string?> QosPolicyId =
        new(
            "qos_policy_id",
            Schemas.Nullable(Schemas.Uuid),
            "Its QoS policy, if it has one of its own; it holds in place of that of its network.")
        {
            Read = port => port.Value.QosPolicyId,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Port, string?> QosNetworkPolicyId =
        new("qos_network_policy_id", Schemas.Nullable(Schemas.Uuid), "The QoS policy of its network.")
        {
            Read = port => port.Value.NetworkQosPolicyId,
        };

    public static readonly Attribute<Port, ResourceRequest?> ResourceRequest =
        new(
            ResourceRequestName,
            QosSchemas.ResourceRequest,
            "What its QoS policy guarantees it, as Placement is asked for it; null: nothing.")
        {
            Read = port => port.Value.ResourceRequest,
            IsFilterable = false,
        };

    public static readonly Attribute<Port, string> IpAllocation =
        new(
            "ip_allocation",
            Schemas.OneOf(PortIpAllocation.Immediate, PortIpAllocation.Deferred, PortIpAllocation.None),
            "When it gets its addresses: deferred until its host is known, on a routed network.")
        {
            Read = port => port.Value.IpAllocation ?? PortIpAllocation.Immediate,
        };

    public static readonly Attribute<Port, string?> DeviceProfile =
        new(
            "device_profile",
            Schemas.Nullable(Schemas.Text(CommonAttributes.TextMax)),
            "The profile of the accelerator that backs it, for the orchestrator.")
        {
            Read = port => port.Value.Placement?.DeviceProfile,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Port, string?> NumaAffinityPolicy =
        new(
            "numa_affinity_policy",
            Schemas.Nullable(Schemas.OneOf("required", "preferred", "legacy")),
            "How near to its guest's memory it has to be, for the orchestrator.")
        {
            Read = port => port.Value.Placement?.NumaAffinityPolicy,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Port, string?> DataPlaneStatus =
        new(
            "data_plane_status",
            Schemas.Nullable(Schemas.OneOf("ACTIVE", "DOWN")),
            "What a watcher of the data plane says of it.")
        {
            Read = port => port.Value.DataPlaneStatus,
            InUpdate = true,
        };

    public static readonly Attribute<Port, bool> PropagateUplinkStatus =
        new(
            "propagate_uplink_status",
            Schemas.Boolean,
            "Whether its guest is told when the host's uplink goes down. Stored; not yet applied by hosts.")
        {
            Read = port => !port.Value.HidesUplinkStatus,
            InCreate = Presence.Optional,
            Default = true,
        };

    public static readonly Attribute<Port, PortTrunk?> TrunkDetails =
        new("trunk_details", TrunkSchemas.Details, "The trunk that it is the parent of, with the subports.")
        {
            Read = port => port.Value.Trunk,
            AppliesOnlyTo = port => port.Trunk is { IsSubport: false },
            IsFilterable = false,
        };

    public static readonly Attribute<Port, ImmutableArray<string>> Tags =
        new(
            "tags",
            PortSchemas.ListOfUnique(Schemas.Text(Tag.CharactersMax), Tag.CountMax),
            "Words that its owner put on it.")
        {
            Read = port => port.Value.Tags.OrEmpty(),
            InCreate = Presence.Optional,
            IsFilterable = false,
            Default = [],
        };
}

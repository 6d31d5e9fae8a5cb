using System.Collections.Immutable;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>The attributes of a port in the Networking API v2.0, with those of its extensions.</summary>
public static partial class PortAttributes
{
    public static readonly Attribute<Port, string> Id = new("id", Schemas.Uuid, "The UUID of the port.")
    {
        Read = port => port.Value.Id,
    };

    public static readonly Attribute<Port, string> NetworkId =
        new("network_id", Schemas.Uuid, "The network that it belongs to.")
        {
            Read = port => port.Value.NetworkId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Port, string> Name = CommonAttributes.Name<Port>(p => p.Name);

    public static readonly Attribute<Port, string> Description = CommonAttributes.Description<Port>(p => p.Description);

    public static readonly Attribute<Port, string> ProjectId = CommonAttributes.ProjectId<Port>(p => p.ProjectId);

    public static readonly Attribute<Port, bool> AdminStateUp =
        new("admin_state_up", Schemas.Boolean, "Whether the port carries traffic.")
        {
            Read = port => port.Value.AdminStateUp,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Port, MacAddress?> MacAddress =
        new(
            "mac_address",
            Schemas.NullableValue(Schemas.Mac),
            "Its MAC address; allocated when not given, and another one by a PUT of null.")
        {
            Read = port => port.Value.MacAddress,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Port, ImmutableArray<FixedIpRequest>> FixedIps =
        new(
            "fixed_ips",
            PortSchemas.ListOfFixedIps,
            "Its addresses: each by subnet, by address or both. One of each IP version is allocated when absent, "
            + "none when empty.")
        {
            Read = port => [.. port.Value.FixedIps.Select(ip => new FixedIpRequest(ip.SubnetId, ip.IpAddress))],
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<Port, string> DeviceId =
        new("device_id", Schemas.Text(CommonAttributes.TextMax), "What uses the port: a server's UUID.")
        {
            Read = port => port.Value.DeviceId,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Port, string> DeviceOwner =
        new("device_owner", Schemas.Text(CommonAttributes.TextMax), "What kind of thing uses it: compute:nova.")
        {
            Read = port => port.Value.DeviceOwner,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Port, string> Status =
        new(
            "status",
            Schemas.OneOf(PortStatus.Active, PortStatus.Build, PortStatus.Down, PortStatus.Error),
            "ACTIVE when its host has acknowledged it as it is.")
        {
            Read = port => port.Value.Status,
        };

    /// <summary>Not a field: the order in which fields of a type in several files are set is not defined.</summary>
    public static IReadOnlyList<IAttribute> All =>
    [
        Id, NetworkId, Name, Description, ProjectId, CommonAttributes.TenantId<Port>(p => p.ProjectId), AdminStateUp,
        MacAddress, FixedIps, DeviceId, DeviceOwner, HostId, VnicType, Profile, VifType, VifDetails, Status,
        SecurityGroups, PortSecurityEnabled, AllowedAddressPairs, ExtraDhcpOpts, DnsName, DnsDomain, DnsAssignment,
        QosPolicyId, QosNetworkPolicyId, ResourceRequest, IpAllocation, DeviceProfile, NumaAffinityPolicy,
        DataPlaneStatus, PropagateUplinkStatus, TrunkDetails, Tags,
        CommonAttributes.CreatedAt<Port>(p => p.CreatedAt),
        CommonAttributes.UpdatedAt<Port>(p => p.UpdatedAt),
        CommonAttributes.RevisionNumber<Port>(),
    ];
}

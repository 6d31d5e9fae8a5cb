using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.FloatingIps;

/// <summary>The attributes of a floating IP in the Networking API v2.0, with those of its extensions.</summary>
public static class FloatingIpAttributes
{
    internal const string PortDetailsName = "port_details";
    internal const string QosNetworkPolicyIdName = "qos_network_policy_id";

    public static readonly Attribute<FloatingIp, string> Id = new("id", Schemas.Uuid, "The UUID of the floating IP.")
    {
        Read = ip => ip.Value.Id,
    };

    public static readonly Attribute<FloatingIp, string> ProjectId =
        CommonAttributes.ProjectId<FloatingIp>(ip => ip.ProjectId);

    public static readonly Attribute<FloatingIp, string> Description =
        CommonAttributes.Description<FloatingIp>(ip => ip.Description);

    public static readonly Attribute<FloatingIp, string> NetworkId =
        new("floating_network_id", Schemas.Uuid, "The external network that it is an address of.")
        {
            Read = ip => ip.Value.NetworkId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<FloatingIp, IPAddress?> Address =
        new("floating_ip_address", Schemas.Nullable(Schemas.IpAddress), "The address; allocated when not given.")
        {
            Read = ip => ip.Value.Address,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<FloatingIp, string?> SubnetId =
        new("subnet_id", Schemas.Nullable(Schemas.Uuid), "The subnet that the address shall be of.")
        {
            Read = _ => null,
            InCreate = Presence.Optional,
            IsVisible = false,
            IsFilterable = false,
        };

    public static readonly Attribute<FloatingIp, string?> PortId =
        new("port_id", Schemas.Nullable(Schemas.Uuid), "The port that it leads to; null: none.")
        {
            Read = ip => ip.Value.PortId,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<FloatingIp, IPAddress?> FixedIpAddress =
        new("fixed_ip_address", Schemas.Nullable(Schemas.IpAddress), "The address of the port that it leads to.")
        {
            Read = ip => ip.Value.FixedIpAddress,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<FloatingIp, string?> RouterId =
        new("router_id", Schemas.Nullable(Schemas.Uuid), "The router that it leads through; null: nowhere.")
        {
            Read = ip => ip.Value.RouterId,
        };

    public static readonly Attribute<FloatingIp, string> Status =
        new(
            "status",
            Schemas.OneOf(PortStatus.Active, PortStatus.Down),
            "ACTIVE: it leads somewhere, and a host has the way outside for it.")
        {
            Read = ip => ip.Value.IsServed ? PortStatus.Active : PortStatus.Down,
        };

    public static readonly Attribute<FloatingIp, string?> QosPolicyId =
        new(
            "qos_policy_id",
            Schemas.Nullable(Schemas.Uuid),
            "The QoS policy whose limits hold for what passes it; null: that of its network.")
        {
            Read = ip => ip.Value.QosPolicyId,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<FloatingIp, string?> QosNetworkPolicyId =
        new(QosNetworkPolicyIdName, Schemas.Nullable(Schemas.Uuid), "The QoS policy of its network.")
        {
            Read = ip => ip.Value.NetworkQosPolicyId,
            IsFilterable = false,
        };

    public static readonly Attribute<FloatingIp, string> DnsName =
        new("dns_name", DnsSchemas.RelativeName, "Its name in dns_domain. Stored; no DNS service is told.")
        {
            Read = ip => ip.Value.DnsName,
            InCreate = Presence.Optional,
            IsFilterable = false,
            Default = "",
        };

    public static readonly Attribute<FloatingIp, string> DnsDomain =
        new("dns_domain", DnsSchemas.Domain, "The domain of its name. Stored; no DNS service is told.")
        {
            Read = ip => ip.Value.DnsDomain,
            InCreate = Presence.Optional,
            IsFilterable = false,
            Default = "",
        };

    public static readonly Attribute<FloatingIp, Port?> PortDetails =
        new(PortDetailsName, FloatingIpSchemas.PortDetails, "What the port is that it leads to; null: none.")
        {
            Read = ip => ip.Value.Details,
            IsFilterable = false,
        };

    public static readonly Attribute<FloatingIp, ImmutableArray<PortForwarding>> PortForwardings =
        new("port_forwardings", FloatingIpSchemas.PortForwardings, "Which of its ports lead where.")
        {
            Read = ip => ip.Value.PortForwardings,
            IsFilterable = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, ProjectId, CommonAttributes.TenantId<FloatingIp>(ip => ip.ProjectId), Description, NetworkId, Address,
        SubnetId, PortId, FixedIpAddress, RouterId, Status, QosPolicyId, QosNetworkPolicyId, DnsName, DnsDomain,
        PortDetails, PortForwardings,
        CommonAttributes.Tags<FloatingIp>(ip => ip.Tags),
        CommonAttributes.CreatedAt<FloatingIp>(ip => ip.CreatedAt),
        CommonAttributes.UpdatedAt<FloatingIp>(ip => ip.UpdatedAt),
        CommonAttributes.RevisionNumber<FloatingIp>(),
    ];
}

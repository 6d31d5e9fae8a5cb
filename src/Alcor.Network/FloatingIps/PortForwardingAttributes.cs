using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.FloatingIps;

/// <summary>The attributes of a port forwarding in the Networking API v2.0.</summary>
public static class PortForwardingAttributes
{
    public static readonly Attribute<PortForwarding, string> Id =
        new("id", Schemas.Uuid, "The UUID of the port forwarding.") { Read = forwarding => forwarding.Value.Id };

    public static readonly Attribute<PortForwarding, string> FloatingIpId =
        new("floatingip_id", Schemas.Uuid, "The floating IP that it is part of.")
        {
            Read = forwarding => forwarding.Value.FloatingIpId,
            IsVisible = false,
        };

    public static readonly Attribute<PortForwarding, string> Protocol =
        new(
            "protocol",
            Protocols.Schema,
            "The transport protocol.")
        {
            Read = forwarding => forwarding.Value.Protocol,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly Attribute<PortForwarding, long?> ExternalPort = Single(
        "external_port", "The port of the floating IP; null: there are several.", p => p.ExternalPorts);

    public static readonly Attribute<PortForwarding, PortRange?> ExternalPorts = Range(
        "external_port_range", "The ports of the floating IP, first and last.", p => p.ExternalPorts);

    public static readonly Attribute<PortForwarding, long?> InternalPort = Single(
        "internal_port", "The port behind the router; null: there are several.", p => p.InternalPorts);

    public static readonly Attribute<PortForwarding, PortRange?> InternalPorts = Range(
        "internal_port_range", "The ports behind the router, first and last.", p => p.InternalPorts);

    public static readonly Attribute<PortForwarding, string> InternalPortId =
        new("internal_port_id", Schemas.Uuid, "The port of the network that it leads to.")
        {
            Read = forwarding => forwarding.Value.InternalPortId,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly Attribute<PortForwarding, IPAddress> InternalIpAddress =
        new("internal_ip_address", Schemas.IpAddress, "The address of that port.")
        {
            Read = forwarding => forwarding.Value.InternalIpAddress,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly Attribute<PortForwarding, string> Description =
        CommonAttributes.LongDescription<PortForwarding>(forwarding => forwarding.Description);

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, FloatingIpId, Protocol, ExternalPort, ExternalPorts, InternalPort, InternalPorts, InternalPortId,
        InternalIpAddress, Description,
    ];

    private static Attribute<PortForwarding, long?> Single(
        string name, string description, Func<PortForwarding, PortRange> read) =>
        new(name, Schemas.NullableValue(Schemas.Integer(1, PortRange.Highest)), description)
        {
            Read = forwarding => read(forwarding.Value).Single,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    private static Attribute<PortForwarding, PortRange?> Range(
        string name, string description, Func<PortForwarding, PortRange> read) =>
        new(name, FloatingIpSchemas.Range, description)
        {
            Read = forwarding => read(forwarding.Value),
            InCreate = Presence.Optional,
            InUpdate = true,
        };
}

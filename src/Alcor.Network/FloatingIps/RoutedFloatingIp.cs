using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.FloatingIps;

/// <summary>
/// What the hosts behind a router must know of a floating IP that leads to a port there, in the partition of the
/// router: those hosts follow it, and not what else is outside. Follows wholly from the floating IP.
/// </summary>
/// <param name="MacAddress">Of the port that holds the address outside.</param>
/// <param name="IsOnHost">Whether the host of the port has it; else that of the router's gateway.</param>
public sealed record RoutedFloatingIp(
    string FloatingIpId,
    string RouterId,
    IPAddress Address,
    MacAddress MacAddress,
    string PortId,
    IPAddress FixedIpAddress,
    bool IsOnHost)
{
    public static readonly ResourceType<RoutedFloatingIp> Type = new("routed_floatingip", "routed_floatingips")
    {
        Json = NetworkJson.Default.RoutedFloatingIp,
        Id = ip => $"{ip.FloatingIpId}@{ip.RouterId}",
        Partition = ip => PartitionKey.Router(ip.RouterId),
    };

    /// <summary>Null: it has none of its own.</summary>
    public string? QosPolicyId { get; init; }

    /// <summary>Null: it leads to no port as a whole.</summary>
    public static RoutedFloatingIp? Of(FloatingIp ip) =>
        ip is { RouterId: { } router, PortId: { } port, FixedIpAddress: { } address }
            ? new RoutedFloatingIp(ip.Id, router, ip.Address, ip.MacAddress, port, address, ip.IsOnHost)
            {
                QosPolicyId = ip.QosPolicyId,
            }
            : null;
}

/// <summary>
/// What the host of a router's gateway must know of a port forwarding, in the partition of the router. Follows wholly
/// from the floating IP.
/// </summary>
/// <param name="MacAddress">Of the port that holds the address outside.</param>
public sealed record RoutedPortForwarding(
    string PortForwardingId,
    string RouterId,
    IPAddress Address,
    MacAddress MacAddress,
    string Protocol,
    PortRange ExternalPorts,
    IPAddress InternalIpAddress,
    PortRange InternalPorts)
{
    public static readonly ResourceType<RoutedPortForwarding> Type =
        new("routed_port_forwarding", "routed_port_forwardings")
        {
            Json = NetworkJson.Default.RoutedPortForwarding,
            Id = forwarding => $"{forwarding.PortForwardingId}@{forwarding.RouterId}",
            Partition = forwarding => PartitionKey.Router(forwarding.RouterId),
        };

    /// <summary>Of the floating IP; null: that has none of its own.</summary>
    public string? QosPolicyId { get; init; }

    public static ImmutableArray<RoutedPortForwarding> AllOf(FloatingIp ip) => ip.RouterId is not { } router
        ? []
        :
        [
            .. ip.PortForwardings.Select(one => new RoutedPortForwarding(
                one.Id,
                router,
                ip.Address,
                ip.MacAddress,
                one.Protocol,
                one.ExternalPorts,
                one.InternalIpAddress,
                one.InternalPorts)
            {
                QosPolicyId = ip.QosPolicyId,
            }),
        ];
}

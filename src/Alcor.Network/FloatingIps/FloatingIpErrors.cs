using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.FloatingIps;

/// <summary>Errors of floating IPs and their port forwardings, with Neutron's names and status codes.</summary>
internal static class FloatingIpErrors
{
    public static ApiError Bad(string message) => Errors.BadRequest("floatingip", message);

    public static ApiError BadForwarding(string message) => Errors.BadRequest("port_forwarding", message);

    public static ApiError ExternalIpAddressExhausted(string networkId) => new(
        400, "ExternalIpAddressExhausted", $"Unable to find any IP address on external network {networkId}.");

    public static ApiError GatewayNotFound(string networkId, string subnetId, string portId) => new(
        404,
        "ExternalGatewayForFloatingIPNotFound",
        $"External network {networkId} is not reachable from subnet {subnetId}.  Therefore, cannot associate Port "
        + $"{portId} with a Floating IP.");

    public static ApiError PortAlreadyAssociated(FloatingIp ip, string portId, IPAddress? address) =>
        ApiError.Conflict(
            "FloatingIPPortAlreadyAssociated",
            $"Cannot associate floating IP {ip.Address} ({ip.Id}) with port {portId} using fixed IP {address}, as that "
            + $"fixed IP already has a floating IP on external network {ip.NetworkId}.");

    public static ApiError InUseByPortForwarding(string id) => ApiError.Conflict(
        "FipInUseByPortForwarding", $"Floating IP {id} in use by Port Forwarding resources.");

    public static ApiError PortHasPortForwarding(string portId) => new(
        400,
        "PortHasPortForwarding",
        $"Cannot associate floating IP to port {portId} because it already has a Port Forwarding binding.");

    public static ApiError PortHasFloatingIp(FloatingIp ip, string portId, IPAddress address) => ApiError.Conflict(
        "PortHasBindingFloatingIP",
        $"Cannot create port forwarding to floating IP {ip.Address} ({ip.Id}) with port {portId} using fixed IP "
        + $"{address}, as that port already has a binding floating IP.");
}

using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.NdpProxies;

/// <summary>Errors of ND proxies, with Neutron's names and status codes.</summary>
internal static class NdpProxyErrors
{
    public static ApiError NoIpv6Address(string portId) => Errors.BadRequest(
        "ndp_proxy", $"Requested port {portId} must allocate one IPv6 address at least");

    public static ApiError InvalidAddress(IPAddress address, string reason) => new(
        400, "InvalidAddress", $"The address {address} is invalid, reason: {reason}.");

    public static ApiError PortUnreachableRouter(string portId, string routerId) => ApiError.Conflict(
        "PortUnreachableRouter", $"The port {portId} cannot reach the router {routerId} by IPv6 subnet.");

    public static ApiError NotEnabled(string routerId) => ApiError.Conflict(
        "RouterNDPProxyNotEnable",
        $"The enable_ndp_proxy parameter of router {routerId} must be set as True while create ndp proxy entry on it.");

    public static ApiError AddressScopeConflict(string? external, string? inside) => ApiError.Conflict(
        "AddressScopeConflict",
        $"The IPv6 address scope {external ?? "None"} of external network conflict with internal network's IPv6 "
        + $"address scope {inside ?? "None"}.");

    public static ApiError Duplicate(string routerId, IPAddress address) => ApiError.Conflict(
        "NeutronDbObjectDuplicateEntry",
        "Failed to create a duplicate NDPProxy: for attribute(s) ['router_id', 'ip_address'] with value(s) "
        + $"{routerId}-{address}");

    public static ApiError GatewayNotValid(string routerId, string reason) => ApiError.Conflict(
        "RouterGatewayNotValid", $"Can not enable ndp proxy on router {routerId}, {reason}.");

    public static ApiError GatewayInUse(string routerId) => ApiError.Conflict(
        "RouterGatewayInUseByNDPProxy",
        $"Unable to unset external gateway of router {routerId}, There are one or more ndp proxies still in use on the "
        + "router.");

    public static ApiError Ipv6GatewayInUse(string routerId) => ApiError.Conflict(
        "RouterIPv6GatewayInUse",
        $"Can't remove the IPv6 subnet from external gateway of router {routerId}, the IPv6 subnet in use by the "
        + "router's ndp proxy.");

    public static ApiError InterfaceInUse(string routerId, string subnetId) => ApiError.Conflict(
        "RouterInterfaceInUseByNDPProxy",
        $"Unable to remove subnet {subnetId} from router {routerId}, There are one or more ndp proxies still in use on "
        + "the subnet.");
}

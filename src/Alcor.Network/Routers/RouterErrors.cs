using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>Errors of routers, with Neutron's names and status codes.</summary>
internal static class RouterErrors
{
    public static ApiError Bad(string message) => Errors.BadRequest("router", message);

    public static ApiError HostOfGateway(string portId) =>
        Bad($"the host of the gateway port {portId} is the one that was chosen for its router");

    public static ApiError InUse(string id, string reason) =>
        ApiError.Conflict("RouterInUse", $"Router {id} {reason}");

    public static ApiError InterfaceNotFound(string routerId, string portId) => new(
        404, "RouterInterfaceNotFound", $"Router {routerId} does not have an interface with id {portId}");

    public static ApiError InterfaceNotFoundForSubnet(string routerId, string subnetId) => new(
        404, "RouterInterfaceNotFoundForSubnet", $"Router {routerId} has no interface on subnet {subnetId}");

    public static ApiError SubnetMismatchForPort(string portId, string subnetId) => new(
        400,
        "SubnetMismatchForPort",
        $"Subnet on port {portId} does not match the requested subnet {subnetId}.");

    public static ApiError InterfaceInUseByFloatingIp(string routerId, string subnetId) =>
        InterfaceInUse("RouterInterfaceInUseByFloatingIP", routerId, subnetId, "floating IPs");

    public static ApiError InterfaceInUseByRoute(string routerId, string subnetId) =>
        InterfaceInUse("RouterInterfaceInUseByRoute", routerId, subnetId, "routes");

    public static ApiError GatewayInUseByFloatingIp(string routerId, string networkId) => ApiError.Conflict(
        "RouterExternalGatewayInUseByFloatingIp",
        $"Gateway cannot be updated for router {routerId}, since a gateway to external network {networkId} is required "
        + "by one or more floating IPs.");

    public static ApiError RoutesExhausted(string routerId, int maximum) => new(
        400,
        "RoutesExhausted",
        $"Unable to complete operation for {routerId}. The number of routes exceeds the maximum {maximum}.");

    public static ApiError InvalidRoutes(ImmutableArray<HostRoute> routes, string reason)
    {
        var printed = routes.Select(r => $"{{'destination': '{r.Destination}', 'nexthop': '{r.Nexthop}'}}");
        return new ApiError(
            400, "InvalidRoutes", $"Invalid format for routes: [{string.Join(", ", printed)}], {reason}");
    }

    private static ApiError InterfaceInUse(string type, string routerId, string subnetId, string by) =>
        ApiError.Conflict(
            type,
            $"Router interface for subnet {subnetId} on router {routerId} cannot be deleted, as it is required by one "
            + $"or more {by}.");
}

using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Routers;
using Alcor.Network.Subnets;

namespace Alcor.Network.NdpProxies;

/// <summary>
/// When a router may have ND proxies, its attribute enable_ndp_proxy, and what may not change while it has some.
/// </summary>
internal static class NdpProxyRules
{
    /// <summary>A new router, as a request wants it, with the gateway that it has got.</summary>
    public static Result<Router> OfNew(Router router, Body body, PartitionView view)
    {
        if (body.Get(RouterAttributes.EnableNdpProxy) != true)
            return router;
        if (router.Gateway is not { } gateway)
        {
            return NdpProxyErrors.GatewayNotValid(
                router.Id, "The request body not contain external gateway information");
        }
        var network = view.Of(PartitionKey.Network(gateway.NetworkId));
        return HasScope(gateway, view) && network.All(Subnet.Type).Any(subnet => subnet.IpVersion == 6)
            ? router with { EnablesNdpProxy = true }
            : NdpProxyErrors.GatewayNotValid(
                router.Id,
                $"The external network {gateway.NetworkId} don't support IPv6 ndp proxy, the network has no IPv6 "
                + "subnets or has no IPv6 address scope");
    }

    /// <summary>A changed router; with a gateway that no proxy can be on, the attribute is false.</summary>
    public static Result<Router> OfChanged(Router router, Router earlier, Body body, PartitionView view)
    {
        var isPossible = router.Gateway is { } gateway
            && HasScope(gateway, view)
            && gateway.FixedIps.Any(ip => ip.IpAddress.Version() == 6);
        if (body.Get(RouterAttributes.EnableNdpProxy) == true && !isPossible)
        {
            return NdpProxyErrors.GatewayNotValid(
                router.Id,
                router.Gateway is null && earlier.Gateway is not null
                    ? "The router's external gateway will be unset"
                    : "The router has no external gateway or the external gateway port has no IPv6 address or IPv6 "
                        + "address scope");
        }
        var isWanted = body.Get(RouterAttributes.EnableNdpProxy, earlier.EnablesNdpProxy) ?? earlier.EnablesNdpProxy;
        return router with { EnablesNdpProxy = isPossible && isWanted };
    }

    /// <summary>An error if the gateway has to stay.</summary>
    public static ApiError? CheckGatewayUnused(Router router, DecideContext context) =>
        context.Referrers(Router.Type.Key(router.Id), NdpProxy.Type, limit: 1).Count > 0
            ? NdpProxyErrors.GatewayInUse(router.Id)
            : null;

    /// <summary>An error if the gateway shall have other addresses, and none of IPv6 though that is needed.</summary>
    public static ApiError? CheckGatewayAddresses(Router router, GatewayRequest wanted, DecideContext context) =>
        !router.EnablesNdpProxy
        || wanted.FixedIps.IsEmpty
        || wanted.FixedIps.Any(ip => ip.IpAddress?.Version() == 6
            || (ip.SubnetId is { } id && context.Read(Subnet.Type, id)?.Value.IpVersion == 6))
            ? null
            : NdpProxyErrors.Ipv6GatewayInUse(router.Id);

    /// <summary>An error if the router has to stay on a subnet.</summary>
    public static ApiError? CheckSubnetUnused(Router router, Subnet subnet, DecideContext context) =>
        context.Referrers(Router.Type.Key(router.Id), NdpProxy.Type, limit: int.MaxValue)
            .Any(proxy => subnet.Cidr.Contains(proxy.Value.IpAddress))
            ? NdpProxyErrors.InterfaceInUse(router.Id, subnet.Id)
            : null;

    private static bool HasScope(RouterGateway gateway, PartitionView view) =>
        view.Find(Networks.Network.Type, PartitionKey.Network(gateway.NetworkId), gateway.NetworkId)
            ?.Value.Ipv6AddressScopeId is not null;
}

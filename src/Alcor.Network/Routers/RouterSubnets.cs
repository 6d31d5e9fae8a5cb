using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>
/// The subnets that a router is connected to, which must not overlap, and through which its routes go.
/// </summary>
internal static class RouterSubnets
{
    /// <summary>Neutron's max_routes.</summary>
    private const int RoutesMax = 30;

    /// <summary>An error if a router cannot be connected to subnets, together with those it has.</summary>
    public static ApiError? CheckOverlap(Router router, IEnumerable<Subnet> added, DecideContext context)
    {
        var subnets = added.ToList();
        foreach (var ip in router.FixedIps.Where(ip => subnets.Any(subnet => subnet.Id == ip.SubnetId)))
            return RouterErrors.Bad($"Router already has a port on subnet {ip.SubnetId}");
        foreach (var present in Of(router, context))
        {
            foreach (var subnet in subnets.Where(subnet => subnet.Cidr.Overlaps(present.Cidr)))
            {
                return RouterErrors.Bad(
                    $"Cidr {subnet.Cidr} of subnet {subnet.Id} overlaps with cidr {present.Cidr} of subnet "
                    + present.Id);
            }
        }
        return null;
    }

    /// <summary>An error if a route of the router leads through none of its subnets, or to itself.</summary>
    public static ApiError? CheckRoutes(Router router, DecideContext context)
    {
        if (router.Routes.Length > RoutesMax)
            return RouterErrors.RoutesExhausted(router.Id, RoutesMax);
        if (router.Routes.IsEmpty)
            return null;
        var blocks = Of(router, context).Select(subnet => subnet.Cidr).ToList();
        var own = router.FixedIps.Select(ip => ip.IpAddress).ToHashSet();
        foreach (var route in router.Routes)
        {
            if (!blocks.Any(block => block.Contains(route.Nexthop)))
                return RouterErrors.InvalidRoutes(router.Routes, "the nexthop is not connected with router");
            if (own.Contains(route.Nexthop))
                return RouterErrors.InvalidRoutes(router.Routes, "the nexthop is used by router");
        }
        return null;
    }

    /// <summary>The subnets of its interfaces, and all of the network that its gateway is on.</summary>
    private static IEnumerable<Subnet> Of(Router router, DecideContext context)
    {
        var ids = router.Interfaces.SelectMany(one => one.FixedIps).Select(ip => ip.SubnetId);
        if (router.Gateway is { FixedIps.Length: > 0 } gateway)
            ids = ids.Concat(context.Read(Networks.Network.Type, gateway.NetworkId)?.Value.SubnetIds ?? []);
        return ids.Distinct().Select(id => context.Read(Subnet.Type, id)?.Value).OfType<Subnet>();
    }
}

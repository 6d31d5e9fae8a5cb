using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Network.Subnets;

/// <summary>
/// Routes between the subnets of a routed network: what is on one segment gets to the subnets on the others through the
/// gateway of its own subnet, whatever its default route is.
/// </summary>
internal static class PeerRoutes
{
    /// <summary>With routes to the subnets on other segments, as far as it has none that lead there.</summary>
    /// <param name="earlierGateway">Through which it had them; null: through its gateway.</param>
    public static Subnet WithRoutesTo(this Subnet subnet, IEnumerable<Subnet> all, IPAddress? earlierGateway)
    {
        var routes = subnet.HostRoutes;
        foreach (var peer in all.Where(other => IsPeer(other, subnet)))
        {
            if (earlierGateway is not null)
                routes = routes.Remove(new HostRoute(peer.Cidr, earlierGateway));
            if (subnet.GatewayIp is { } gateway && !routes.Any(route => route.Destination.Contains(peer.Cidr)))
                routes = routes.Add(new HostRoute(peer.Cidr, gateway));
        }
        return subnet with { HostRoutes = routes };
    }

    /// <summary>Without the route to a subnet that is gone.</summary>
    public static Subnet WithoutRouteTo(this Subnet subnet, Subnet gone) => subnet.GatewayIp is { } gateway
        ? subnet with { HostRoutes = subnet.HostRoutes.Remove(new HostRoute(gone.Cidr, gateway)) }
        : subnet;

    private static bool IsPeer(Subnet other, Subnet subnet) =>
        other.Id != subnet.Id && other.SegmentId != subnet.SegmentId && other.IpVersion == subnet.IpVersion;
}

using Alcor.Kernel.Resources;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.FloatingIps;

/// <summary>
/// Where floating IPs are: on the host of their port if it has the physical network of theirs, else where the gateway
/// of their router is. Port forwardings are always there.
/// </summary>
internal static class FloatingIpPlacement
{
    /// <summary>The floating IP where it is as things are now.</summary>
    /// <param name="port">The port that it leads to, as it will be; null: to none as a whole.</param>
    public static FloatingIp At(this FloatingIp ip, Port? port, DecideContext context)
    {
        var router = ip.RouterId is { } id ? context.Read(Router.Type, id)?.Value : null;
        var isOnHost = port is { IsBound: true }
            && context.Read(Networks.Network.Type, ip.NetworkId)?.Value.CarriedSegment?.PhysicalNetwork is { } physical
            && context.Read(Node.Type, port.HostId) is { } node
            && node.Value.PhysicalNetworks.OrEmpty().Contains(physical);
        return (ip with { IsOnHost = isOnHost }).Served(router?.Gateway?.Host);
    }

    /// <summary>The floating IP as it is when this host, or none, has the gateway of its router.</summary>
    public static FloatingIp Served(this FloatingIp ip, GatewayHost? host) =>
        ip with { IsServed = ip.RouterId is not null && (ip.IsOnHost || host is not null) };

    /// <summary>
    /// The floating IPs that lead to a port are where the port is, which is on another host or on one that has other
    /// physical networks.
    /// </summary>
    public static Decision MoveFloatingIps(this Decision decision, Port port, DecideContext context)
    {
        foreach (var ip in context.Referrers<FloatingIp>(Port.Type.Key(port.Id), FloatingIp.Type))
        {
            if (ip.Value.PortId == port.Id)
                decision.MoveFloatingIp(ip, port, context);
        }
        return decision;
    }

    /// <summary>
    /// What the floating IP is concluded from is still so at the commit: the host that the port is on, and which the
    /// gateway of the router is on.
    /// </summary>
    public static Decision MoveFloatingIp(
        this Decision decision, Stamped<FloatingIp> ip, Port port, DecideContext context)
    {
        var moved = ip.Value.At(port, context);
        if (moved == ip.Value)
            return decision;
        if (moved.RouterId is { } router)
            decision.RestsOn(Router.Type, router, context.Read(Router.Type, router));
        return decision.ChangeFloatingIp(moved, ip).RestsOnHost(port.HostId, context);
    }

    /// <summary>The floating IPs of a router are served, or are not any more, when a host has its gateway.</summary>
    public static Decision ServeFloatingIps(
        this Decision decision, string router, GatewayHost? host, DecideContext context)
    {
        foreach (var ip in context.Referrers<FloatingIp>(Router.Type.Key(router), FloatingIp.Type))
        {
            var served = ip.Value.Served(host);
            // One that stays as it is must not meanwhile have come to depend on the gateway.
            if (served == ip.Value)
                decision.RestsOn(FloatingIp.Type, ip.Value.Id, ip);
            else
                decision.ChangeFloatingIp(served, ip);
        }
        return decision;
    }
}

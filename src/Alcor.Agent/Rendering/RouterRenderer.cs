using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>Renders routers, and the ports by which they are in networks.</summary>
internal static class RouterRenderer
{
    /// <summary>A network sees its router: it has an address here, and takes what is for it.</summary>
    public static EntryRendering Port(
        HostModel model, EntryAddress address, NetworkModel network, RouterPortValue port)
    {
        if (EntryRenderer.Obstacle(model, network, network.Id) is { } obstacle)
            return new([], obstacle);
        if (model.Router(port.RouterId) is not { } router)
            return EntryRendering.Waiting($"router {port.RouterId:D} has not arrived");
        // A port that says it is a router's does not make it one: the router has to say so too.
        if (router.Interfaces.All(one => one.PortId != address.Key.Id))
            return EntryRendering.Waiting($"router {port.RouterId:D} does not have this port");
        if (network.Value is not { AdminStateUp: true } value)
            return EntryRendering.Nothing;
        var number = model.NumberOf(value)!.Value;
        var flows = new List<Flow>();
        // One for all routers of the network, of which machines are not told which one it was; so not only while up.
        var isFirst = network.RouterPorts.Keys.First() == address;
        if (isFirst && model.TunnelOf(value) is { } tunnel)
            flows.Add(Routing.Arrive(tunnel, number, port.Mac));
        if (router.AdminStateUp)
            flows.AddRange(Present(port, number));
        return Owned(flows, address, problem: null);
    }

    /// <summary>A router is in a network.</summary>
    private static IEnumerable<Flow> Present(RouterPortValue port, uint number)
    {
        var here = Match.Empty.Register(Registers.Network, number);
        yield return Routing.Enter(number, port.Mac, port.RouterId);
        foreach (var ip in EntryRenderer.AddressesOf(port.Mac, port.Addresses))
        {
            yield return EntryRenderer.Answer(here, ip, port.Mac, NeighborDiscovery.OfRouter);
            yield return Routing.NextRouter(number, ip, port.Mac);
        }
    }

    /// <summary>
    /// That this host has the gateway of a router is nothing by itself: it is done when all of the router is.
    /// </summary>
    public static EntryRendering GatewayHere(HostModel model, Guid id)
    {
        if (model.Router(id) is not { } router)
            return EntryRendering.Waiting($"router {id:D} has not arrived");
        if (!model.Facts.TunnelAddress.Equals(router.Gateway?.TunnelAddress))
            return EntryRendering.Waiting($"router {id:D} has its gateway elsewhere still");
        return EntryRendering.Nothing with { RestsOn = Partitions.OfRouter(id) };
    }

    /// <summary>A router as a whole: what it is called by, and where it leads.</summary>
    public static EntryRendering Router(HostModel model, EntryAddress address, RouterValue router)
    {
        if (!router.AdminStateUp)
            return EntryRendering.Nothing;
        var sides = router.Interfaces.Select(one => Side(model, router, one)).ToList();
        var known = sides.Select(side => side.Side).OfType<RouterSide>().ToList();
        var own = known.SelectMany(side => side.Addresses).Distinct().ToList();
        var flows = own.Select(ip => Routing.Refuse(address.Key.Id, ip))
            .Concat(own.Concat(router.Gateway?.AllAddresses ?? []).Distinct()
                .Select(ip => Routing.Answer(address.Key.Id, ip)))
            .Concat(known.SelectMany(side => side.Subnets.Select(cidr =>
                Routing.Route(address.Key.Id, cidr, isConnected: true, side.Exit, nextHop: null))))
            .Concat(router.Routes.SelectMany(route => Extra(address.Key.Id, route, known)));
        var outside = router.Gateway is { } gateway
            ? GatewayRenderer.Gateway(model, address.Key.Id, router, gateway)
            : EntryRendering.Nothing;
        return Owned(flows.Concat(outside.Flows), address,
            sides.Select(side => side.Problem).Append(outside.Problem).FirstOrDefault(problem => problem is not null))
            with { Meters = outside.Meters };
    }

    /// <summary>A floating IP or a port forwarding.</summary>
    public static EntryRendering Outside(HostModel model, EntryAddress address)
    {
        if (Partitions.RouterOf(address) is not { } router)
            return EntryRendering.Nothing;
        var rendering = model.Outside(address) switch
        {
            FloatingIpValue ip => GatewayRenderer.FloatingIp(model, router, ip),
            PortForwardingValue forwarding => GatewayRenderer.PortForwarding(model, router, forwarding),
            _ => EntryRendering.Nothing,
        };
        return Owned(rendering.Flows, address, rendering.Problem) with { Meters = rendering.Meters };
    }

    /// <summary>A route leads through the subnet that its next hop is in.</summary>
    private static IEnumerable<Flow> Extra(Guid router, Route route, IEnumerable<RouterSide> sides) =>
        sides.Where(side => side.Subnets.Any(cidr => cidr.Contains(route.NextHop))).Take(1).Select(side =>
            Routing.Route(router, route.Destination, isConnected: false, side.Exit, route.NextHop));

    private static (RouterSide? Side, EntryProblem? Problem) Side(
        HostModel model, RouterValue router, RouterInterfaceValue one)
    {
        var network = model.Network(one.NetworkId);
        if (EntryRenderer.Obstacle(model, network, one.NetworkId) is { } obstacle)
            return (null, obstacle);
        var port = network!.RouterPorts.FirstOrDefault(known => known.Key.Key.Id == one.PortId).Value;
        if (port is null)
            return (null, EntryProblem.Waiting($"router port {one.PortId:D} has not arrived"));
        var missing = one.Addresses.Where(ip => !network.Subnets.ContainsKey(ip.SubnetId)).ToList();
        if (missing.Count > 0)
            return (null, EntryProblem.Waiting($"subnet {missing[0].SubnetId:D} has not arrived"));
        if (!network.Value!.AdminStateUp)
            return (null, null);
        return (new RouterSide(
            new RouterExit(model.NumberOf(network.Value)!.Value, port.Mac)
            {
                Mtu = PathMtus.Into(model, router, network.Value),
            },
            [.. EntryRenderer.AddressesOf(port.Mac, [.. one.Addresses.Select(ip => ip.Address)])],
            [.. one.Addresses.Select(ip => network.Subnets[ip.SubnetId].Cidr).Distinct()]), null);
    }

    private static EntryRendering Owned(IEnumerable<Flow> flows, EntryAddress owner, EntryProblem? problem)
    {
        var cookie = Cookies.Of(owner.Key);
        return new([.. flows.DistinctBy(flow => flow.Key).Select(flow => flow with { Cookie = cookie })], problem);
    }

    /// <summary>One interface of a router, as far as its network is known.</summary>
    private sealed record RouterSide(RouterExit Exit, List<IPAddress> Addresses, List<IPNetwork> Subnets);
}

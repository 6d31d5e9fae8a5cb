using System.Net;

namespace Alcor.Reachability.Tests;

/// <content>Routers, each alone or two behind each other, and their routes.</content>
internal sealed partial class CloudGenerator
{
    private readonly List<string> _routers = [];
    private readonly List<(string Router, string Subnet)> _interfaces = [];
    private readonly List<IPNetwork> _destinations = [];

    private void BuildRouters()
    {
        if (_networks is [var first, var between, var last] && _random.Chance(50))
        {
            BuildChain(first, between, last);
            return;
        }
        if (_isAboutAcls)
        {
            var edge = AddRouter();
            foreach (var network in _networks)
                AddInterface(edge, network);
            return;
        }
        for (var i = _random.Pick([0, 1, 1, 1, 2]); i > 0; i--)
        {
            var router = AddRouter();
            foreach (var network in _networks.Where(_ => _random.Chance(90)))
                AddInterface(router, network);
            if (_random.Chance(60))
                ChangeRoutes(router);
        }
    }

    /// <summary>Two routers share a network, and each leads to what is behind the other.</summary>
    private void BuildChain(int first, int between, int last)
    {
        var (near, far) = (AddRouter(), AddRouter());
        AddInterface(near, first);
        AddInterface(near, between);
        AddInterface(far, last);
        var (link, address) = (NewName("link"), Pools.Ipv4Of(between, 2));
        Add(new Create("port", link, $$"""
            {"name": "{{link}}", "network_id": "$net{{between}}", "port_security_enabled": false,
             "fixed_ips": [{"subnet_id": "$subnet{{between}}", "ip_address": "{{address}}"}]}
            """));
        Add(new Act("router", far, "add_router_interface", $$"""{"port_id": "${{link}}"}"""));
        AddRoute(near, IPNetwork.Parse(Pools.Ipv4Cidr(last)), address);
        AddRoute(far, IPNetwork.Parse(Pools.Ipv4Cidr(first)), Pools.GatewayOf(between, 4));
    }

    private string AddRouter()
    {
        _routers.Add(NewName("router"));
        Add(new Create("router", _routers[^1], $$"""{"name": "{{_routers[^1]}}"}"""));
        return _routers[^1];
    }

    private void AddInterface(string router, int network)
    {
        foreach (var subnet in new[] { $"subnet{network}", $"subnet6{network}", $"second{network}" }
            .Where(_subnets.Contains))
        {
            Add(new Act("router", router, "add_router_interface", $$"""{"subnet_id": "${{subnet}}"}"""));
            _interfaces.Add((router, subnet));
        }
    }

    private void AddRoute(string router, IPNetwork destination, IPAddress nextHop) => Add(new Act(
        "router", router, "add_extraroutes",
        $$"""{"routes": [{"destination": "{{destination}}", "nexthop": "{{nextHop}}"}]}"""));

    private void ChangeRouter(string router)
    {
        if (_random.Chance(50))
            Add(new Update("router", router, $$"""{"admin_state_up": {{(_random.Chance(50) ? "true" : "false")}}}"""));
        else
            ChangeRoutes(router);
    }

    /// <summary>Where a next hop is not in one of its subnets, the API refuses.</summary>
    private void ChangeRoutes(string router)
    {
        var version = NextVersion();
        var destinations = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => NextBlock(version)).Distinct().ToList();
        _destinations.AddRange(destinations);
        var routes = destinations.Select(destination =>
            $$"""{"destination": "{{destination}}", "nexthop": "{{_random.Pick(_machines).Address(version)}}"}""");
        Add(new Update("router", router, $$"""{"routes": [{{string.Join(", ", routes)}}]}"""));
    }
}

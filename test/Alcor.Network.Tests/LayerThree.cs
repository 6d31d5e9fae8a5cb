using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Network.AddressScopes;
using Alcor.Network.FloatingIps;
using Alcor.Network.LocalIps;
using Alcor.Network.NdpProxies;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;
using Alcor.Network.Topologies;

namespace Alcor.Network.Tests;

/// <summary>Routers and what is outside of them, in a region in memory.</summary>
internal static class LayerThree
{
    public static async Task<string> RouterAsync(this World world, string json = "{}") =>
        (await world.CreateAsync(Router.Type, json)).Value.Id;

    /// <summary>An external network with one subnet.</summary>
    public static async Task<string> ExternalAsync(this World world, string cidr)
    {
        var network = await world.CreateAsync(Networks.Network.Type, """{"router:external": true}""");
        await world.SubnetAsync(network.Value.Id, cidr);
        return network.Value.Id;
    }

    /// <summary>A host whose agent is alive, with these physical networks.</summary>
    public static async Task HostAsync(this World world, string host, params string[] physicalNetworks)
    {
        Assert.Null((await world.RunAsync(new RegisterNode(host, TunnelOf(host))
        {
            PhysicalNetworks = [.. physicalNetworks],
        })).Error);
        var connected = new ConnectAgent(
            new AgentSession(host, host),
            DerivedId.Of(host, "agent"),
            ImmutableSortedDictionary<string, string>.Empty);
        Assert.Null((await world.RunAsync(connected)).Error);
    }

    public static IPAddress TunnelOf(string host) => IPAddress.Parse($"192.0.2.{host.Sum(letter => letter) % 256}");

    public static async Task GoneAsync(this World world, string host) =>
        Assert.Null((await world.RunAsync(new ReportAgent(new AgentSession(host, host), Alive: false))).Error);

    /// <summary>An external network with one subnet on a physical network.</summary>
    public static async Task<string> ExternalOnAsync(this World world, string physicalNetwork, string cidr)
    {
        var network = await world.CreateAsync(
            Networks.Network.Type,
            $$"""
            {"router:external": true, "provider:network_type": "flat",
             "provider:physical_network": "{{physicalNetwork}}"}
            """);
        await world.SubnetAsync(network.Value.Id, cidr);
        return network.Value.Id;
    }

    public static async Task<Router> ReadRouterAsync(this World world, string router) =>
        (await world.FindAsync(Router.Type, router))!.Value.Value;

    /// <summary>A router between a new network with a subnet and an external network.</summary>
    public static async Task<(string Router, string Network)> RouterToAsync(
        this World world, string external, string cidr)
    {
        var network = await world.NetworkAsync();
        var router = await world.RouterAsync(GatewayJson(external));
        await world.AddInterfaceAsync(router, await world.SubnetAsync(network, cidr));
        return (router, network);
    }

    public static Task<Result<Outcome>> TryAddInterfaceAsync(this World world, string router, string json) =>
        world.TryActAsync(Router.Type, router, "add_router_interface", json);

    public static Task<Result<Outcome>> TryRemoveInterfaceAsync(this World world, string router, string json) =>
        world.TryActAsync(Router.Type, router, "remove_router_interface", json);

    public static async Task<Router> AddInterfaceAsync(this World world, string router, string subnet) =>
        RouterOf(await world.TryAddInterfaceAsync(router, SubnetJson(subnet)));

    public static async Task<Router> RemoveInterfaceAsync(this World world, string router, string subnet) =>
        RouterOf(await world.TryRemoveInterfaceAsync(router, SubnetJson(subnet)));

    public static async Task<FloatingIp> FloatingIpAsync(this World world, string external, string? port = null) =>
        (await world.CreateAsync(FloatingIp.Type, FloatingIpJson(external, port))).Value;

    /// <summary>What a project gets that asks for a network, where the defaults are there.</summary>
    public static Task<Result<Outcome>> TopologyAsync(this World world, string project = "project") =>
        world.RunAsync(new AllocateTopology(world.Settings, project, world.NewChange()));

    /// <summary>A resource of each type of this layer.</summary>
    public static async Task OneOfEachAsync(this World world)
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var (router, network) = await world.RouterToAsync(external, "10.0.0.0/24");
        await world.CreateAsync(
            ConnectionTracker.Type,
            $$"""{"router_id": "{{router}}", "helper": "ftp", "protocol": "tcp", "port": 21}""");
        await world.FloatingIpAsync(external, (await world.PortAsync(network)).Value.Id);
        var port = (await world.PortAsync(network)).Value;
        await world.CreateAsync(LocalIp.Type, $$"""{"local_port_id": "{{port.Id}}"}""");
        var ip = await world.FloatingIpAsync(external);
        await world.CreateAsync(
            PortForwarding.Type,
            $$"""
            {"floatingip_id": "{{ip.Id}}", "internal_port_id": "{{port.Id}}", "protocol": "udp",
             "internal_ip_address": "{{port.FixedIps[0].IpAddress}}", "external_port": 53, "internal_port": 53}
            """);
    }

    /// <summary>A router, with a port behind it, in the IPv6 address scope of the network that it leads to.</summary>
    public static async Task<(string Router, Port Port, string External)> ScopedRouterAsync(this World world)
    {
        var scope = (await world.CreateAsync(
            AddressScope.Type, """{"name": "outer", "ip_version": 6}""")).Value.Id;
        var pool = (await world.CreateAsync(
            SubnetPool.Type,
            $$"""{"name": "outer", "prefixes": ["fd01::/48"], "address_scope_id": "{{scope}}"}""")).Value.Id;
        var external = (await world.CreateAsync(
            Networks.Network.Type, """{"router:external": true}""")).Value.Id;
        var network = await world.NetworkAsync();
        await SubnetAsync(external);
        var inside = await SubnetAsync(network);
        var router = await world.RouterAsync(
            $$"""{"enable_ndp_proxy": true, {{GatewayJson(external)[1..]}}""");
        await world.AddInterfaceAsync(router, inside);
        return (router, (await world.PortAsync(network)).Value, external);

        async Task<string> SubnetAsync(string of) => (await world.CreateAsync(
            Subnet.Type,
            World.PortJson(of, $"\"ip_version\": 6, \"subnetpool_id\": \"{pool}\", \"prefixlen\": 64"))).Value.Id;
    }

    public static async Task<NdpProxy> NdpProxyAsync(this World world)
    {
        var (router, port, _) = await world.ScopedRouterAsync();
        return (await world.CreateAsync(
            NdpProxy.Type, $$"""{"router_id": "{{router}}", "port_id": "{{port.Id}}"}""")).Value;
    }

    public static string FloatingIpJson(string external, string? port, string more = "")
    {
        var to = port is null ? "" : $", \"port_id\": \"{port}\"";
        return $$"""{"floating_network_id": "{{external}}"{{to}}{{more}}}""";
    }

    public static string GatewayJson(string network, string more = "") =>
        $$"""{"external_gateway_info": {"network_id": "{{network}}"{{more}} } }""";

    private static string SubnetJson(string subnet) => $$"""{"subnet_id": "{{subnet}}"}""";

    private static Router RouterOf(Result<Outcome> result)
    {
        Assert.Null(result.Error);
        return (Router)result.Value.Answer.Single().Value;
    }
}

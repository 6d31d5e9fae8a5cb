using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.Tests;

/// <summary>Which host has the gateway of a router, and when another one gets it.</summary>
public sealed class GatewayPlacementTests
{
    private const string Physical = "outside";
    private readonly World world = new();

    [Fact]
    public async Task The_gateway_is_on_a_host_that_has_the_physical_network_and_whose_agent_is_alive()
    {
        await world.HostAsync("elsewhere", "inside");
        await world.HostAsync("gone", Physical);
        await world.GoneAsync("gone");
        await world.NodeAsync("announced", "192.0.2.9");
        await world.HostAsync("alpha", "inside", Physical);
        var external = await world.ExternalOnAsync(Physical, "203.0.113.0/24");
        var router = await world.ReadRouterAsync(await world.RouterAsync(LayerThree.GatewayJson(external)));
        var host = router.Gateway!.Host!;
        Assert.Equal(("alpha", LayerThree.TunnelOf("alpha"), false), (host.Name, host.TunnelAddress, host.IsLost));
        Assert.InRange(host.Zone, 1u, GatewayHost.ZoneMax);
        var port = await PortAsync(router);
        Assert.Equal((port.MacAddress, "alpha", PortStatus.Build), (
            router.Gateway.MacAddress, port.HostId, port.Status));
        Assert.Equal("ovs", PortAttributes.VifType.Read(new Stamped<Port>(port, 1)));
        Assert.Equal(["nova"], RouterAttributes.AvailabilityZones.Read(new Stamped<Router>(router, 1)));
        Assert.Equal(router.Id, (await BindingAsync(port, "alpha"))?.GatewayOf);
        Assert.Equal("NodeInUse", (await world.DeleteAsync(Node.Type, "alpha")).Error?.Type);
        Assert.Null((await world.DeleteAsync(Router.Type, router.Id)).Error);
        Assert.Null(await BindingAsync(port, "alpha"));
    }

    [Fact]
    public async Task Without_such_a_host_the_gateway_waits_and_goes_to_the_first_that_comes()
    {
        await world.HostAsync("elsewhere", "inside");
        var external = await world.ExternalOnAsync(Physical, "203.0.113.0/24");
        var router = await world.ReadRouterAsync(await world.RouterAsync(LayerThree.GatewayJson(external)));
        Assert.Null(router.Gateway!.Host);
        Assert.Empty(RouterAttributes.AvailabilityZones.Read(new Stamped<Router>(router, 1)));
        Assert.Equal(("", PortStatus.Down), ((await PortAsync(router)).HostId, (await PortAsync(router)).Status));
        Assert.Equal([router.Id], await WaitingAsync());
        await PlaceAsync(router);
        Assert.Null((await world.ReadRouterAsync(router.Id)).Gateway!.Host);
        await world.HostAsync("alpha", Physical);
        Assert.Equal("alpha", (await PlaceAsync(router))?.Name);
        Assert.Equal(PortStatus.Build, (await PortAsync(router)).Status);
        Assert.Empty(await WaitingAsync());
        Assert.Equal([router.Id], await ListedAsync(Router.GatewayHostIndex, "alpha"));
    }

    [Fact]
    public async Task A_network_that_tunnels_carry_leads_out_of_no_host()
    {
        await world.HostAsync("alpha", Physical);
        var external = await world.ExternalAsync("203.0.113.0/24");
        var router = await world.RouterAsync(LayerThree.GatewayJson(external));
        Assert.Null((await world.ReadRouterAsync(router)).Gateway!.Host);
    }

    [Fact]
    public async Task It_moves_when_its_host_is_gone_and_not_back_when_that_returns()
    {
        await HostsAsync("alpha", "beta");
        var (router, host, other) = await RouterOnAsync("alpha", "beta");
        Assert.Equal(host, (await PlaceAsync(router))!.Name);
        await world.GoneAsync(host);
        var moved = await PlaceAsync(router);
        Assert.Equal((other, LayerThree.TunnelOf(other), false), (moved!.Name, moved.TunnelAddress, moved.IsLost));
        var port = await PortAsync(router);
        Assert.Equal((other, PortStatus.Build), (port.HostId, port.Status));
        Assert.Null(await BindingAsync(port, host));
        Assert.Equal(router.Id, (await BindingAsync(port, other))?.GatewayOf);
        await world.HostAsync(host, Physical);
        Assert.Equal(moved, await PlaceAsync(router));
    }

    [Fact]
    public async Task It_stays_on_a_host_that_is_gone_while_no_other_can_have_it()
    {
        await world.HostAsync("alpha", Physical);
        var (router, _, _) = await RouterOnAsync("alpha", "");
        var host = (await world.ReadRouterAsync(router.Id)).Gateway!.Host!;
        await world.GoneAsync("alpha");
        Assert.Equal(host with { IsLost = true }, await PlaceAsync(router));
        var kept = await PortAsync(router);
        Assert.Equal(("alpha", PortStatus.Build), (kept.HostId, kept.Status));
        Assert.Equal([router.Id], await WaitingAsync());
        await world.HostAsync("alpha", Physical);
        Assert.Equal(host, await PlaceAsync(router));
        await world.GoneAsync("alpha");
        await PlaceAsync(router);
        await world.HostAsync("beta", Physical);
        Assert.Equal("beta", (await PlaceAsync(router))!.Name);
    }

    [Fact]
    public async Task It_leaves_a_host_that_has_the_physical_network_no_longer_and_follows_one_that_moves()
    {
        await world.HostAsync("alpha", Physical);
        var (router, _, _) = await RouterOnAsync("alpha", "");
        await world.NodeAsync("alpha", "192.0.2.250");
        Assert.Equal("192.0.2.250", (await PlaceAsync(router))!.TunnelAddress.ToString());
        Assert.Equal("192.0.2.250", (await PortAsync(router)).TunnelAddress?.ToString());
        await world.HostAsync("alpha", "inside");
        Assert.Null(await PlaceAsync(router));
        Assert.Equal(PortStatus.Down, (await PortAsync(router)).Status);
        await world.HostAsync("beta", Physical);
        Assert.Equal("beta", (await PlaceAsync(router))!.Name);
    }

    [Fact]
    public async Task Routers_spread_each_in_a_zone_of_its_own_and_only_those_of_a_host_that_goes_move()
    {
        string[] hosts = ["alpha", "beta", "gamma", "delta"];
        await HostsAsync(hosts);
        var external = await world.ExternalOnAsync(Physical, "203.0.112.0/20");
        var routers = new List<string>();
        for (var i = 0; i < 200; i++)
            routers.Add(await world.RouterAsync(LayerThree.GatewayJson(external)));
        var before = await HostsOfAsync(routers);
        Assert.All(hosts, host => Assert.InRange(before.Values.Count(one => one.Name == host), 25, 80));
        Assert.All(
            before.Values.GroupBy(one => one.Name),
            host => Assert.Equal(host.Count(), host.Select(one => one.Zone).Distinct().Count()));
        await world.GoneAsync("gamma");
        foreach (var router in routers)
            Assert.Null((await world.RunAsync(new PlaceGateway(router))).Error);
        var after = await HostsOfAsync(routers);
        foreach (var router in routers)
        {
            if (before[router].Name == "gamma")
                Assert.NotEqual("gamma", after[router].Name);
            else
                Assert.Equal(before[router], after[router]);
        }
        Assert.True(
            after.Where(one => before[one.Key].Name == "gamma").Select(one => one.Value.Name).Distinct().Count() == 3);
        Assert.All(
            after.Values.GroupBy(one => one.Name),
            host => Assert.Equal(host.Count(), host.Select(one => one.Zone).Distinct().Count()));
    }

    [Fact]
    public async Task Two_that_choose_at_once_never_get_one_zone()
    {
        await world.HostAsync("alpha", Physical);
        var (router, _, _) = await RouterOnAsync("alpha", "");
        var gateway = (await world.ReadRouterAsync(router.Id)).Gateway!;
        var external = gateway.NetworkId;
        var other = await world.ReadRouterAsync(await world.RouterAsync(LayerThree.GatewayJson(external)));
        var found = (await world.FindAsync(Router.Type, other.Id))!.Value;
        var same = other with
        {
            Gateway = other.Gateway! with { Host = gateway.Host },
        };
        var refusal = await world.CommitAsync(
            new Decision().Update(Router.Type, same, found).ToTransaction(_ => null));
        Assert.IsType<Refusal.Claimed>(refusal);
    }

    [Fact]
    public async Task A_choice_rests_on_the_agent_being_alive()
    {
        await HostsAsync("alpha", "beta");
        var (router, host, other) = await RouterOnAsync("alpha", "beta");
        await world.GoneAsync(host);
        var decided = await world.DecideAsync(new PlaceGateway(router.Id));
        await world.GoneAsync(other);
        Assert.IsType<Refusal.RevisionDiffers>(await world.CommitAsync(decided));
    }

    [Fact]
    public async Task Agents_out_of_service_and_other_zones_get_no_gateway()
    {
        await HostsAsync("alpha", "beta");
        Assert.Null((await world.TryUpdateAsync(Node.Type, "alpha", """{"zone": "az1"}""")).Error);
        var external = await world.ExternalOnAsync(Physical, "203.0.113.0/24");
        for (var i = 0; i < 8; i++)
        {
            var hinted = await world.RouterAsync(
                $$"""{"availability_zone_hints": ["az1"], {{LayerThree.GatewayJson(external)[1..]}}""");
            var router = await world.ReadRouterAsync(hinted);
            Assert.Equal("alpha", router.Gateway!.Host!.Name);
            Assert.Equal(["az1"], RouterAttributes.AvailabilityZones.Read(new Stamped<Router>(router, 1)));
        }
        var agent = DerivedId.Of("alpha", "agent");
        Assert.Null((await world.TryUpdateAsync(Agent.Type, agent, """{"admin_state_up": false}""")).Error);
        var last = await world.RouterAsync(
            $$"""{"availability_zone_hints": ["az1"], {{LayerThree.GatewayJson(external)[1..]}}""");
        Assert.Null((await world.ReadRouterAsync(last)).Gateway!.Host);
    }

    [Fact]
    public async Task Its_port_is_moved_with_its_router_alone_and_the_router_follows_its_address()
    {
        await HostsAsync("alpha", "beta");
        var (router, host, other) = await RouterOnAsync("alpha", "beta");
        var port = router.Gateway!.PortId;
        var refused = await world.TryUpdateAsync(Port.Type, port, $$"""{"binding:host_id": "{{other}}"}""");
        Assert.Equal((400, "BadRequest"), (refused.Error?.Status, refused.Error?.Type));
        await world.UpdateAsync(Port.Type, port, $$"""{"binding:host_id": "{{host}}", "name": "n"}""");
        var changed = await world.UpdateAsync(
            Port.Type, port, """{"fixed_ips": [{"ip_address": "203.0.113.77"}]}""");
        Assert.Equal(PortStatus.Build, changed.Value.Status);
        Assert.Equal(
            "203.0.113.77",
            (await world.ReadRouterAsync(router.Id)).Gateway!.FixedIps.Single().IpAddress.ToString());
    }

    private async Task HostsAsync(params string[] hosts)
    {
        foreach (var host in hosts)
            await world.HostAsync(host, Physical);
    }

    /// <summary>A router whose gateway is on one of two hosts: it, its host and the other.</summary>
    private async Task<(Router Router, string Host, string Other)> RouterOnAsync(string one, string two)
    {
        var external = await world.ExternalOnAsync(Physical, "203.0.113.0/24");
        var router = await world.ReadRouterAsync(await world.RouterAsync(LayerThree.GatewayJson(external)));
        var host = router.Gateway!.Host!.Name;
        return (router, host, host == one ? two : one);
    }

    private async Task<GatewayHost?> PlaceAsync(Router router)
    {
        Assert.Null((await world.RunAsync(new PlaceGateway(router.Id))).Error);
        var placed = (await world.ReadRouterAsync(router.Id)).Gateway!;
        var port = await PortAsync(router);
        Assert.Equal((placed.Host?.Name ?? "", placed.Host?.TunnelAddress), (port.HostId, port.TunnelAddress));
        Assert.Empty((await world.DecideAsync(new PlaceGateway(router.Id))).Writes);
        return placed.Host;
    }

    private async Task<Dictionary<string, GatewayHost>> HostsOfAsync(IEnumerable<string> routers)
    {
        var hosts = new Dictionary<string, GatewayHost>();
        foreach (var router in routers)
            hosts.Add(router, (await world.ReadRouterAsync(router)).Gateway!.Host!);
        return hosts;
    }

    private Task<ImmutableArray<string>> WaitingAsync() => ListedAsync(Router.HostWantedIndex, Router.Wanted);

    private async Task<ImmutableArray<string>> ListedAsync(string index, string value)
    {
        var query = ListQuery.By("router", $"router.{index}", value);
        var listed = await world.Store.ListAsync(query, TestContext.Current.CancellationToken);
        return [.. listed.Select(router => router.Key.Id)];
    }

    private async Task<Port> PortAsync(Router router) =>
        (await world.FindAsync(Port.Type, router.Gateway!.PortId))!.Value.Value;

    private async Task<Binding?> BindingAsync(Port port, string host) =>
        (await world.FindAsync(Binding.Type, $"{port.Id}@{host}"))?.Value;
}

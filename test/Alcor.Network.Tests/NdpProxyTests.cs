using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Network.NdpProxies;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.Tests;

public sealed class NdpProxyTests
{
    private readonly World world = new();

    [Fact]
    public async Task A_router_answers_for_an_address_behind_it_until_the_port_ends()
    {
        var (router, port, _) = await world.ScopedRouterAsync();
        var proxy = (await world.CreateAsync(NdpProxy.Type, Json(router, port.Id))).Value;
        Assert.Equal(
            (port.FixedIps[0].IpAddress, "", "", "project"),
            (proxy.IpAddress, proxy.Name, proxy.Description, proxy.ProjectId));
        Refused(await world.TryCreateAsync(NdpProxy.Type, Json(router, port.Id)), 409, "NeutronDbObjectDuplicateEntry");
        var renamed = await world.UpdateAsync(NdpProxy.Type, proxy.Id, """{"name": "n", "description": "d"}""");
        Assert.Equal(("n", "d"), (renamed.Value.Name, renamed.Value.Description));
        Assert.Null((await world.DeleteAsync(NdpProxy.Type, proxy.Id)).Error);
        var again = (await world.CreateAsync(
            NdpProxy.Type,
            Json(router, port.Id, $", \"ip_address\": \"{port.FixedIps[0].IpAddress}\""))).Value;
        Assert.Null((await world.DeleteAsync(Port.Type, port.Id)).Error);
        Assert.Null(await world.FindAsync(NdpProxy.Type, again.Id));
    }

    [Fact]
    public async Task What_a_proxy_needs_of_its_router_stays()
    {
        var (router, port, external) = await world.ScopedRouterAsync();
        var proxy = (await world.CreateAsync(NdpProxy.Type, Json(router, port.Id))).Value;
        Refused(
            await world.TryRemoveInterfaceAsync(router, $$"""{"subnet_id": "{{port.FixedIps[0].SubnetId}}"}"""),
            409,
            "RouterInterfaceInUseByNDPProxy");
        Refused(
            await world.TryUpdateAsync(Router.Type, router, """{"external_gateway_info": {}}"""),
            409,
            "RouterGatewayInUseByNDPProxy");
        var ipv4 = await world.SubnetAsync(external, "203.0.113.0/24");
        var withoutIpv6 = LayerThree.GatewayJson(
            external, $", \"external_fixed_ips\": [{{\"subnet_id\": \"{ipv4}\"}}]");
        Refused(await world.TryUpdateAsync(Router.Type, router, withoutIpv6), 409, "RouterIPv6GatewayInUse");
        Assert.Null((await world.DeleteAsync(NdpProxy.Type, proxy.Id)).Error);
        var cleared = await world.UpdateAsync(Router.Type, router, """{"external_gateway_info": {}}""");
        Assert.False(cleared.Value.EnablesNdpProxy);
    }

    [Fact]
    public async Task Proxies_take_a_gateway_with_ipv6_addresses_of_a_scope()
    {
        var (router, _, external) = await world.ScopedRouterAsync();
        var plain = await world.ExternalAsync("fd02::/64");
        const string enable = ", \"enable_ndp_proxy\": true}";
        var named = LayerThree.GatewayJson(plain)[..^1] + enable;
        Refused(await world.TryCreateAsync(Router.Type, named), 409, "RouterGatewayNotValid");
        Refused(
            await world.TryCreateAsync(Router.Type, """{"enable_ndp_proxy": true}"""), 409, "RouterGatewayNotValid");
        Refused(
            await world.TryUpdateAsync(
                Router.Type, router, """{"external_gateway_info": {}, "enable_ndp_proxy": true}"""),
            409,
            "RouterGatewayNotValid");
        var bare = await world.RouterAsync();
        Refused(await world.TryUpdateAsync(Router.Type, bare, named), 409, "RouterGatewayNotValid");
        await world.UpdateAsync(Router.Type, bare, LayerThree.GatewayJson(external)[..^1] + enable);
        var kept = await world.UpdateAsync(Router.Type, bare, """{"name": "n"}""");
        Assert.True(kept.Value.EnablesNdpProxy);
        var disabled = await world.UpdateAsync(Router.Type, bare, """{"enable_ndp_proxy": false}""");
        Assert.False(disabled.Value.EnablesNdpProxy);
    }

    [Fact]
    public async Task A_router_answers_only_for_what_it_reaches_within_one_scope()
    {
        var (router, port, _) = await world.ScopedRouterAsync();
        var elsewhere = (await world.PortAsync(await world.NetworkAsync())).Value;
        Refused(await TryAsync(router, elsewhere.Id), 409, "PortUnreachableRouter");
        Refused(await TryAsync(elsewhere.Id, port.Id), 409, "PortUnreachableRouter");
        Refused(await TryAsync(router, router), 404, "PortNotFound");
        Refused(await TryAsync(router, port.Id, ", \"ip_address\": \"fd01::99\""), 400, "InvalidAddress");
        var bare = (await world.PortAsync(port.NetworkId, "\"fixed_ips\": []")).Value;
        Refused(await TryAsync(router, bare.Id), 400, "BadRequest");

        var other = await world.NetworkAsync();
        var connected = await world.SubnetAsync(other, "fd03::/64");
        await world.SubnetAsync(other, "fd04::/64");
        await world.AddInterfaceAsync(router, connected);
        var outside = (await world.PortAsync(other, """ "fixed_ips": [{"ip_address": "fd04::9"}] """)).Value;
        Refused(await TryAsync(router, outside.Id), 409, "PortUnreachableRouter");
        Refused(await TryAsync(router, outside.Id, ", \"ip_address\": \"fd04::9\""), 400, "InvalidAddress");
        var unscoped = (await world.PortAsync(other, """ "fixed_ips": [{"ip_address": "fd03::9"}] """)).Value;
        Refused(await TryAsync(router, unscoped.Id), 409, "AddressScopeConflict");
        await world.UpdateAsync(Router.Type, router, """{"enable_ndp_proxy": false}""");
        Refused(await TryAsync(router, port.Id), 409, "RouterNDPProxyNotEnable");
    }

    private static string Json(string router, string port, string more = "") =>
        $$"""{"router_id": "{{router}}", "port_id": "{{port}}"{{more}}}""";

    private static void Refused(Result<Outcome> result, int status, string type) =>
        Assert.Equal((status, type), (result.Error?.Status, result.Error?.Type));

    private Task<Result<Outcome>> TryAsync(string router, string port, string more = "") =>
        world.TryCreateAsync(NdpProxy.Type, Json(router, port, more));
}

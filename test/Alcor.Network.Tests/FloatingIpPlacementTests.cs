using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.Tests;

/// <summary>Which host has a floating IP, and what the hosts behind its router are told.</summary>
public sealed class FloatingIpPlacementTests : IAsyncLifetime
{
    private readonly World world = new();
    private string external = "";
    private string router = "";
    private string network = "";

    public async ValueTask InitializeAsync()
    {
        await world.HostAsync("alpha", "outside");
        await world.HostAsync("beta", "inside");
        external = await world.ExternalOnAsync("outside", "203.0.113.0/24");
        (router, network) = await world.RouterToAsync(external, "10.0.0.0/24");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("alpha", true)]
    [InlineData("beta", false)]
    [InlineData("unknown", false)]
    [InlineData("", false)]
    public async Task It_is_on_the_host_of_its_port_if_that_has_the_way_outside(string host, bool isOnHost)
    {
        var port = (await world.PortAsync(network, $"\"binding:host_id\": \"{host}\"")).Value;
        var ip = await world.FloatingIpAsync(external, port.Id);
        var floating = (await world.FindAsync(Port.Type, ip.FloatingPortId))!.Value.Value;
        Assert.Equal((floating.MacAddress, isOnHost, "ACTIVE"), (ip.MacAddress, ip.IsOnHost, StatusOf(ip)));
        Assert.Equal(
            new RoutedFloatingIp(
                ip.Id, router, ip.Address, ip.MacAddress, port.Id, port.FixedIps[0].IpAddress, isOnHost),
            await RoutedAsync(ip));
    }

    [Fact]
    public async Task It_moves_with_its_port_and_ends_with_it()
    {
        var port = (await world.PortAsync(network, "\"binding:host_id\": \"beta\"")).Value;
        var ip = await world.FloatingIpAsync(external, port.Id);
        await world.UpdateAsync(Port.Type, port.Id, """{"binding:host_id": "alpha"}""");
        Assert.True((await RoutedAsync(ip))!.IsOnHost);
        await world.UpdateAsync(Port.Type, port.Id, """{"binding:host_id": ""}""");
        Assert.False((await RoutedAsync(ip))!.IsOnHost);
        Assert.Null((await world.DeleteAsync(Port.Type, port.Id)).Error);
        Assert.Null(await RoutedAsync(ip));
        Assert.Equal("DOWN", StatusOf(await ReadAsync(ip)));
    }

    [Fact]
    public async Task It_goes_where_what_its_host_has_brings_it()
    {
        var port = (await world.PortAsync(network, "\"binding:host_id\": \"beta\"")).Value;
        var ip = await world.FloatingIpAsync(external, port.Id);
        await world.HostAsync("beta", "outside");
        Assert.Null((await world.RunAsync(new RefreshBindings(network, "beta"))).Error);
        Assert.True((await RoutedAsync(ip))!.IsOnHost);
        Assert.Empty((await world.DecideAsync(new RefreshBindings(network, "beta"))).Writes);
    }

    [Fact]
    public async Task Without_a_host_for_the_gateway_only_what_is_on_its_own_host_is_active()
    {
        await world.HostAsync("alpha");
        Assert.Null((await world.RunAsync(new PlaceGateway(router))).Error);
        var ip = await world.FloatingIpAsync(external, (await world.PortAsync(network)).Value.Id);
        Assert.Equal("DOWN", StatusOf(ip));
        await world.HostAsync("gamma", "outside");
        var own = await world.FloatingIpAsync(
            external, (await world.PortAsync(network, "\"binding:host_id\": \"gamma\"")).Value.Id);
        Assert.Equal("ACTIVE", StatusOf(own));
        Assert.Null((await world.RunAsync(new PlaceGateway(router))).Error);
        Assert.Equal("ACTIVE", StatusOf(await ReadAsync(ip)));
    }

    [Fact]
    public async Task A_port_that_moves_while_it_gets_a_floating_ip_is_decided_anew()
    {
        var port = (await world.PortAsync(network, "\"binding:host_id\": \"beta\"")).Value;
        var associating = await world.DecideAsync(FloatingIp.Type, LayerThree.FloatingIpJson(external, port.Id));
        await world.UpdateAsync(Port.Type, port.Id, """{"binding:host_id": "alpha"}""");
        Assert.IsType<Refusal.RevisionDiffers>(await world.CommitAsync(associating));
        var moving = await world.DecideAsync(new RefreshBindings(network, "alpha"));
        Assert.Empty(moving.Writes);
        var written = (await world.FindAsync(Port.Type, port.Id))!.Value.Revision;
        await world.FloatingIpAsync(external, port.Id);
        Assert.NotEqual(written, (await world.FindAsync(Port.Type, port.Id))!.Value.Revision);
    }

    private async Task<RoutedFloatingIp?> RoutedAsync(FloatingIp ip) =>
        (await world.FindAsync(RoutedFloatingIp.Type, $"{ip.Id}@{router}"))?.Value;

    private async Task<FloatingIp> ReadAsync(FloatingIp ip) =>
        (await world.FindAsync(FloatingIp.Type, ip.Id))!.Value.Value;

    private static string StatusOf(FloatingIp ip) =>
        FloatingIpAttributes.Status.Read(new Kernel.Resources.Stamped<FloatingIp>(ip, 1));
}

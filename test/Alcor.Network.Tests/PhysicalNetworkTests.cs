using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.Tests;

/// <summary>Ports on networks that no tunnel carries: only hosts that have the physical network carry them.</summary>
public sealed class PhysicalNetworkTests
{
    private readonly World world = new(new NetworkSettings
    {
        VlanRanges = [new VlanRange("outside", new NumberRange(100, 200))],
    });

    [Theory]
    [InlineData("flat")]
    [InlineData("vlan")]
    public async Task A_port_is_bound_where_the_physical_network_is_and_its_binding_fails_elsewhere(string type)
    {
        await world.HostAsync("alpha", "outside");
        await world.HostAsync("beta", "inside");
        var network = await NetworkAsync(type);
        var bound = (await world.PortAsync(network, "\"binding:host_id\": \"alpha\"")).Value;
        Assert.Equal((true, PortStatus.Build), (bound.IsBound, bound.Status));
        Assert.NotNull(await world.FindAsync(Binding.Type, $"{bound.Id}@alpha"));
        var failed = (await world.PortAsync(network, "\"binding:host_id\": \"beta\"")).Value;
        Assert.Equal(("beta", false, PortStatus.Down), (failed.HostId, failed.IsBound, failed.Status));
        Assert.Equal("binding_failed", PortAttributes.VifType.Read(new Stamped<Port>(failed, 1)));
        Assert.Null(await world.FindAsync(Binding.Type, $"{failed.Id}@beta"));
    }

    [Fact]
    public async Task Bindings_follow_what_their_host_has()
    {
        await world.HostAsync("alpha");
        var network = await NetworkAsync("flat");
        var port = (await world.PortAsync(network, "\"binding:host_id\": \"alpha\"")).Value;
        Assert.False(port.IsBound);
        await world.HostAsync("alpha", "outside");
        Assert.True(await RefreshedAsync(port));
        await world.HostAsync("alpha", "inside");
        Assert.False(await RefreshedAsync(port));
    }

    [Theory]
    [InlineData("vxlan")]
    [InlineData("geneve")]
    public async Task A_network_that_a_tunnel_carries_besides_reaches_every_host(string type)
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var network = (await world.CreateAsync(
            Networks.Network.Type,
            $$"""
            {"segments": [{"provider:network_type": "flat", "provider:physical_network": "outside"},
            {"provider:network_type": "{{type}}", "provider:segmentation_id": 7}]}
            """)).Value;
        Assert.Equal(network.Segments[1], network.CarriedSegment);
        Assert.True((await world.PortAsync(network.Id, "\"binding:host_id\": \"alpha\"")).Value.IsBound);
    }

    [Fact]
    public async Task A_port_is_made_ready_on_hosts_that_have_the_physical_network_alone()
    {
        await world.HostAsync("alpha", "outside");
        await world.HostAsync("beta", "inside");
        var port = (await world.PortAsync(
            await NetworkAsync("vlan"),
            "\"binding:host_id\": \"alpha\", \"device_owner\": \"compute:nova\"")).Value;
        var body = Body.Empty
            .With(PortBindingAttributes.PortId, port.Id)
            .With(PortBindingAttributes.Host, "beta");
        var refused = await world.RunAsync(new PortBindingCommands(world.Settings).Create(
            [new NewResource("", "project", body, 0)]));
        Assert.Equal("PortBindingError", refused.Error?.Type);
    }

    private async Task<string> NetworkAsync(string type) => (await world.CreateAsync(
        Networks.Network.Type,
        $$"""{"provider:network_type": "{{type}}", "provider:physical_network": "outside"}""")).Value.Id;

    private async Task<bool> RefreshedAsync(Port port)
    {
        Assert.Null((await world.RunAsync(new RefreshBindings(port.NetworkId, port.HostId))).Error);
        return (await world.FindAsync(Port.Type, port.Id))!.Value.Value.IsBound;
    }
}

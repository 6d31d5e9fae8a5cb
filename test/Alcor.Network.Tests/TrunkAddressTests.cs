using System.Net;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Trunks;

namespace Alcor.Network.Tests;

/// <summary>Subports whose addresses wait for a host get them on that of their parent.</summary>
public sealed class TrunkAddressTests : IAsyncLifetime
{
    private readonly World world = new(new NetworkSettings
    {
        VlanRanges = [new VlanRange("rack1", new NumberRange(100, 199)), new VlanRange("rack2", new NumberRange(1, 9))],
    });

    private string network = "";
    private string subnet = "";

    public async ValueTask InitializeAsync()
    {
        await HostAsync("alpha", "rack1");
        await HostAsync("other", "rack3");
        var routed = (await world.CreateAsync(
            Networks.Network.Type,
            """
            {"mtu": 1450, "segments": [{"provider:network_type": "vlan", "provider:physical_network": "rack1"},
            {"provider:network_type": "vlan", "provider:physical_network": "rack2"}]}
            """)).Value;
        network = routed.Id;
        subnet = await world.SubnetAsync(
            network, "10.0.1.0/24", $"\"segment_id\": \"{routed.CarriedSegment!.Id}\"");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Subports_get_their_addresses_when_their_parent_gets_its_host()
    {
        var (first, second) = (await PortAsync(), await PortAsync());
        Assert.Equal(PortIpAllocation.Deferred, (await FindAsync(first)).IpAllocation);
        var (parent, _) = await TrunkAsync(first, second);
        await BindAsync(parent, "alpha");
        await RequireAsync(first, "10.0.1.2");
        await RequireAsync(second, "10.0.1.3");
        var binding = (await world.FindAsync(Binding.Type, $"{first}@alpha"))!.Value.Value;
        Assert.Equal((await FindAsync(first)).FixedIps, binding.FixedIps);

        // They are theirs from then on, as with any other port.
        await BindAsync(parent, "");
        await BindAsync(parent, "alpha");
        await RequireAsync(first, "10.0.1.2");
    }

    [Fact]
    public async Task A_parent_that_waits_itself_takes_no_address_of_its_subports()
    {
        var (parent, carried) = (await PortAsync(), await PortAsync());
        await TrunkOfAsync(parent, carried);
        await BindAsync(parent, "alpha");
        await RequireAsync(parent, "10.0.1.2");
        await RequireAsync(carried, "10.0.1.3");
    }

    [Fact]
    public async Task A_subport_that_comes_to_a_parent_on_a_host_gets_its_addresses_at_once()
    {
        var (parent, trunk) = await TrunkAsync();
        await BindAsync(parent, "alpha");
        var (first, second) = (await PortAsync(), await PortAsync());
        Assert.Null((await world.TryActAsync(
            Trunk.Type, trunk, "add_subports", $$"""{"sub_ports": [{{Json(first, second)}}]}""")).Error);
        await RequireAsync(first, "10.0.1.2");
        await RequireAsync(second, "10.0.1.3");
    }

    [Fact]
    public async Task A_host_that_reaches_no_subnet_leaves_a_subport_unbound_and_gives_it_addresses_when_it_does()
    {
        var (first, second) = (await PortAsync(), await PortAsync());
        var (parent, trunk) = await TrunkAsync(first, second);
        await BindAsync(parent, "other");
        Assert.True((await FindAsync(parent)).IsBound);
        var waiting = await FindAsync(first);
        Assert.Equal(("other", false, true), (waiting.HostId, waiting.IsBound, waiting.AwaitsAddresses));
        Assert.Equal(TrunkStatus.Degraded, await world.StatusOfTrunkAsync(trunk));
        // Whoever changes anything else of it is not told that it has no address.
        await world.UpdateAsync(Port.Type, first, """{"name": "waits"}""");

        await HostAsync("other", "rack1");
        Assert.Null((await world.RunAsync(new RefreshBindings(network, "other"))).Error);
        var (one, two) = (await FindAsync(first), await FindAsync(second));
        Assert.All([one, two], port => Assert.True(port.IsBound));
        Assert.Equal(
            ["10.0.1.2", "10.0.1.3"], new[] { one, two }.Select(port => $"{port.FixedIps.Single().IpAddress}").Order());
        var again = await world.RunAsync(new RefreshBindings(network, "other"));
        Assert.Empty(again.Value.Answer);
    }

    [Fact]
    public async Task A_subnet_without_addresses_left_leaves_a_subport_unbound()
    {
        var full = $$"""{"allocation_pools": [{"start": "10.0.1.2", "end": "10.0.1.2"}]}""";
        await world.UpdateAsync(Subnets.Subnet.Type, subnet, full);
        var (first, second) = (await PortAsync(), await PortAsync());
        var (parent, trunk) = await TrunkAsync(first, second);
        await BindAsync(parent, "alpha");
        await RequireAsync(first, "10.0.1.2");
        Assert.False((await FindAsync(second)).IsBound);
        Assert.Equal(TrunkStatus.Degraded, await world.StatusOfTrunkAsync(trunk));
    }

    [Fact]
    public async Task The_first_binding_of_any_port_gives_it_addresses()
    {
        var port = (await world.PortAsync(network, "\"device_owner\": \"compute:nova\"")).Value.Id;
        var bindings = new PortBindingCommands(world.Settings);
        Assert.Equal("HostNotConnectedToAnySegment", (await MakeAsync("other")).Error?.Type);
        Assert.Null((await MakeAsync("alpha")).Error);
        await RequireAsync(port, "10.0.1.2");

        Task<Kernel.Resources.Result<Kernel.Lanes.Outcome>> MakeAsync(string host) => world.RunAsync(bindings.Create(
            [world.NewItem(PortBinding.Type, $$"""{"port_id": "{{port}}", "host": "{{host}}"}""")]));
    }

    private async Task RequireAsync(string id, string address)
    {
        var port = await FindAsync(id);
        Assert.Equal([new FixedIp(subnet, IPAddress.Parse(address))], port.FixedIps);
        Assert.Equal((true, null), (port.IsBound, port.IpAllocation));
    }

    private async Task<(string Parent, string Trunk)> TrunkAsync(params string[] carried)
    {
        var parent = (await world.PortAsync(await world.NetworkAsync())).Value.Id;
        return (parent, await TrunkOfAsync(parent, carried));
    }

    private async Task<string> TrunkOfAsync(string parent, params string[] carried) => (await world.CreateAsync(
        Trunk.Type, $$"""{"port_id": "{{parent}}", "sub_ports": [{{Json(carried)}}]}""")).Value.Id;

    private static string Json(params string[] ports) => string.Join(", ", ports.Select((port, i) =>
        $$"""{"port_id": "{{port}}", "segmentation_type": "vlan", "segmentation_id": {{i + 1}}}"""));

    private Task BindAsync(string port, string host) =>
        world.UpdateAsync(Port.Type, port, $$"""{"binding:host_id": "{{host}}"}""");

    private async Task HostAsync(string host, params string[] physicalNetworks) => Assert.Null(
        (await world.RunAsync(new RegisterNode(host, IPAddress.Parse("192.0.2.1"))
        {
            PhysicalNetworks = [.. physicalNetworks],
        })).Error);

    private async Task<string> PortAsync() => (await world.PortAsync(network)).Value.Id;

    private async Task<Port> FindAsync(string id) => (await world.FindAsync(Port.Type, id))!.Value.Value;
}

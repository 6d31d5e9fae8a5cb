using System.Collections.Immutable;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;

namespace Alcor.Network.Tests;

/// <summary>From DOWN over BUILD to ACTIVE, and what a host's partition says meanwhile.</summary>
public sealed class BindingTests
{
    private const string OnAlpha = "\"binding:host_id\": \"alpha\"";
    private readonly World world = new();

    [Fact]
    public async Task An_unbound_port_is_down_and_no_host_knows_it()
    {
        var port = await world.PortAsync(await world.NetworkAsync());
        Assert.Equal(PortStatus.Down, port.Value.Status);
        Assert.Null(await world.FindAsync(Binding.Type, $"{port.Value.Id}@"));
    }

    [Fact]
    public async Task A_port_on_a_known_host_is_built_and_active_once_the_host_has_it()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var network = await world.NetworkAsync();
        var port = await world.PortAsync(network, OnAlpha);
        Assert.Equal((PortStatus.Build, "192.0.2.1"), (port.Value.Status, port.Value.TunnelAddress?.ToString()));
        Assert.NotNull(await world.FindAsync(Binding.Type, $"{port.Value.Id}@alpha"));
        await ReportAsync(port.Value, "alpha", port.Value.Generation, PortStatus.Active);
        Assert.Equal(PortStatus.Active, await StatusAsync(port.Value));
    }

    [Fact]
    public async Task Defect_17_what_a_host_says_of_an_older_generation_or_of_a_port_that_left_changes_nothing()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.NodeAsync("beta", "192.0.2.2");
        var network = await world.NetworkAsync();
        var port = await world.PortAsync(network, OnAlpha);
        await world.UpdateAsync(Port.Type, port.Value.Id, """{"binding:host_id": "beta"}""");
        await ReportAsync(port.Value, "alpha", port.Value.Generation, PortStatus.Active);
        await ReportAsync(port.Value, "beta", port.Value.Generation, PortStatus.Active);
        Assert.Equal(PortStatus.Build, await StatusAsync(port.Value));
        await ReportAsync(port.Value, "beta", port.Value.Generation + 1, PortStatus.Active);
        Assert.Equal(PortStatus.Active, await StatusAsync(port.Value));
    }

    [Fact]
    public async Task A_port_is_not_bound_by_what_was_known_of_its_host_before_the_host_came_or_moved()
    {
        // Between the look at the host and the commit another process registers it, and looks for ports in vain.
        var network = await world.NetworkAsync();
        var unknown = await world.DecideAsync(Port.Type, World.PortJson(network, OnAlpha));
        await world.NodeAsync("alpha", "192.0.2.1");
        Assert.IsType<Refusal.Present>(await world.CommitAsync(unknown));
        var earlier = await world.DecideAsync(Port.Type, World.PortJson(network, OnAlpha));
        await world.NodeAsync("alpha", "192.0.2.99");
        Assert.IsType<Refusal.RevisionDiffers>(await world.CommitAsync(earlier));
        var port = await world.PortAsync(network, OnAlpha);
        Assert.Equal("192.0.2.99", port.Value.TunnelAddress?.ToString());
    }

    [Fact]
    public async Task A_port_that_moves_leaves_the_partition_of_its_earlier_host()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.NodeAsync("beta", "192.0.2.2");
        var port = await world.PortAsync(await world.NetworkAsync(), OnAlpha);
        await world.UpdateAsync(Port.Type, port.Value.Id, """{"binding:host_id": "beta"}""");
        Assert.Null(await world.FindAsync(Binding.Type, $"{port.Value.Id}@alpha"));
        Assert.NotNull(await world.FindAsync(Binding.Type, $"{port.Value.Id}@beta"));
        await world.UpdateAsync(Port.Type, port.Value.Id, """{"binding:host_id": null}""");
        Assert.Null(await world.FindAsync(Binding.Type, $"{port.Value.Id}@beta"));
        Assert.Equal(PortStatus.Down, await StatusAsync(port.Value));
    }

    [Fact]
    public async Task Renaming_an_active_port_leaves_it_active_and_giving_it_an_address_does_not()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        var port = await world.PortAsync(network, OnAlpha);
        await ReportAsync(port.Value, "alpha", 1, PortStatus.Active);
        var renamed = await world.UpdateAsync(Port.Type, port.Value.Id, """{"name": "n"}""");
        Assert.Equal((PortStatus.Active, 1), (renamed.Value.Status, renamed.Value.Generation));
        const string address = """{"fixed_ips": [{"ip_address": "10.0.0.9"}]}""";
        var moved = await world.UpdateAsync(Port.Type, port.Value.Id, address);
        Assert.Equal((PortStatus.Build, 2), (moved.Value.Status, moved.Value.Generation));
    }

    [Fact]
    public async Task A_port_that_is_administratively_down_does_not_become_active()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var port = await world.PortAsync(await world.NetworkAsync(), OnAlpha + ", \"admin_state_up\": false");
        await ReportAsync(port.Value, "alpha", 1, PortStatus.Active);
        Assert.Equal(PortStatus.Down, await StatusAsync(port.Value));
    }

    [Fact]
    public async Task A_bound_port_keeps_its_mac_address()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var port = await world.PortAsync(await world.NetworkAsync(), OnAlpha);
        var result = await world.TryUpdateAsync(Port.Type, port.Value.Id, """{"mac_address": "fa:16:3e:00:00:99"}""");
        Assert.Equal(("PortBound", 409), (result.Error?.Type, result.Error?.Status));
    }

    [Fact]
    public async Task A_port_bound_to_an_unknown_host_is_bound_when_the_host_comes()
    {
        var network = await world.NetworkAsync();
        var port = await world.PortAsync(network, OnAlpha);
        Assert.Equal((PortStatus.Down, false), (port.Value.Status, port.Value.IsBound));
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.RunAsync(new RefreshBindings(network, "alpha"));
        var bound = (await world.FindAsync(Port.Type, port.Value.Id))!.Value.Value;
        Assert.Equal((PortStatus.Build, true), (bound.Status, bound.IsBound));
        Assert.NotNull(await world.FindAsync(Binding.Type, $"{port.Value.Id}@alpha"));
    }

    [Fact]
    public async Task A_node_with_bound_ports_cannot_go_while_they_are_there()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var port = await world.PortAsync(await world.NetworkAsync(), OnAlpha);
        var referrers = await world.Store.ReferrersAsync(
            Node.Type.Key("alpha"), 10, TestContext.Current.CancellationToken);
        Assert.Equal([Port.Type.Key(port.Value.Id)], referrers);
    }

    [Fact]
    public async Task An_agent_is_one_agent_however_often_it_connects()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var first = new Guid(1, 2, 3, new byte[8]).ToString();
        var other = new Guid(4, 5, 6, new byte[8]).ToString();
        await world.RunAsync(new ReportAgent("alpha", first, Alive: true, Connected: true, Configurations()));
        await world.RunAsync(new ReportAgent("alpha", other, Alive: false, Connected: false, null));
        var agents = await world.Store.ListAsync(ListQuery.All("agent"), TestContext.Current.CancellationToken);
        var agent = Agent.Type.Decode(agents.Single().Value);
        Assert.Equal((first, false, "1"), (agent.Id, agent.Alive, agent.Configurations["bridges"]));
    }

    private static ImmutableSortedDictionary<string, string> Configurations() =>
        ImmutableSortedDictionary<string, string>.Empty.Add("bridges", "1");

    private async Task ReportAsync(Port port, string host, long generation, string status) => Assert.Null(
        (await world.RunAsync(
            new ReportPortStatus(port.NetworkId, host, [new PortReport(port.Id, generation, status)]))).Error);

    private async Task<string> StatusAsync(Port port) =>
        (await world.FindAsync(Port.Type, port.Id))!.Value.Value.Status;
}

using System.Collections.Immutable;
using Alcor.Kernel.Resources;
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
    public async Task The_host_of_a_port_is_told_when_its_dhcp_options_change()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var port = await world.PortAsync(await world.NetworkAsync(), OnAlpha);
        await world.UpdateAsync(
            Port.Type, port.Value.Id, """{"extra_dhcp_opts": [{"opt_name": "mtu", "opt_value": "1400"}]}""");
        var binding = (await world.FindAsync(Binding.Type, $"{port.Value.Id}@alpha"))!.Value.Value;
        Assert.Equal([new ExtraDhcpOption("mtu", "1400", 4)], binding.DhcpOptions);
        Assert.Equal(port.Value.Generation + 1, binding.Generation);
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
        await ConnectAsync("alpha", "one", first);
        await ConnectAsync("alpha", "two", other);
        await world.RunAsync(new ReportAgent(new AgentSession("alpha", "two"), Alive: false));
        var agent = await AgentAsync();
        Assert.Equal((first, false, "1"), (agent.Id, agent.Alive, agent.Configurations["bridges"]));
    }

    [Fact]
    public async Task What_a_session_said_before_the_one_that_connected_last_changes_nothing_when_it_arrives_late()
    {
        // Seen in world 696: the old session's "not there yet" after the new session's "applied" left the port DOWN.
        await world.NodeAsync("alpha", "192.0.2.1");
        var (dead, alive) = (new AgentSession("alpha", "dead"), new AgentSession("alpha", "alive"));
        await ConnectAsync("alpha", dead.Id, Guid.Empty.ToString());
        var port = (await world.PortAsync(await world.NetworkAsync(), OnAlpha)).Value;
        await ConnectAsync("alpha", alive.Id, Guid.Empty.ToString());
        await world.RunAsync(Report(port, alive, port.Generation, PortStatus.Active));
        await world.RunAsync(Report(port, dead, port.Generation, PortStatus.Down));
        Assert.Equal(PortStatus.Active, await StatusAsync(port));
        Assert.Empty((await world.RunAsync(new ReportAgent(dead, Alive: false))).Value.Answer);
        Assert.True((await AgentAsync()).Alive);
        await world.RunAsync(Report(port, alive, port.Generation, PortStatus.Down));
        Assert.Equal(PortStatus.Down, await StatusAsync(port));
    }

    [Fact]
    public async Task A_report_collides_with_a_session_that_connects_meanwhile_and_not_with_a_sign_of_life()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var session = new AgentSession("alpha", "one");
        await ConnectAsync("alpha", session.Id, Guid.Empty.ToString());
        var port = (await world.PortAsync(await world.NetworkAsync(), OnAlpha)).Value;
        var down = await world.DecideAsync(Report(port, session, port.Generation, PortStatus.Down));
        await ConnectAsync("alpha", "two", Guid.Empty.ToString());
        Assert.IsType<Refusal.RevisionDiffers>(await world.CommitAsync(down));
        var two = new AgentSession("alpha", "two");
        var active = await world.DecideAsync(Report(port, two, port.Generation, PortStatus.Active));
        await world.RunAsync(new ReportAgent(two, Alive: true));
        Assert.Null(await world.CommitAsync(active));
    }

    private Task ConnectAsync(string host, string session, string agentId) => world.RunAsync(new ConnectAgent(
        new AgentSession(host, session),
        agentId,
        ImmutableSortedDictionary<string, string>.Empty.Add("bridges", "1")));

    private async Task<Agent> AgentAsync()
    {
        var agents = await world.Store.ListAsync(ListQuery.All("agent"), TestContext.Current.CancellationToken);
        return Agent.Type.Decode(agents.Single().Value);
    }

    private static ReportPortStatus Report(Port port, AgentSession session, long generation, string status) =>
        new(port.NetworkId, session, [new PortReport(port.Id, generation, status)]);

    private async Task ReportAsync(Port port, string host, long generation, string status)
    {
        await ConnectAsync(host, host, DerivedId.Of(host, "agent"));
        var report = Report(port, new AgentSession(host, host), generation, status);
        Assert.Null((await world.RunAsync(report)).Error);
    }

    private async Task<string> StatusAsync(Port port) =>
        (await world.FindAsync(Port.Type, port.Id))!.Value.Value.Status;
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>Restarts under traffic: of the agent, of the server, of the switch.</summary>
[Collection(RegionCollection.Name)]
public sealed class RestartTests(RegionFixture fixture)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // A flow must be older than a look at the flows takes, or one that was added again could not be told from it.
    private static readonly TimeSpan FlowAge = TimeSpan.FromSeconds(2);

    private Region Region => fixture.Region;

    private RegionHost Alpha => Region.Hosts[0];

    private RegionHost Beta => Region.Hosts[1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_of_the_agent_loses_no_packet_and_touches_no_flow(bool killed)
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.3.0.0/24");
        await using var traffic = await TrafficAsync(network);
        var before = await SwitchFlows.DumpAsync(Alpha);
        var connections = AgentConnections.Of(Alpha);

        await (killed ? Alpha.KillAgentAsync() : Alpha.StopAgentAsync());
        await traffic.WaitForAnswersAsync(25, Token);
        Alpha.StartAgent();
        await AgentConnections.BackAsync(Alpha, connections);
        await traffic.WaitForAnswersAsync(50, Token);

        before.RequireUntouchedIn(await SwitchFlows.DumpAsync(Alpha));
        await RequireNoLossAsync(traffic);
        await RequireANewPortBecomesActiveAsync(network, Alpha);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_of_the_server_loses_no_packet_touches_no_flow_and_keeps_its_state(bool killed)
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.3.0.0/24");
        await using var traffic = await TrafficAsync(network);
        var before = (Alpha: await SwitchFlows.DumpAsync(Alpha), Beta: await SwitchFlows.DumpAsync(Beta));
        var state = await StateAsync();
        var connections = (Alpha: AgentConnections.Of(Alpha), Beta: AgentConnections.Of(Beta));

        await (killed ? Region.KillServerAsync() : Region.StopServerAsync());
        await traffic.WaitForAnswersAsync(25, Token);
        await Region.StartServerAsync(Token);
        Assert.Equal(state, await StateAsync());
        await AgentConnections.BackAsync(Alpha, connections.Alpha);
        await AgentConnections.BackAsync(Beta, connections.Beta);
        await traffic.WaitForAnswersAsync(50, Token);

        before.Alpha.RequireUntouchedIn(await SwitchFlows.DumpAsync(Alpha));
        before.Beta.RequireUntouchedIn(await SwitchFlows.DumpAsync(Beta));
        Assert.Equal(state, await StateAsync());
        await RequireNoLossAsync(traffic);
        await RequireANewPortBecomesActiveAsync(network, Alpha);
        await RequireANewPortBecomesActiveAsync(network, Beta);
    }

    [Fact]
    public async Task An_agent_that_comes_back_before_any_server_does_touches_no_flow()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.3.0.0/24");
        await using var traffic = await TrafficAsync(network);
        var before = await SwitchFlows.DumpAsync(Alpha);
        var connections = AgentConnections.Of(Alpha);

        await Region.KillServerAsync();
        await Alpha.KillAgentAsync();
        Alpha.StartAgent();
        await traffic.WaitForAnswersAsync(100, Token);
        before.RequireUntouchedIn(await SwitchFlows.DumpAsync(Alpha));
        await Region.StartServerAsync(Token);
        await AgentConnections.BackAsync(Alpha, connections);
        await traffic.WaitForAnswersAsync(50, Token);

        before.RequireUntouchedIn(await SwitchFlows.DumpAsync(Alpha));
        await RequireNoLossAsync(traffic);
        await RequireANewPortBecomesActiveAsync(network, Alpha);
    }

    [Fact]
    public async Task What_is_said_while_an_agent_is_away_is_done_when_it_is_back()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.3.0.0/24");
        var (near, _) = await network.BootAsync(Alpha);
        var (far, farPort) = await network.BootAsync(Beta);
        await Alpha.KillAgentAsync();
        var port = await network.CreatePortAsync(Alpha);
        var machine = await network.PlugAsync(Alpha, port);
        await network.DeletePortAsync(farPort);

        Alpha.StartAgent();

        await network.ActiveAsync(port);
        await machine.DhcpAsync(TimeSpan.FromSeconds(30), Token);
        await Traffic.AnswerAsync(near, port.Address);
        await Traffic.RequireSilenceAsync(far, port.Address);
        await Traffic.RequireSilenceAsync(near, farPort.Address);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_switch_that_was_restarted_is_programmed_again(bool killed)
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.3.0.0/24");
        await using var traffic = await TrafficAsync(network);
        var before = await SwitchFlows.DumpAsync(Alpha);

        await (killed ? Alpha.Lab.Switch.KillSwitchAsync() : Alpha.Lab.Switch.StopSwitchAsync());
        var start = Stopwatch.GetTimestamp();
        await Alpha.Lab.Switch.StartSwitchAsync(Token);
        var isBack = Stopwatch.GetElapsedTime(start);
        await SwitchFlows.ProgrammedAsync(Alpha);
        var isProgrammed = Stopwatch.GetElapsedTime(start);
        await traffic.WaitForAnswersAsync(1, Token);
        var flows = Stopwatch.GetElapsedTime(start);
        await traffic.WaitForAnswersAsync(25, Token);

        var after = await SwitchFlows.DumpAsync(Alpha);
        Assert.Equal(before.Ages.Keys.Order(StringComparer.Ordinal), after.Ages.Keys.Order(StringComparer.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"after the start of the switch: it is back after {isBack.TotalMilliseconds:0} ms, programmed after "
            + $"{isProgrammed.TotalMilliseconds:0} ms, traffic after {flows.TotalMilliseconds:0} ms; "
            + $"{traffic.Lost.Count} packets lost, one each {Interval.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task A_restart_of_the_switchs_database_loses_nothing_for_good()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.3.0.0/24");
        await using var traffic = await TrafficAsync(network);
        await Alpha.Lab.Switch.KillDatabaseAsync();
        await Alpha.Lab.Switch.StartDatabaseAsync(Token);
        await traffic.WaitForAnswersAsync(25, Token);
        await RequireANewPortBecomesActiveAsync(network, Alpha);
    }

    [Fact]
    public async Task A_flow_that_was_added_again_is_told_from_one_that_stayed()
    {
        string[] foreign = ["br-int", "table=200,cookie=0x77,priority=7,actions=drop"];
        await Alpha.Lab.Switch.RunAsync("ovs-ofctl", ["add-flow", .. foreign]);
        try
        {
            await Task.Delay(FlowAge, Token);
            var before = await SwitchFlows.DumpAsync(Alpha);
            before.RequireUntouchedIn(await SwitchFlows.DumpAsync(Alpha));
            await Alpha.Lab.Switch.RunAsync("ovs-ofctl", ["add-flow", .. foreign]);
            var after = await SwitchFlows.DumpAsync(Alpha);
            Assert.ThrowsAny<Exception>(() => before.RequireUntouchedIn(after));
        }
        finally
        {
            await Alpha.Lab.Switch.RunAsync("ovs-ofctl", "del-flows", "br-int", "cookie=0x77/-1");
        }
    }

    /// <summary>A ping across the hosts that goes on, through flows that have been there for a while.</summary>
    private async Task<RunningPing> TrafficAsync(TenantNetwork network)
    {
        var (near, _) = await network.BootAsync(Alpha);
        var (_, farPort) = await network.BootAsync(Beta);
        await Traffic.AnswerAsync(near, farPort.Address);
        var ping = near.StartPing(farPort.Address, Interval);
        await ping.WaitForAnswersAsync(10, Token);
        await Task.Delay(FlowAge, Token);
        return ping;
    }

    private static async Task RequireNoLossAsync(RunningPing traffic)
    {
        await traffic.StopAsync();
        Assert.Empty(traffic.Lost);
    }

    private static async Task RequireANewPortBecomesActiveAsync(TenantNetwork network, RegionHost host) =>
        await network.BootAsync(host);

    private async Task<string> StateAsync()
    {
        var parts = new List<JsonObject>();
        foreach (var collection in new[] { "networks", "subnets", "ports" })
            parts.AddRange(await Region.Api.ListAsync(collection, Token));
        return string.Join('\n', parts.Select(part => part.ToJsonString()).Order(StringComparer.Ordinal));
    }
}

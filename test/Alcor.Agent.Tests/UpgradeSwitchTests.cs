using Alcor.Agent.Pipeline;
using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>An agent whose pipeline has another layout takes over a switch that carries traffic.</summary>
public sealed class UpgradeSwitchTests
{
    private const int Group = 50;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_layout_of_the_tables_replaces_the_one_that_is_there_without_losing_a_packet()
    {
        await using var world = await LabWorld.StartAsync("upg", hosts: 2);
        await world.StartAgentsAsync();
        var near = await world.PlugAsync(0, 10, "10.0.0.10/24");
        await world.PlugAsync(0, 11, "10.0.0.11/24");
        await world.PlugAsync(1, 12, "10.0.0.12/24");
        await SayAsync(world);
        await using var here = near.StartPing("10.0.0.11", LabWorld.Interval);
        await using var there = near.StartPing("10.0.0.12", LabWorld.Interval);
        await here.WaitForAnswersAsync(20, Cancellation);
        await there.WaitForAnswersAsync(20, Cancellation);

        // The agent before was of another version: each of its tables came one later.
        var agent = world.Agents[0];
        await agent.StopAsync();
        var shifted = await ShiftAsync(world.Lab.Hosts[0]);
        await here.WaitForAnswersAsync(20, Cancellation);
        await there.WaitForAnswersAsync(20, Cancellation);
        await agent.StartAgainAsync();
        await SayAsync(world);
        await here.WaitForAnswersAsync(20, Cancellation);
        await there.WaitForAnswersAsync(20, Cancellation);

        Assert.True(agent.Status.FlowsPut > shifted / 2, $"{agent.Status.FlowsPut} flows put, {shifted} were shifted");
        Assert.Empty(here.Lost);
        Assert.Empty(there.Lost);
    }

    /// <summary>Puts all flows of ours, but the first table's and the sentinel, one table later, at once.</summary>
    private static async Task<int> ShiftAsync(LabHost host)
    {
        await using var connection = await OpenFlowConnection.ConnectUnixAsync(
            host.Switch.ManagementSocket(LabHost.IntegrationBridge), OpenFlowConnectionOptions.Default, Cancellation);
        var flows = (await connection.DumpFlowsAsync(FlowFilter.Everything, Cancellation))
            .Select(flow => flow.Flow).ToList();
        var removed = flows.Where(flow => flow.Table is > 0 and < Tables.Sentinel)
            .Select(flow => new FlowMod(FlowModCommand.DeleteStrict, flow with { Instructions = [] }));
        var result = await connection.SendFlowsAsync(
            [.. removed, .. flows.Select(flow => FlowMod.Add(Later(flow)))], FlowDelivery.Bundle, Cancellation);
        Assert.True(result.IsComplete, string.Join('\n', result.Failures));
        return flows.Count;
    }

    private static Flow Later(Flow flow) => flow with
    {
        Table = flow.Table is > 0 and < Tables.Sentinel ? (byte)(flow.Table + 1) : flow.Table,
        Instructions = flow.Instructions.Select(Later).ToValueList(),
    };

    private static Instruction Later(Instruction instruction) => instruction switch
    {
        Instruction.GotoTable jump => new Instruction.GotoTable((byte)(jump.Table + 1)),
        Instruction.ApplyActions apply => new Instruction.ApplyActions(apply.Actions.Select(Later).ToValueList()),
        _ => instruction,
    };

    private static FlowAction Later(FlowAction action) => action switch
    {
        FlowAction.Resubmit resubmit => new FlowAction.Resubmit((byte)(resubmit.Table + 1)),
        FlowAction.ConnectionTrack { Table: { } table } track => track with { Table = (byte)(table + 1) },
        _ => action,
    };

    private static Task SayAsync(LabWorld world) => world.SayAsync(
        [
            (0, Say.Protected(10, 1, 2, "10.0.0.10", Group)), (0, Say.Protected(11, 1, 2, "10.0.0.11", Group)),
            (1, Say.Protected(12, 1, 2, "10.0.0.12", Group)),
        ],
        (Say.NetworkPartition(1), [
            Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24"), Say.Neighbor(10, "10.0.0.10", world.Tunnel(0)),
            Say.Neighbor(11, "10.0.0.11", world.Tunnel(0)), Say.Neighbor(12, "10.0.0.12", world.Tunnel(1)),
        ]),
        (Say.SecurityGroupPartition(Group), [
            Say.SecurityGroup(Group), Say.EgressRule(51),
            Say.Rule(52, new SecurityGroupRuleEntry { IpVersion = 4, RemoteGroup = Say.Bytes(Group) }),
            Say.Member(10, "10.0.0.10"), Say.Member(11, "10.0.0.11"), Say.Member(12, "10.0.0.12"),
        ]));
}

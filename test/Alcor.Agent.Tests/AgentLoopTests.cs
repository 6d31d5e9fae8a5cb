using Alcor.Agent.Pipeline;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

public sealed class AgentLoopTests : IDisposable
{
    private readonly AgentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_first_message_says_who_the_agent_is_and_that_it_holds_nothing()
    {
        var hello = _world.Dataplane.Hello;
        Assert.Equal("compute-1", hello.Host);
        Assert.Equal("172.31.0.1", hello.TunnelAddress);
        Assert.Empty(hello.Held);
    }

    [Fact]
    public void Nothing_is_written_to_the_switch_before_synchronized()
    {
        _world.Switch.Tamper(flows => Add(flows, Foreign(), Stray()));
        _world.Plug(10, 7);
        _world.Say(Say.Snapshot(Say.NetworkPartition(1), 5, Say.Network(1, 100)));
        _world.Advance(TimeSpan.FromMinutes(3));
        Assert.Empty(_world.Applied);
        Assert.Empty(_world.Dataplane.Acks);
        _world.Say(Say.Synchronized());
        Assert.DoesNotContain(Stray(), _world.Switch.Flows);
        Assert.Contains(Foreign(), _world.Switch.Flows);
    }

    [Fact]
    public void The_sentinel_is_the_last_flow_to_be_written()
    {
        _world.SayUsual();
        Assert.Equal(Cookies.Sentinel, _world.Applied[^1].Flow.Cookie);
        Assert.Equal(_world.Status.FlowsWanted, _world.Switch.Flows.Count);
    }

    [Fact]
    public void A_port_waits_for_its_interface_and_is_applied_when_it_comes()
    {
        _world.SayUsual();
        var waiting = Assert.Single(Last(Say.HostPartition).Results);
        Assert.Equal(EntryState.Waiting, waiting.State);
        Assert.Contains("is not plugged", waiting.Reason);
        Assert.Equal(3ul, Last(Say.HostPartition).Revision);
        _world.Plug(10, 7);
        var applied = Assert.Single(Last(Say.HostPartition).Results);
        Assert.Equal(EntryState.Applied, applied.State);
        Assert.Equal(Say.Bytes(10), applied.Id);
        Assert.Contains(_world.Switch.Flows, flow => flow.Match.Find(Field.InPort)?.Value == 7);
    }

    [Fact]
    public void A_port_whose_interface_came_first_is_applied_at_once()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        Assert.Empty(Last(Say.HostPartition).Results);
        Assert.Equal(3ul, Last(Say.HostPartition).Revision);
        Assert.Equal(5ul, Last(Say.NetworkPartition(1)).Revision);
    }

    [Fact]
    public void An_interface_that_goes_makes_its_port_wait_and_leaves_no_flow_of_it()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        _world.Do(() => _world.Switch.SetInterface(Say.Id(10), null));
        Assert.Equal(EntryState.Waiting, Assert.Single(Last(Say.HostPartition).Results).State);
        Assert.DoesNotContain(_world.Switch.Flows, flow => flow.Match.Find(Field.InPort)?.Value == 7);
    }

    [Fact]
    public void A_refused_flow_fails_its_entry_with_the_switchs_reason_and_no_other()
    {
        _world.Plug(10, 7);
        _world.Switch.Refuse = change => change.Flow.Cookie == Cookies.Of(new(EntryKind.Neighbor, Say.Id(20)))
            && change.Flow.Table == Tables.Forward ? "BAD_ACTION/BAD_OUT_PORT" : null;
        _world.SayUsual();
        var failed = Assert.Single(Last(Say.NetworkPartition(1)).Results);
        Assert.Equal(EntryState.Failed, failed.State);
        Assert.Equal(Say.Bytes(20), failed.Id);
        Assert.Contains("BAD_OUT_PORT", failed.Reason);
        Assert.Contains("dl_dst=fa:16:3e:00:00:14", failed.Reason);
        Assert.Empty(Last(Say.HostPartition).Results);
        Assert.Equal(_world.Status.FlowsWanted - 1, _world.Switch.Flows.Count);
    }

    [Fact]
    public void A_refused_flow_gets_another_chance_at_the_next_audit()
    {
        _world.Switch.Refuse = change =>
            change.Flow is { Table: Tables.Forward, Priority: 100 } ? "busy" : null;
        _world.SayUsual();
        Assert.Equal(EntryState.Failed, Assert.Single(Last(Say.NetworkPartition(1)).Results).State);
        _world.Switch.Refuse = _ => null;
        _world.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(EntryState.Applied, Assert.Single(Last(Say.NetworkPartition(1)).Results).State);
    }

    [Fact]
    public void A_flow_of_a_router_that_is_refused_fails_the_gateway_that_this_host_has_until_it_is_taken()
    {
        _world.Switch.Refuse = change => change.Flow.Cookie == Cookies.Of(new(EntryKind.Router, Say.Id(80)))
            && change.Flow.Table == Tables.Gateways ? "BAD_ACTION" : null;
        _world.Do(() => _world.Switch.SetPhysicalPort("physnet1", 3));
        _world.Say(
            Say.Snapshot(Say.HostPartition, 1, Say.Entry(
                EntryKind.RouterGateway, 83, new RouterGatewayEntry { RouterId = Say.Bytes(80) })),
            Say.Snapshot(Say.NetworkPartition(90), 1, Say.External(90),
                Say.Subnet(92, "203.0.113.0/24", "203.0.113.1", dhcp: false)),
            Say.Snapshot(Say.RouterPartition(80), 1, Say.Entry(EntryKind.Router, 80, new RouterEntry
            {
                AdminStateUp = true,
                Gateway = Say.Gateway(90, 83, $"{AgentWorld.Tunnel}", (92, "203.0.113.5")),
            })),
            Say.Synchronized());
        var failed = Assert.Single(Last(Say.HostPartition).Results);
        Assert.Equal((EntryState.Failed, Say.Bytes(83)), (failed.State, failed.Id));
        Assert.Contains("BAD_ACTION", failed.Reason);

        _world.Switch.Refuse = _ => null;
        _world.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(EntryState.Applied, Assert.Single(Last(Say.HostPartition).Results).State);
    }

    [Fact]
    public void Defect_21_every_entry_has_a_state_of_its_own_from_end_to_end()
    {
        _world.Plug(10, 7);
        _world.Say(
            Say.Snapshot(Say.NetworkPartition(1), 2, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24"),
                Say.Subnet(3, "not a prefix"), Say.Neighbor(20, "10.0.0.20", AgentWorld.Other)),
            Say.Snapshot(Say.HostPartition, 4, Say.Port(10, 1, 2, "10.0.0.10"), Say.Port(11, 1, 2, "10.0.0.11"),
                Say.Port(12, 9, 2, "10.0.0.12")),
            Say.Synchronized());
        Assert.Equal(["3 Failed"], States(Last(Say.NetworkPartition(1))));
        Assert.Equal(["11 Waiting", "12 Waiting"], States(Last(Say.HostPartition)));
        _world.Say(Say.Difference(Say.NetworkPartition(1), 2, 3, Say.Subnet(3, "10.0.3.0/24")));
        Assert.Equal(["3 Applied"], States(Last(Say.NetworkPartition(1))));
    }

    [Fact]
    public void A_restarted_agent_finds_equal_flows_and_changes_none()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        var before = _world.Switch.Flows.ToHashSet();
        _world.Applied.Clear();
        _world.RestartAgent();
        _world.SayUsual();
        Assert.True(_world.Status.Converged);
        Assert.Empty(_world.Applied);
        Assert.True(before.SetEquals(_world.Switch.Flows));
        Assert.Equal(0, _world.Status.SwitchLosses);
        Assert.Equal(3ul, Last(Say.HostPartition).Revision);
    }

    [Fact]
    public void A_restarted_switch_is_programmed_again_from_memory_with_no_dataplane()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        var before = _world.Switch.Flows.ToHashSet();
        _world.Dataplane.IsDown = true;
        _world.Do(() => _world.Dataplane.HangUp());
        var losses = _world.Status.SwitchLosses;
        _world.Do(_world.Switch.Restart);
        Assert.True(before.SetEquals(_world.Switch.Flows));
        Assert.Equal(Cookies.Sentinel, _world.Applied[^1].Flow.Cookie);
        Assert.Equal(losses + 1, _world.Status.SwitchLosses);
    }

    [Fact]
    public void A_connection_to_the_switch_that_only_broke_costs_no_flow()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        _world.Applied.Clear();
        _world.Do(_world.Switch.Disconnect);
        _world.Say(Say.Difference(Say.NetworkPartition(1), 5, 6, Say.Neighbor(21, "10.0.0.21", AgentWorld.Other)));
        Assert.False(_world.Status.Converged);
        _world.Do(_world.Switch.Connect);
        Assert.Equal(2, _world.Applied.Count);
        Assert.Equal(6ul, Last(Say.NetworkPartition(1)).Revision);
    }

    [Fact]
    public void An_audit_repairs_drift_counts_it_and_leaves_foreign_flows()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        var before = _world.Switch.Flows.ToHashSet();
        _world.Switch.Tamper(flows =>
        {
            var answer = before.First(flow => flow is { Table: Tables.Arp, Priority: 100 });
            Assert.Null(flows.Apply(FlowMod.DeleteStrict(answer.Key)));
            Add(flows, Stray(), Foreign());
        });
        _world.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(2, _world.Status.Drift);
        before.Add(Foreign());
        Assert.True(before.SetEquals(_world.Switch.Flows));
    }

    private Ack Last(string partition) => _world.Dataplane.Acks.Last(ack => ack.Partition == partition);

    private static string[] States(Ack ack) =>
        [.. ack.Results.Select(result => $"{result.Id[15]} {result.State}").Order(StringComparer.Ordinal)];

    private static Flow Foreign() => new(Tables.Forward, 7, Match.Empty.InPort(99)) { Cookie = 0x1234 };

    private static Flow Stray() => new(Tables.Classify, 100, Match.Empty.InPort(98)) { Cookie = Cookies.Ours | 5 };

    private static void Add(FlowTableSwitch tables, params Flow[] added) =>
        Assert.All(added, flow => Assert.Null(tables.Apply(FlowMod.Add(flow))));
}

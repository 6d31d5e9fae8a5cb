using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

public sealed class DataplaneLinkTests : IDisposable
{
    private readonly AgentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void After_a_loss_the_agent_says_what_it_holds_and_acknowledges_it()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        _world.Do(() => _world.Dataplane.HangUp(new IOException("reset")));
        Assert.False(_world.Status.DataplaneConnected);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _world.Dataplane.Dials);
        Assert.Equal([(Say.HostPartition, 3ul), (Say.NetworkPartition(1), 5ul)],
            _world.Dataplane.Hello.Held.Select(held => (held.Partition, held.Revision)));
        Assert.Equal([(Say.HostPartition, 3ul), (Say.NetworkPartition(1), 5ul)],
            _world.Dataplane.Acks.Select(ack => (ack.Partition, ack.Revision)));
    }

    [Fact]
    public void What_waits_is_told_again_to_the_next_dataplane()
    {
        _world.SayUsual();
        _world.Do(() => _world.Dataplane.HangUp());
        _world.Advance(TimeSpan.FromSeconds(1));
        var ack = _world.Dataplane.Acks.Single(ack => ack.Partition == Say.HostPartition);
        Assert.Equal(EntryState.Waiting, Assert.Single(ack.Results).State);
    }

    [Fact]
    public void Pauses_before_dialling_grow_to_a_bound()
    {
        _world.Dataplane.IsDown = true;
        _world.Do(() => _world.Dataplane.HangUp());
        _world.Advance(TimeSpan.FromSeconds(60));
        var early = _world.Dataplane.Dials;
        _world.Advance(TimeSpan.FromSeconds(60));
        // Between half and all of ten seconds each.
        Assert.InRange(_world.Dataplane.Dials - early, 6, 12);
        Assert.True(early < 25);
        _world.Dataplane.IsDown = false;
        _world.Advance(TimeSpan.FromSeconds(11));
        Assert.True(_world.Status.DataplaneConnected);
    }

    [Fact]
    public void A_silent_dataplane_is_left_and_a_speaking_one_is_not()
    {
        for (var beat = 0; beat < 10; beat++)
        {
            _world.Say(new DataplaneMessage { Heartbeat = new Heartbeat() });
            _world.Advance(TimeSpan.FromSeconds(10));
        }
        Assert.Equal(1, _world.Dataplane.Dials);
        _world.Advance(TimeSpan.FromSeconds(60));
        Assert.True(_world.Dataplane.Dials > 1);
    }

    [Fact]
    public void The_agent_sends_heartbeats_when_it_has_nothing_to_say()
    {
        for (var beat = 0; beat < 6; beat++)
        {
            _world.Say(new DataplaneMessage { Heartbeat = new Heartbeat() });
            _world.Advance(TimeSpan.FromSeconds(10));
        }
        Assert.InRange(_world.Dataplane.Received.Count(message => message.Heartbeat is not null), 4, 6);
    }

    [Fact]
    public void A_gap_in_revisions_makes_the_agent_connect_again()
    {
        _world.SayUsual();
        _world.Say(Say.Difference(Say.NetworkPartition(1), 7, 8, Say.Neighbor(30, "10.0.0.30", AgentWorld.Other)));
        Assert.False(_world.Dataplane.IsConnected);
        Assert.Equal(1, _world.Status.Gaps);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _world.Dataplane.Dials);
        var held = _world.Dataplane.Hello.Held.Single(held => held.Partition == Say.NetworkPartition(1));
        Assert.Equal(5ul, held.Revision);
    }

    [Fact]
    public void A_dataplane_that_takes_nothing_is_left_before_memory_runs_out()
    {
        _world.SayUsual();
        _world.Dataplane.IsStalled = true;
        for (var revision = 5ul; revision < 5 + AgentLimits.OutboxMax + 2; revision++)
            _world.Say(Say.Difference(Say.NetworkPartition(1), revision, revision + 1));
        Assert.False(_world.Dataplane.IsConnected);
        Assert.Contains(_world.Log.Lines, line => line.Contains("has not taken 4096", StringComparison.Ordinal));
        _world.Dataplane.IsStalled = false;
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_world.Status.DataplaneConnected);
    }

    [Fact]
    public void A_snapshot_cut_off_by_a_loss_leaves_no_trace()
    {
        _world.SayUsual();
        var piece = Say.SnapshotOf(Say.NetworkPartition(1), 9, Say.Network(1, 100));
        piece.Last = false;
        _world.Say(Say.Message(piece));
        _world.Do(() => _world.Dataplane.HangUp());
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Say(Say.Difference(Say.NetworkPartition(1), 5, 6, Say.Removed(EntryKind.Neighbor, 20, 6)));
        Assert.Equal(6ul, _world.Dataplane.Acks.Last(ack => ack.Partition == Say.NetworkPartition(1)).Revision);
        Assert.True(_world.Dataplane.IsConnected);
    }

    [Fact]
    public void A_dropped_partition_is_forgotten_with_its_flows()
    {
        _world.SayUsual();
        _world.Say(Say.Dropped(Say.NetworkPartition(1)));
        Assert.DoesNotContain(Say.NetworkPartition(1), _world.Agent.Desired.Partitions.Keys);
        Assert.Equal(_world.Status.FlowsWanted, _world.Switch.Flows.Count);
        Assert.Equal(Pipeline.Skeleton.Of(AgentWorld.Tunnel).Count(), _world.Switch.Flows.Count);
    }

    [Fact]
    public void Defect_34_nothing_that_a_dataplane_says_ends_the_agent()
    {
        var random = Seed.For(nameof(Defect_34_nothing_that_a_dataplane_says_ends_the_agent));
        _world.SayUsual();
        for (var i = 0; i < 3000; i++)
        {
            var message = Noise.Message(random);
            _world.Do(() =>
            {
                if (_world.Dataplane.IsConnected)
                    _world.Dataplane.Say(message);
            });
            if (!_world.Dataplane.IsConnected)
                _world.Advance(TimeSpan.FromSeconds(11));
        }
        Assert.True(_world.Status.Converged);
        Assert.Equal(_world.Status.FlowsWanted, _world.Switch.Flows.Count);
    }
}

using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane.Tests;

/// <summary>How far a port is, and when it came there.</summary>
public sealed class ExplanationTests
{
    private static readonly PartitionKey HostA = PartitionKey.Host("host-a");
    private static readonly PartitionKey Network1 = PartitionKey.Network(Samples.NetworkId(1));

    [Fact]
    public void Each_stage_has_its_time_and_the_last_nack_is_kept_after_it_was_resolved()
    {
        using var world = new World();
        var host = world.Connect(new FakeHost("host-a") { AcknowledgesAtOnce = false });
        host.Acknowledge(HostA);
        world.Pass(1);
        var committed = world.Time.GetUtcNow();
        world.Commit([.. Samples.PutNetwork(1), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        Assert.Equal([committed, committed, null, null], Times(world));
        Assert.Contains("not yet: host host-a is at revision", Why(world).Stages[2].Reason, StringComparison.Ordinal);
        Assert.Null(Why(world).LastNack);
        world.Pass(2);
        var acknowledged = world.Time.GetUtcNow();
        host.Acknowledge(HostA, Port1(EntryState.Waiting, "no interface"));
        world.Settle();
        Assert.Equal([committed, committed, acknowledged, null], Times(world));
        Assert.Equal("its status is BUILD", Why(world).Stages[3].Reason);
        var nack = Why(world).LastNack!;
        Assert.Equal(
            (HostA, EntryState.Waiting, "no interface", acknowledged, false),
            (nack.Partition, nack.Problem.State, nack.Problem.Reason, nack.Problem.At, nack.IsResolved));
        world.Pass(3);
        var active = world.Time.GetUtcNow();
        host.Acknowledge(HostA, Port1(EntryState.Applied));
        world.Settle();
        Assert.Equal([committed, committed, acknowledged, active], Times(world));
        Assert.Equal(("", ""), (Why(world).Reason, Why(world).Stages[3].Reason));
        Assert.True(Why(world).LastNack!.IsResolved);
    }

    [Fact]
    public void Revisions_wanted_and_acknowledged_are_those_of_the_host_and_of_the_network()
    {
        using var world = new World();
        world.Commit([.. Samples.PutNetwork(1), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        Assert.Equal((1, 0, 0), Lag(Why(world).HostPartition!));
        var host = world.Connect(new FakeHost("host-a") { AcknowledgesAtOnce = false });
        var wanted = Why(world).HostPartition!.Wanted;
        Assert.True(Why(world).HostPartition!.Sent >= wanted);
        Assert.Equal(0, Why(world).HostPartition!.Acknowledged);
        host.Acknowledge(HostA);
        host.Acknowledge(Network1);
        world.Settle();
        Assert.True(Why(world).HostPartition!.Acknowledged >= wanted);
        var network = Why(world).NetworkPartition!;
        Assert.Equal((Network1, 1), (network.Partition, network.Wanted));
        Assert.True(network.Acknowledged >= network.Wanted);
        // What others change does not change what the port waits for.
        world.Commit(Samples.Put(Samples.Network(1) with { Mtu = 1000 }));
        Assert.Equal(1, Why(world).NetworkPartition!.Wanted);
    }

    [Fact]
    public void What_a_host_held_when_it_connected_was_not_sent_by_this_process()
    {
        using var world = new World();
        world.Commit([.. Samples.PutNetwork(1), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect("host-a");
        world.Pass(1);
        world.Restart();
        var connected = world.Time.GetUtcNow();
        host.Leave();
        world.Settle();
        world.Connect(host.Again());
        var why = Why(world);
        Assert.Equal(PortStatus.Active, why.Status);
        Assert.Null(why.Stages[1].At);
        Assert.Contains("held it when it connected", why.Stages[1].Reason, StringComparison.Ordinal);
        Assert.Equal(connected, why.Stages[2].At);
        Assert.Null(why.Stages[3].At);
        Assert.Contains("earlier one", why.Stages[3].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_nobody_followed_has_no_time_of_its_commit()
    {
        using var world = new World();
        world.Commit(
            [.. Samples.PutNetwork(1), .. Samples.PutBound(Samples.Port(1, 1, "host-a") with { Generation = 2 })]);
        var why = Why(world);
        Assert.All(why.Stages, stage => Assert.True(stage.At is null && stage.Reason.Length > 0));
        world.Commit(Samples.PutBound(Samples.Port(1, 1, "host-a") with { Generation = 3 }));
        Assert.Equal(world.Time.GetUtcNow(), Why(world).Stages[0].At);
    }

    [Fact]
    public void A_port_without_a_host_has_been_created_and_nothing_else()
    {
        using var world = new World();
        var port = Samples.Port(1, 1);
        world.Commit([.. Samples.PutNetwork(1), Samples.Put(port)]);
        var why = Why(world);
        Assert.Equal([port.CreatedAt, null, null, null], why.Stages.Select(stage => stage.At));
        Assert.Equal("it is not bound to a host", why.Stages[1].Reason);
        Assert.Equal((null, null, null), (why.HostPartition, why.NetworkPartition, why.LastNack));
    }

    [Fact]
    public void A_host_that_has_trouble_with_the_network_says_so_of_its_ports()
    {
        using var world = new World();
        world.Commit([.. Samples.PutNetwork(1), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect(new FakeHost("host-a") { AcknowledgesAtOnce = false });
        host.Acknowledge(
            Network1, FakeHost.Result(EntryKind.Network, Samples.NetworkId(1), EntryState.Failed, "no tunnel"));
        world.Settle();
        var nack = Why(world).LastNack!;
        Assert.Equal((Network1, "no tunnel", false), (nack.Partition, nack.Problem.Reason, nack.IsResolved));
    }

    [Fact]
    public void Times_of_many_later_updates_displace_those_of_earlier_ones()
    {
        using var world = new World();
        world.Connect("host-a");
        world.Commit([.. Samples.PutNetwork(1), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        Assert.All(Why(world).Stages, stage => Assert.NotNull(stage.At));
        for (var number = 0; number <= DataplaneLimits.RevisionTimesMax; number++)
            world.Commit(Samples.PutBound(Samples.Port(2 + number, 1, "host-a")));
        var why = Why(world);
        // It is the port's first generation, which is as old as the port.
        Assert.Equal(Samples.Port(1, 1).CreatedAt, why.Stages[0].At);
        Assert.Equal((null, null), (why.Stages[1].At, why.Stages[2].At));
        Assert.Contains("64 updates since", why.Stages[2].Reason, StringComparison.Ordinal);
        Assert.NotNull(why.Stages[3].At);
    }

    [Fact]
    public void Times_are_known_of_what_was_reached_and_not_of_what_was_there_before()
    {
        var times = new RevisionTimes(most: 2);
        var (one, two) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1));
        times.StartAt(3);
        times.Add(5, one);
        times.Add(5, two);
        times.Add(4, two);
        Assert.Equal([null, one, one, null], new long[] { 3, 4, 5, 6 }.Select(times.Reached));
        Assert.Equal([null, one], new long[] { 4, 5 }.Select(times.Exactly));
        times.Add(8, two);
        times.Add(9, two);
        Assert.Equal([null, two, two], new long[] { 5, 6, 8 }.Select(times.Reached));
    }

    [Fact]
    public void Of_the_ports_that_became_ACTIVE_the_last_ones_are_remembered()
    {
        var time = new ManualTime();
        var activations = new Activations(time);
        for (var number = 0; number <= DataplaneLimits.ActivationsMax; number++)
            activations.Note($"{number}", 1);
        Assert.Null(activations.Find("0", 1));
        Assert.Equal(time.GetUtcNow(), activations.Find("1", 1));
        Assert.Null(activations.Find("1", 2));
    }

    private static IEnumerable<DateTimeOffset?> Times(World world) => Why(world).Stages.Select(stage => stage.At);

    private static (long, long, long) Lag(PartitionLag lag) => (lag.Wanted, lag.Sent, lag.Acknowledged);

    private static PortExplanation Why(World world) =>
        world.Run(world.Dataplane.Convergence.ExplainPortAsync(Samples.PortId(1), CancellationToken.None))!;

    private static EntryResult Port1(EntryState state, string reason = "") =>
        FakeHost.Result(EntryKind.Port, Samples.PortId(1), state, reason);
}

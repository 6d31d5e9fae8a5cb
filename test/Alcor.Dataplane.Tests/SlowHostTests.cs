using Alcor.Kernel.Store;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane.Tests;

public sealed class SlowHostTests
{
    private static readonly PartitionKey Network1 = PartitionKey.Network(Samples.NetworkId(1));

    [Fact]
    public void A_host_that_acknowledges_nothing_is_sent_one_update_a_partition_and_then_one_value_a_key()
    {
        using var world = new World();
        Prepare(world, networks: 1);
        var host = world.Connect("host-a");
        host.AcknowledgesAtOnce = false;
        host.Forget();
        for (var mtu = 1000; mtu < 1200; mtu++)
            world.Commit(Samples.Put(Samples.Network(1) with { Mtu = mtu }));
        Assert.Equal(1000u, MtuOf(Assert.Single(host.Updates)));
        host.Forget();
        host.Acknowledge(Network1);
        world.Settle();
        var update = Assert.Single(host.Updates);
        Assert.Equal(1199u, MtuOf(update));
        Assert.Single(update.Entries);
    }

    [Fact]
    public void Updates_on_their_way_are_bounded_and_the_others_wait_their_turn()
    {
        using var world = new World(new DataplaneOptions { UnacknowledgedMax = 3 });
        Prepare(world, networks: 10);
        var host = world.Connect("host-a");
        world.PassWithHeartbeats(20);
        host.AcknowledgesAtOnce = false;
        host.Forget();
        for (var number = 1; number <= 10; number++)
            world.Commit(Samples.Put(Samples.Network(number) with { Mtu = 1000 }));
        Assert.Equal(3, host.Updates.Count());
        for (var number = 1; number <= 10; number++)
        {
            host.Acknowledge(PartitionKey.Parse(host.Updates.ElementAt(number - 1).Partition));
            world.Settle();
            Assert.Equal(Math.Min(number + 3, 10), host.Updates.Count());
        }
        Assert.Equal(10, host.Updates.Select(update => update.Partition).Distinct().Count());
        world.AssertConverged(host);
    }

    [Fact]
    public void An_agent_that_first_acknowledges_after_Synchronized_is_told_everything_before()
    {
        using var world = new World(new DataplaneOptions { UnacknowledgedMax = 3 });
        Prepare(world, networks: 10);
        var host = new FakeHost("host-a") { AcknowledgesAtOnce = false };
        world.Connect(host);
        Assert.True(host.WasSynchronized);
        world.AssertConverged(host);
    }

    [Fact]
    public void A_host_that_takes_no_bytes_hinders_nobody_and_loses_its_session_when_it_falls_silent()
    {
        using var world = new World();
        Prepare(world, networks: 1);
        world.Commit(Samples.PutBound(Samples.Port(50, 1, "host-b")));
        var slow = world.Connect("host-a");
        var other = world.Connect("host-b");
        slow.Block();
        for (var mtu = 1000; mtu < 1100; mtu++)
            world.Commit(Samples.Put(Samples.Network(1) with { Mtu = mtu }));
        world.AssertConverged(other);
        other.SayHeartbeat();
        world.Settle();
        world.Pass(29);
        Assert.Null(world.EndOf(slow));
        other.SayHeartbeat();
        world.Settle();
        world.Pass(12);
        Assert.Contains("said nothing", world.EndOf(slow), StringComparison.Ordinal);
        Assert.Null(world.EndOf(other));
    }

    [Fact]
    public void A_host_that_fell_behind_the_window_still_gets_everything()
    {
        using var world = new World(new DataplaneOptions { WindowDeltasMax = 5 });
        Prepare(world, networks: 1);
        world.Commit(Enumerable.Range(100, 50).SelectMany(n => Samples.PutBound(Samples.Port(n, 1, "host-b"))));
        var host = world.Connect("host-a");
        host.AcknowledgesAtOnce = false;
        for (var number = 200; number < 230; number++)
            world.Commit(Samples.PutBound(Samples.Port(number, 1, "host-b")));
        world.Commit(Samples.EndBound(Samples.Port(100, 1, "host-b")));
        host.AcknowledgesAtOnce = true;
        host.Acknowledge(Network1);
        world.Settle();
        world.AssertConverged(host);
    }

    [Fact]
    public void A_snapshot_that_is_being_sent_goes_on_while_the_partition_moves()
    {
        using var world = new World(new DataplaneOptions { MessageBytesMax = 1_000 });
        Prepare(world, networks: 1);
        world.Commit(Enumerable.Range(100, 100).SelectMany(n => Samples.PutBound(Samples.Port(n, 1, "host-b"))));
        var host = new FakeHost("host-a");
        host.Block();
        world.Connect(host);
        for (var number = 100; number < 150; number++)
            world.Commit(Samples.EndBound(Samples.Port(number, 1, "host-b")));
        host.Unblock();
        world.Settle();
        world.AssertConverged(host);
    }

    private static uint MtuOf(PartitionUpdate update) =>
        NetworkEntry.Parser.ParseFrom(update.Entries.Single(entry => entry.Kind == EntryKind.Network).Value).Mtu;

    private static void Prepare(World world, int networks)
    {
        for (var number = 1; number <= networks; number++)
        {
            var port = Samples.Port(number, number, "host-a");
            world.Commit([Samples.Put(Samples.Network(number)), .. Samples.PutBound(port)]);
        }
    }
}

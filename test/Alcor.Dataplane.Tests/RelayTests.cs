using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane.Tests;

public sealed class RelayTests
{
    private static readonly PartitionKey Network1 = PartitionKey.Network(Samples.NetworkId(1));

    [Fact]
    public void A_change_is_projected_and_encoded_once_however_many_hosts_receive_it()
    {
        using var world = new World();
        var names = Enumerable.Range(1, 50).Select(number => $"host-{number}").ToList();
        world.Commit(Samples.Put(Samples.Network(1)));
        world.Commit(names.SelectMany((name, index) => Samples.PutBound(Samples.Port(index + 1, 1, name))));
        var hosts = names.Select(world.Connect).ToList();
        var (projected, reads) = (world.Dataplane.Relay.Projected, world.Store.ChangeReads.Count);
        hosts.ForEach(host => host.Forget());
        world.Commit(Samples.Put(Samples.Port(99, 1, "host-x")));
        Assert.All(hosts, host => Assert.Single(host.Updates));
        Assert.Equal(projected + 1, world.Dataplane.Relay.Projected);
        Assert.Equal(reads + 1, world.Store.ChangeReads.Count);
    }

    [Fact]
    public void Entries_that_did_not_change_are_not_sent_again()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect("host-a");
        world.PassWithHeartbeats(20);
        host.Forget();
        world.Commit(Samples.Put(world.PortOf(1) with { Status = PortStatus.Down, Name = "other" }));
        world.Commit(Samples.Put(Samples.Network(1) with { Description = "other" }));
        Assert.Empty(host.Received);
        world.PassWithHeartbeats(20);
        var advance = Assert.Single(host.Updates);
        Assert.Empty(advance.Entries);
        Assert.Equal((ulong)world.RevisionOf(Network1), advance.ToRevision);
    }

    [Fact]
    public void Lost_word_of_a_commit_is_made_up_for_by_the_next_one()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect("host-a");
        world.Store.IsSilent = true;
        world.Commit(Samples.PutBound(Samples.Port(2, 1, "host-b")));
        world.Commit(Samples.PutBound(Samples.Port(3, 1, "host-b")));
        host.Forget();
        world.Settle();
        Assert.Empty(host.Received);
        world.Store.IsSilent = false;
        world.Commit(Samples.PutBound(Samples.Port(4, 1, "host-b")));
        Assert.Equal(3, Assert.Single(host.Updates).Entries.Count);
        world.AssertConverged(host);
    }

    [Fact]
    public void Lost_word_of_the_last_commit_is_made_up_for_by_the_audit()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect("host-a");
        world.Store.IsSilent = true;
        world.Commit(Samples.PutBound(Samples.Port(2, 1, "host-b")));
        world.PassWithHeartbeats(125);
        world.AssertConverged(host);
    }

    [Fact]
    public void Many_commits_become_one_read_and_one_value_a_key()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect("host-a");
        host.Forget();
        var reads = world.Store.ChangeReads.Count;
        for (var mtu = 1000; mtu < 1100; mtu++)
            world.CommitUnseen(Samples.Put(Samples.Network(1) with { Mtu = mtu }));
        world.Settle();
        var entry = Assert.Single(Assert.Single(host.Updates).Entries);
        Assert.Equal(1099u, NetworkEntry.Parser.ParseFrom(entry.Value).Mtu);
        Assert.Equal(reads + 1, world.Store.ChangeReads.Count);
    }

    [Fact]
    public void A_store_that_fails_leaves_the_hosts_what_they_have_and_is_asked_again()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect("host-a");
        host.Forget();
        world.Store.IsDown = true;
        world.Commit(Samples.PutBound(Samples.Port(2, 1, "host-b")));
        Assert.Empty(host.Received);
        Assert.Equal("the store is down", Assert.Single(world.Dataplane.Relay.Faults).Reason);
        world.PassWithHeartbeats(10);
        Assert.Null(world.EndOf(host));
        world.Store.IsDown = false;
        world.PassWithHeartbeats(5);
        world.AssertConverged(host);
        Assert.Empty(world.Dataplane.Relay.Faults);
    }

    [Fact]
    public void An_unread_partition_never_counts_as_an_empty_one()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect("host-a");
        host.Leave();
        world.Settle();
        world.Restart();
        world.Store.IsDown = true;
        var facts = world.Connect(host.Again());
        Assert.False(facts.WasSynchronized);
        Assert.Empty(facts.Received);
        world.Store.IsDown = false;
        var again = world.Connect(host.Again());
        world.PassWithHeartbeats(10);
        Assert.True(again.WasSynchronized);
        world.AssertConverged(again);
    }

    [Fact]
    public void A_partition_that_nobody_follows_is_forgotten_after_a_while()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect("host-a");
        Assert.Equal(2, world.Dataplane.Relay.PartitionCount);
        var projected = world.Dataplane.Relay.Projected;
        host.Leave();
        world.Settle();
        world.Pass(50);
        Assert.Equal(2, world.Dataplane.Relay.PartitionCount);
        world.Pass(80);
        Assert.Equal(0, world.Dataplane.Relay.PartitionCount);
        Assert.Equal(projected, world.Dataplane.Relay.Projected);
    }

    [Fact]
    public void The_window_is_bounded_by_count_and_bytes()
    {
        var window = new DeltaWindow(deltasMax: 10, bytesMax: 500);
        window.StartAt(5);
        for (var revision = 6; revision < 100; revision++)
        {
            window.Append(new Breadcrumb(revision - 1, revision, [EntryAt(revision % 3, revision)]));
            Assert.InRange(window.Count, 1, 10);
            Assert.InRange(window.Bytes, 1, 500);
        }
        Assert.Null(window.Since(window.Floor - 1));
        Assert.Equal(3, window.Since(window.Floor)!.Count);
        Assert.Equal([99L], window.Since(98)!.Select(entry => entry.Revision));
        Assert.Empty(window.Since(99)!);
    }

    [Fact]
    public void A_window_gives_the_newest_value_of_each_key_and_reaches_back_when_told_more()
    {
        var window = new DeltaWindow(100, 100_000);
        window.StartAt(5);
        window.Append(new Breadcrumb(5, 6, [EntryAt(1, 6)]));
        window.Append(new Breadcrumb(6, 8, [EntryAt(1, 7), EntryAt(2, 8)]));
        Assert.Equal([7L, 8L], window.Since(5)!.Select(entry => entry.Revision).Order());
        Assert.Null(window.Since(3));
        window.Prepend(new Breadcrumb(2, 5, [EntryAt(3, 3), EntryAt(4, 5)]));
        Assert.Equal([5L, 7L, 8L], window.Since(3)!.Select(entry => entry.Revision).Order());
        Assert.Equal([3L, 5L, 7L, 8L], window.Since(2)!.Select(entry => entry.Revision).Order());
        Assert.Null(window.Since(1));
        Assert.False(window.AnyChange(8, 20));
        Assert.True(window.AnyChange(7, 8));
        Assert.Null(window.AnyChange(1, 8));
    }

    private static GoalEntry EntryAt(int port, long revision) =>
        Projection.Of(Samples.Port(port, 1, $"host-{revision}"), revision)!;
}

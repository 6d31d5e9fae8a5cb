using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Dataplane.Tests;

public sealed class SessionTests
{
    private static readonly PartitionKey Network1 = PartitionKey.Network(Samples.NetworkId(1));
    private static readonly PartitionKey Network2 = PartitionKey.Network(Samples.NetworkId(2));

    [Fact]
    public void A_new_host_is_registered_and_told_that_it_knows_everything()
    {
        using var world = new World();
        var host = world.Connect("host-a");
        Assert.True(host.WasSynchronized);
        Assert.True(world.AgentOf("host-a").Alive);
        Assert.Equal(Samples.TunnelOf("host-a"), world.Read(Network.Nodes.Node.Type, "host-a")!.TunnelAddress);
        world.AssertConverged(host);
    }

    [Fact]
    public void A_host_gets_snapshots_of_itself_and_of_its_networks_and_then_Synchronized()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        world.AssertConverged(host);
        Assert.All(host.Updates, update => Assert.True(update.Snapshot && update.Last));
        Assert.Equal(["host/host-a", Network1.ToString()], host.Updates.Select(update => update.Partition).Order());
        Assert.Equal(DataplaneMessage.BodyOneofCase.Synchronized, host.Received[^1].BodyCase);
    }

    [Fact]
    public void Changes_come_as_differences_as_they_happen()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        host.Forget();
        world.Commit(Samples.PutBound(Samples.Port(9, 1, "host-b")));
        var update = Assert.Single(host.Updates);
        Assert.False(update.Snapshot);
        Assert.Equal(EntryKind.Neighbor, Assert.Single(update.Entries).Kind);
        world.AssertConverged(host);
    }

    [Fact]
    public void A_large_partition_comes_in_pieces_of_bounded_size()
    {
        using var world = new World(new DataplaneOptions { MessageBytesMax = 2_000 });
        Prepare(world);
        world.Commit(Enumerable.Range(100, 400).SelectMany(n => Samples.PutBound(Samples.Port(n, 1, "host-b"))));
        var host = world.Connect("host-a");
        world.AssertConverged(host);
        Assert.InRange(host.LargestMessageBytes, 1_000, 2_200);
        var pieces = host.Updates.Where(update => update.Partition == Network1.ToString()).ToList();
        Assert.InRange(pieces.Count, 10, 20);
        Assert.Equal(pieces.Count - 1, pieces.FindIndex(piece => piece.Last));
        Assert.Single(pieces.Select(piece => piece.ToRevision).Distinct());
    }

    [Fact]
    public void A_difference_that_fits_no_message_comes_as_a_snapshot()
    {
        using var world = new World(new DataplaneOptions { MessageBytesMax = 1_000 });
        Prepare(world);
        var host = world.Connect("host-a");
        host.AcknowledgesAtOnce = false;
        world.Commit(Samples.Put(Samples.Network(1) with { Mtu = 1000 }));
        host.Forget();
        for (var number = 100; number < 130; number++)
            world.Commit(Samples.PutBound(Samples.Port(number, 1, "host-b")));
        host.AcknowledgesAtOnce = true;
        host.Acknowledge(Network1);
        world.Settle();
        Assert.All(host.Updates, update => Assert.True(update.Snapshot));
        Assert.InRange(host.LargestMessageBytes, 500, 1_200);
        world.AssertConverged(host);
    }

    [Fact]
    public void A_large_difference_is_not_cut_at_a_revision_of_which_it_does_not_know_all()
    {
        // Ports that are created together, one of them written again, unchanged for hosts, before anybody reads it.
        // Whoever is told "up to the creation" without that one, and goes to a process that saw both, never gets it.
        using var world = new World(new DataplaneOptions { MessageBytesMax = 300 });
        Prepare(world);
        var host = world.Connect("host-a");
        host.Forget();
        var ports = Enumerable.Range(100, 8).Select(number => Samples.Port(number, 1, "host-b")).ToList();
        world.CommitUnseen(ports.SelectMany(Samples.PutBound));
        world.CommitUnseen(Samples.Put(ports[7] with { Status = PortStatus.Active }));
        world.Settle();
        Assert.All(host.Updates, update => Assert.True(update.Snapshot));
        world.AssertConverged(host);
    }

    [Fact]
    public void A_host_that_is_ahead_of_what_was_read_so_far_is_not_told_to_forget()
    {
        // It was told by another process; here word of the commit has not led to a read yet.
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        world.Store.IsSilent = true;
        world.Commit(Samples.PutBound(Samples.Port(9, 1, "host-b")));
        var ahead = host.Again();
        var table = world.TableOf(Network1);
        ahead.Partitions[Network1.ToString()] = new FakeHost.Held(table.Revision, new(table.Entries.ToDictionary(
            one => one.Key, one => ByteString.CopyFrom(one.Value.Value.Span))));
        host.Leave();
        world.Connect(ahead);
        Assert.Empty(ahead.Dropped);
        Assert.Empty(ahead.Updates);
        world.AssertConverged(ahead);
    }

    [Fact]
    public void A_host_is_not_told_Synchronized_before_what_was_committed_earlier_has_been_read()
    {
        // Its switch may already have what the commit asks for, and would lose it for a while.
        using var world = new World();
        Prepare(world);
        world.Connect("host-a").Leave();
        world.Settle();
        world.Store.Unreadable = Network1;
        world.Commit(Samples.PutBound(Samples.Port(9, 1, "host-b")));
        var again = world.Connect("host-a");
        Assert.False(again.WasSynchronized);
        Assert.DoesNotContain(again.Updates, update => update.Partition == Network1.ToString());
        world.Store.Unreadable = null;
        world.PassWithHeartbeats(5);
        Assert.True(again.WasSynchronized);
        world.AssertConverged(again);
    }

    [Fact]
    public void A_host_that_holds_the_current_revisions_is_sent_nothing_again_not_even_by_another_process()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        world.PassWithHeartbeats(60);
        var again = world.Reconnect(host);
        Assert.Empty(again.Updates);
        Assert.True(again.WasSynchronized);
        world.PassWithHeartbeats(60);
        again.Leave();
        world.Settle();
        world.Restart();
        var later = world.Connect(again.Again());
        Assert.Empty(later.Updates);
        Assert.Empty(later.Dropped);
        Assert.True(later.WasSynchronized);
        world.AssertConverged(later);
        world.PassWithHeartbeats(60);
        Assert.Empty(later.Updates);
    }

    [Fact]
    public void A_host_that_missed_something_gets_the_difference_also_from_a_new_process()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        host.Leave();
        world.Settle();
        world.Commit(Samples.PutBound(Samples.Port(9, 1, "host-b")));
        world.Commit(Samples.EndBound(Samples.Port(2, 1, "host-b")));
        var again = world.Connect(host.Again());
        Assert.False(Assert.Single(again.Updates).Snapshot);
        Assert.Equal(2, Assert.Single(again.Updates).Entries.Count);
        world.AssertConverged(again);
        again.Leave();
        world.Settle();
        world.Commit(Samples.PutBound(Samples.Port(10, 1, "host-b")));
        world.Commit(Samples.EndBound(Samples.Port(9, 1, "host-b")));
        world.Restart();
        var later = world.Connect(again.Again());
        Assert.All(later.Updates, update => Assert.False(update.Snapshot));
        world.AssertConverged(later);
    }

    [Fact]
    public void A_host_that_missed_more_than_there_is_gets_a_snapshot()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        host.Leave();
        world.Settle();
        for (var number = 100; number < 120; number++)
        {
            world.Commit(Samples.PutBound(Samples.Port(number, 1, "host-b")));
            world.Commit(Samples.EndBound(Samples.Port(number, 1, "host-b")));
        }
        world.Restart();
        var again = world.Connect(host.Again());
        Assert.True(Assert.Single(again.Updates).Snapshot);
        world.AssertConverged(again);
    }

    [Fact]
    public void A_host_that_holds_what_the_store_never_had_forgets_it_first()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        var impossible = host.Again();
        impossible.Partitions[Network1.ToString()] = new FakeHost.Held(1_000_000, []);
        world.Connect(impossible);
        Assert.Contains(Network1.ToString(), impossible.Dropped);
        world.AssertConverged(impossible);
        Assert.Null(world.EndOf(impossible));
    }

    [Fact]
    public void A_network_comes_with_the_first_binding_and_goes_with_the_last()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        world.Commit(Samples.Put(Samples.Network(2)), Samples.Put(Samples.Subnet(2, 2)));
        host.Forget();
        world.Commit(Samples.PutBound(Samples.Port(20, 2, "host-a")));
        Assert.Equal(["host/host-a", Network2.ToString()], host.Updates.Select(update => update.Partition).Order());
        world.AssertConverged(host);
        world.Commit(Samples.EndBound(Samples.Port(20, 2, "host-a")));
        Assert.Equal([Network2.ToString()], host.Dropped);
        world.AssertConverged(host);
        host.Forget();
        world.Commit(Samples.PutBound(Samples.Port(21, 2, "host-b")));
        Assert.Empty(host.Received);
    }

    [Fact]
    public void What_a_host_holds_without_need_it_is_told_to_forget()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        var again = host.Again();
        again.Partitions[Network2.ToString()] = new FakeHost.Held(7, []);
        host.Leave();
        world.Connect(again);
        Assert.Equal([Network2.ToString()], again.Dropped);
        Assert.Empty(again.Updates);
        world.AssertConverged(again);
    }

    [Fact]
    public void Another_connection_of_the_same_host_ends_the_first()
    {
        using var world = new World();
        Prepare(world);
        var first = world.Connect("host-a");
        var second = world.Connect(first.Again());
        Assert.Contains("another connection", world.EndOf(first), StringComparison.Ordinal);
        Assert.Null(world.EndOf(second));
        first.Forget();
        world.Commit(Samples.PutBound(Samples.Port(9, 1, "host-b")));
        Assert.Empty(first.Received);
        world.AssertConverged(second);
        Assert.Equal(1, world.Dataplane.SessionCount);
        world.PassWithHeartbeats(90);
        Assert.True(world.AgentOf("host-a").Alive);
    }

    [Fact]
    public void Heartbeats_go_out_when_there_is_nothing_else_to_say()
    {
        using var world = new World();
        var host = world.Connect("host-a");
        world.PassWithHeartbeats(60);
        Assert.InRange(host.Heartbeats, 4, 6);
        Assert.Null(world.EndOf(host));
    }

    [Fact]
    public void A_silent_host_loses_its_session_and_its_agent_is_not_alive_but_its_ports_keep_their_status()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
        world.Pass(29);
        Assert.Null(world.EndOf(host));
        world.Pass(12);
        Assert.Contains("said nothing", world.EndOf(host), StringComparison.Ordinal);
        Assert.False(world.AgentOf("host-a").Alive);
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
        world.Connect(host.Again());
        Assert.True(world.AgentOf("host-a").Alive);
    }

    [Fact]
    public void A_host_that_comes_back_in_time_was_never_gone()
    {
        using var world = new World();
        var host = world.Connect("host-a");
        host.Leave();
        world.Settle();
        world.Pass(20);
        Assert.True(world.AgentOf("host-a").Alive);
        var again = world.Connect(host.Again());
        world.PassWithHeartbeats(100);
        Assert.True(world.AgentOf("host-a").Alive);
        Assert.Equal(world.Time.GetUtcNow(), world.AgentOf("host-a").HeartbeatAt, TimeSpan.FromSeconds(40));
        again.Leave();
        world.Settle();
        world.Pass(31);
        Assert.False(world.AgentOf("host-a").Alive);
    }

    [Fact]
    public void An_agent_that_does_not_come_back_after_a_restart_is_not_alive()
    {
        using var world = new World();
        world.Connect("host-a");
        world.Connect("host-b");
        world.Restart();
        world.Connect("host-b");
        world.PassWithHeartbeats(40);
        Assert.False(world.AgentOf("host-a").Alive);
        Assert.True(world.AgentOf("host-b").Alive);
    }

    [Fact]
    public void An_agent_that_another_dataplane_hears_of_is_alive()
    {
        using var world = new World();
        var host = world.Connect("host-a");
        host.Leave();
        world.Settle();
        var elsewhere = world.Run(world.Facts.HostConnectedAsync(Identity("host-a"), CancellationToken.None));
        for (var times = 0; times < 6; times++)
        {
            world.Pass(15);
            Assert.True(world.Run(world.Facts.HostAliveAsync(elsewhere, CancellationToken.None)));
            Assert.True(world.AgentOf("host-a").Alive);
        }
        world.Pass(100);
        Assert.False(world.AgentOf("host-a").Alive);
    }

    [Fact]
    public void A_session_ends_once_another_one_of_the_host_connected_later_and_the_agent_comes_again()
    {
        using var world = new World();
        var host = world.Connect("host-a");
        world.Settle();
        world.Run(world.Facts.HostConnectedAsync(Identity("host-a"), CancellationToken.None));
        world.PassWithHeartbeats(60);
        Assert.Equal(0, world.Dataplane.SessionCount);
        host.Leave();
        world.Connect("host-a");
        world.PassWithHeartbeats(60);
        Assert.Equal(1, world.Dataplane.SessionCount);
    }

    [Fact]
    public void A_host_has_the_physical_networks_that_its_agent_says()
    {
        using var world = new World();
        foreach (var (mappings, expected) in new[] { ("rack1:br-1,rack2:br-2", "rack1,rack2"), ("", "") })
        {
            var said = Identity("host-a") with
            {
                Configurations = ImmutableSortedDictionary<string, string>.Empty.Add(BridgeMappings.Name, mappings),
            };
            world.Run(world.Facts.HostConnectedAsync(said, CancellationToken.None));
            world.Run(world.Facts.HostConnectedAsync(Identity("host-a"), CancellationToken.None));
            var node = world.Read(Node.Type, "host-a")!;
            Assert.Equal(expected, string.Join(',', node.PhysicalNetworks.OrEmpty()));
        }
    }

    private static HostIdentity Identity(string host) => new(
        host, IPAddress.Parse("192.0.2.1"), "1", ImmutableSortedDictionary<string, string>.Empty);

    private static void Prepare(World world) => world.Commit([
        Samples.Put(Samples.Network(1)), Samples.Put(Samples.Subnet(1, 1)),
        .. Samples.PutBound(Samples.Port(1, 1, "host-a")), .. Samples.PutBound(Samples.Port(2, 1, "host-b"))]);
}

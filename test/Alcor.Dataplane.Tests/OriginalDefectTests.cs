using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane.Tests;

/// <summary>What the original did wrong, by the number of its defect, and must never happen here.</summary>
public sealed class OriginalDefectTests
{
    private static readonly PartitionKey Network1 = PartitionKey.Network(Samples.NetworkId(1));

    [Fact]
    public void Defect_17_a_status_never_overtakes_the_commit_that_it_is_about_nor_brings_back_a_deleted_port()
    {
        using var world = new World();
        world.Commit(Samples.PutNetwork(1));
        var host = world.Connect("host-a");
        host.AcknowledgesAtOnce = false;
        world.Commit(Samples.PutBound(Samples.Port(1, 1, "host-a")));
        Assert.Equal(PortStatus.Build, world.PortOf(1).Status);
        Assert.Contains(host.Updates, update => update.Entries.Any(entry => entry.Kind == EntryKind.Port));
        host.Acknowledge(PartitionKey.Host("host-a"));
        world.Settle();
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
        world.Commit(Samples.PutBound(Samples.Port(2, 1, "host-a")));
        world.CommitUnseen(Samples.EndBound(Samples.Port(2, 1, "host-a")));
        host.Acknowledge(PartitionKey.Host("host-a"));
        world.Settle();
        Assert.Null(world.Read(Port.Type, Samples.PortId(2)));
    }

    [Fact]
    public void Defect_19_every_host_of_a_bulk_gets_its_state()
    {
        using var world = new World();
        world.Commit(Samples.PutNetwork(1));
        var hosts = Enumerable.Range(1, 20).Select(number => world.Connect($"host-{number}")).ToList();
        world.Commit(Enumerable.Range(1, 20).SelectMany(n => Samples.PutBound(Samples.Port(n, 1, $"host-{n}"))));
        world.AssertConverged(hosts);
        Assert.All(Enumerable.Range(1, 20), n => Assert.Equal(PortStatus.Active, world.PortOf(n).Status));
    }

    [Fact]
    public void Defect_20_a_deletion_removes_the_entry_also_for_who_was_away()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a")),
            .. Samples.PutBound(Samples.Port(2, 1, "host-b")), .. Samples.PutBound(Samples.Port(3, 1, "host-b"))]);
        var here = world.Connect("host-a");
        var away = world.Connect("host-b");
        away.Leave();
        world.Settle();
        world.Commit(Samples.EndBound(Samples.Port(2, 1, "host-b")));
        away = world.Connect(away.Again());
        var key = EntryKey.Parse(EntryKind.Neighbor, Samples.PortId(2));
        Assert.DoesNotContain(key, here.Partitions[Network1.ToString()].Entries.Keys);
        Assert.DoesNotContain(key, away.Partitions[Network1.ToString()].Entries.Keys);
        world.AssertConverged(here, away);
    }

    [Fact]
    public void Defect_20_neighbours_of_two_networks_with_the_same_address_stay_apart()
    {
        using var world = new World();
        var one = Samples.Port(1, 1, "host-a");
        var other = Samples.Port(2, 2, "host-a") with
        {
            FixedIps = [one.FixedIps[0] with { SubnetId = Samples.SubnetId(2) }],
            MacAddress = one.MacAddress,
        };
        world.Commit([Samples.Put(Samples.Network(1)), Samples.Put(Samples.Network(2)),
            .. Samples.PutBound(one), .. Samples.PutBound(other)]);
        var host = world.Connect("host-a");
        world.AssertConverged(host);
        world.Commit(Samples.EndBound(other));
        world.AssertConverged(host);
        Assert.Contains(
            EntryKey.Parse(EntryKind.Neighbor, one.Id), host.Partitions[Network1.ToString()].Entries.Keys);
    }

    [Fact]
    public void Defect_21_no_acknowledgement_is_no_success()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a"))]);
        var host = world.Connect(new FakeHost("host-a") { AcknowledgesAtOnce = false });
        world.PassWithHeartbeats(300);
        Assert.Null(world.EndOf(host));
        Assert.Equal(PortStatus.Build, world.PortOf(1).Status);
        var answer = world.Run(world.Dataplane.Convergence.OfAsync(Network1, 1, CancellationToken.None));
        Assert.False(answer.IsThere);
        Assert.Contains("acknowledged 0", Assert.Single(answer.Hosts).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Defect_22_the_identity_of_a_host_is_of_its_session_and_ends_of_entries_reach_it()
    {
        using var world = new World();
        world.Commit([Samples.Put(Samples.Network(1)), .. Samples.PutBound(Samples.Port(1, 1, "host-a")),
            .. Samples.PutBound(Samples.Port(2, 1, "host-b"))]);
        var (a, b) = (new FakeHost("host-a"), new FakeHost("host-b"));
        world.Serve(a);
        world.Serve(b);
        a.SayHello();
        b.SayHello();
        world.Settle();
        Assert.Equal(["host/host-a", Network1.ToString()], a.Partitions.Keys);
        Assert.Equal(["host/host-b", Network1.ToString()], b.Partitions.Keys);
        world.Commit([Samples.End(Samples.Network(1)), .. Samples.EndBound(Samples.Port(1, 1, "host-a")),
            .. Samples.EndBound(Samples.Port(2, 1, "host-b"))]);
        Assert.Equal(["host/host-a"], a.Partitions.Keys);
        Assert.Equal(["host/host-b"], b.Partitions.Keys);
    }
}

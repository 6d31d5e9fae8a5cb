using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane.Tests;

/// <summary>What a host must know because something leads to it that is not bound to it.</summary>
public sealed class InterestTests
{
    private static readonly string Group1 = PartitionKey.SecurityGroup(Samples.GroupId(1)).ToString();
    private static readonly string Group2 = PartitionKey.SecurityGroup(Samples.GroupId(2)).ToString();
    private static readonly string Group3 = PartitionKey.SecurityGroup(Samples.GroupId(3)).ToString();
    private static readonly string Addresses1 = PartitionKey.AddressGroup(Samples.AddressGroupId(1)).ToString();
    private static readonly string Network2 = PartitionKey.Network(Samples.NetworkId(2)).ToString();
    private static readonly string Network3 = PartitionKey.Network(Samples.NetworkId(3)).ToString();
    private static readonly string Router1 = PartitionKey.Router(Samples.RouterId(1)).ToString();
    private static readonly string Router2 = PartitionKey.Router(Samples.RouterId(2)).ToString();

    [Fact]
    public void What_a_rule_of_a_ports_group_names_comes_with_the_rule_and_goes_with_it()
    {
        using var world = new World();
        Prepare(world);
        var host = world.Connect("host-a");
        Assert.Contains(Group1, host.Partitions.Keys);
        Assert.DoesNotContain(Group2, host.Partitions.Keys);
        host.Forget();
        world.Commit(Samples.Put(Samples.Rule(1, 1, remoteGroup: 2)));
        Assert.Equal([Group1, Group2], host.Updates.Select(update => update.Partition));
        world.AssertConverged(host);
        var byAddresses = Samples.Rule(2, 1) with { RemoteAddressGroupId = Samples.AddressGroupId(1) };
        world.Commit(Samples.Put(byAddresses));
        Assert.Contains(Addresses1, host.Partitions.Keys);
        world.AssertConverged(host);
        world.Commit(Samples.End(Samples.Rule(1, 1)));
        world.Commit(Samples.End(byAddresses));
        Assert.Equal([Group2, Addresses1], host.Dropped);
        world.AssertConverged(host);
    }

    [Fact]
    public void A_group_that_a_rule_names_leads_nowhere_until_a_port_follows_it()
    {
        using var world = new World();
        Prepare(world);
        world.Commit(Samples.Put(Samples.Rule(1, 1, remoteGroup: 2)), Samples.Put(Samples.Rule(2, 2, remoteGroup: 3)));
        var host = world.Connect("host-a");
        Assert.Contains(Group2, host.Partitions.Keys);
        Assert.DoesNotContain(Group3, host.Partitions.Keys);
        var second = Samples.Port(5, 1, "host-a") with { SecurityGroups = [Samples.GroupId(2)] };
        world.Commit(Samples.PutBound(second));
        Assert.Contains(Group3, host.Partitions.Keys);
        world.AssertConverged(host);
        world.Commit(Samples.EndBound(second));
        Assert.Equal([Group3], host.Dropped);
        world.AssertConverged(host);
    }

    [Fact]
    public void A_router_brings_the_other_network_with_its_neighbors_and_takes_it_away()
    {
        using var world = new World();
        Prepare(world);
        world.Commit(Samples.PutBound(Samples.Port(20, 2, "host-b")));
        var host = world.Connect("host-a");
        Port[] ports = [Samples.RouterPort(101, 1, 1), Samples.RouterPort(102, 2, 1)];
        host.Forget();
        world.Commit(ports.Select(Samples.Put).Append(Samples.Put(Samples.Router(1, ports))));
        Assert.Contains(Router1, host.Partitions.Keys);
        Assert.Contains(EntryKind.Neighbor, host.Partitions[Network2].Entries.Keys.Select(key => key.Kind));
        Assert.True(host.Updates.Single(update => update.Partition == Network2).Snapshot);
        world.AssertConverged(host);
        host.Forget();
        world.Commit(Samples.PutBound(Samples.Port(21, 2, "host-b")));
        Assert.Equal([Network2], host.Updates.Select(update => update.Partition));
        world.Commit(Samples.End(ports[0]), Samples.Put(Samples.Router(1, ports[1])));
        Assert.Equal([Network2, Router1], host.Dropped.Order(StringComparer.Ordinal));
        world.AssertConverged(host);
        host.Forget();
        world.Commit(Samples.PutBound(Samples.Port(22, 2, "host-b")));
        Assert.Empty(host.Received);
    }

    [Fact]
    public void Routers_and_networks_in_a_circle_are_each_followed_once()
    {
        using var world = new World();
        Prepare(world);
        PutCircle(world);
        var host = world.Connect("host-a");
        Assert.Superset(
            new HashSet<string> { Network2, Network3, Router1, Router2 }, host.Partitions.Keys.ToHashSet());
        Assert.Equal(host.Partitions.Count, host.Updates.Count());
        Assert.Equal(DataplaneMessage.BodyOneofCase.Synchronized, host.Received[^1].BodyCase);
        world.AssertConverged(host);
    }

    [Fact]
    public void A_host_that_comes_back_goes_on_by_difference_wherever_its_interest_ends()
    {
        using var world = new World();
        Prepare(world);
        PutCircle(world);
        world.Commit(Samples.Put(Samples.Rule(1, 1, remoteGroup: 2)));
        var host = world.Connect("host-a");
        world.PassWithHeartbeats(20);
        host.Leave();
        world.Settle();
        world.Commit(Samples.PutBound(Samples.Port(30, 3, "host-b")));
        world.Commit(Samples.Put(Samples.Group(2) with { Stateful = false }));
        foreach (var isNewProcess in new[] { false, true })
        {
            if (isNewProcess)
                world.Restart();
            var again = world.Connect(host.Again());
            Assert.Empty(again.Dropped);
            Assert.All(again.Updates, update => Assert.False(update.Snapshot));
            Assert.Equal([Network3, Group2], again.Updates.Select(update => update.Partition).Order());
            Assert.True(again.WasSynchronized);
            world.AssertConverged(again);
            again.Leave();
            world.Settle();
        }
    }

    [Fact]
    public void What_a_host_holds_is_not_dropped_before_all_that_may_lead_to_it_is_read()
    {
        using var world = new World();
        Prepare(world);
        PutCircle(world);
        var host = world.Connect("host-a");
        world.PassWithHeartbeats(20);
        host.Leave();
        world.Settle();
        world.Commit(Samples.PutBound(Samples.Port(30, 3, "host-b")));
        world.Restart();
        world.Store.Unreadable = PartitionKey.Parse(Router2);
        var again = host.Again();
        again.Partitions["network/" + Samples.NetworkId(9)] = new FakeHost.Held(7, []);
        world.Connect(again);
        Assert.False(again.WasSynchronized);
        Assert.Empty(again.Received);
        world.Store.Unreadable = null;
        world.PassWithHeartbeats(10);
        Assert.Equal(["network/" + Samples.NetworkId(9)], again.Dropped);
        Assert.Equal([Network3], again.Updates.Select(update => update.Partition));
        Assert.True(again.WasSynchronized);
        world.AssertConverged(again);
    }

    [Fact]
    public void A_group_counts_as_known_when_every_host_that_follows_it_has_it()
    {
        using var world = new World();
        Prepare(world);
        var (host, other) = (world.Connect("host-a"), world.Connect("host-b"));
        host.AcknowledgesAtOnce = false;
        world.Commit(Samples.Put(Samples.Rule(1, 1)));
        var partition = PartitionKey.Parse(Group1);
        var revision = world.RevisionOf(partition);
        var convergence = world.Run(
            world.Dataplane.Convergence.OfAsync(partition, revision, CancellationToken.None));
        var waiting = Assert.Single(convergence.Hosts);
        Assert.Equal("host-a", waiting.Host);
        Assert.False(waiting.IsThere);
        host.Acknowledge(
            partition,
            FakeHost.Result(EntryKind.SecurityGroupRule, Samples.RuleId(1), EntryState.Failed, "it makes no sense"));
        world.Settle();
        var explanation = world.Run(
            world.Dataplane.Convergence.ExplainPortAsync(Samples.PortId(1), CancellationToken.None));
        Assert.Equal("it makes no sense", explanation!.LastNack!.Problem.Reason);
        host.Acknowledge(
            partition, FakeHost.Result(EntryKind.SecurityGroupRule, Samples.RuleId(1), EntryState.Applied));
        world.Settle();
        Assert.True(world.Run(
            world.Dataplane.Convergence.WaitAsync(partition, revision, CancellationToken.None)));
        world.AssertConverged(other);
    }

    [Fact]
    public void One_more_member_among_ten_thousand_is_one_small_difference_to_those_that_know_the_group()
    {
        using var world = new World();
        Prepare(world);
        world.Commit(Samples.Put(Samples.Rule(1, 1, remoteGroup: 2)));
        for (var first = 1000; first < 11_000; first += 500)
            world.Commit(Enumerable.Range(first, 500).SelectMany(number => Samples.PutBound(Member(number))));
        world.Commit(Samples.PutBound(Samples.Port(3, 1, "host-c") with { SecurityGroups = [Samples.GroupId(2)] }));
        var hosts = new[] { "host-a", "host-b", "host-c" }.Select(world.Connect).ToList();
        world.PassWithHeartbeats(20);
        hosts.ForEach(host => host.Forget());
        world.Commit(Samples.PutBound(Member(11_000)));
        foreach (var host in new[] { hosts[0], hosts[2] })
        {
            Assert.Equal(10_003, host.Partitions[Group2].Entries.Count);
            var update = Assert.Single(host.Updates);
            Assert.Equal((Group2, false), (update.Partition, update.Snapshot));
            Assert.Equal(EntryId.Encode(Samples.PortId(11_000)), Assert.Single(update.Entries).Id);
            Assert.InRange(update.CalculateSize(), 1, 999);
        }
        Assert.Empty(hosts[1].Received);
        world.AssertConverged(hosts);
    }

    [Fact]
    public void What_an_earlier_version_wrote_of_a_port_is_written_anew_when_its_host_connects()
    {
        using var world = new World();
        Prepare(world);
        var port = world.PortOf(1);
        var earlier = Binding.Of(port) with { SecurityGroups = default };
        world.Commit(Samples.Put(earlier), Samples.End(SecurityGroupMember.AllOf(port).Single()));
        var host = world.Connect("host-a");
        Assert.Contains(EntryKind.SecurityGroupMember, host.Partitions[Group1].Entries.Keys.Select(key => key.Kind));
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
        world.AssertConverged(host);
    }

    /// <summary>A port of group 2, in a network that nobody else is in, on no host.</summary>
    private static Port Member(int number) => Samples.Port(number, 3) with { SecurityGroups = [Samples.GroupId(2)] };

    /// <summary>Port 1 on host-a, which follows group 1; port 2 on host-b, which follows none.</summary>
    private static void Prepare(World world) => world.Commit([
        .. Samples.PutNetwork(1), .. Samples.PutNetwork(2), .. Samples.PutNetwork(3),
        .. Enumerable.Range(1, 3).Select(number => Samples.Put(Samples.Group(number))),
        Samples.Put(Samples.Addresses(1, "10.0.0.0/8")),
        .. Samples.PutBound(Samples.Port(1, 1, "host-a") with { SecurityGroups = [Samples.GroupId(1)] }),
        .. Samples.PutBound(Samples.Port(2, 1, "host-b"))]);

    /// <summary>Router 1 joins networks 1 and 2, router 2 joins 2, 3 and 1.</summary>
    private static void PutCircle(World world)
    {
        Port[] first = [Samples.RouterPort(101, 1, 1), Samples.RouterPort(102, 2, 1)];
        Port[] second = [Samples.RouterPort(202, 2, 2), Samples.RouterPort(203, 3, 2), Samples.RouterPort(201, 1, 2)];
        world.Commit([
            .. first.Concat(second).Select(Samples.Put), Samples.Put(Samples.Router(1, first)),
            Samples.Put(Samples.Router(2, second))]);
    }
}

using Alcor.Kernel.Store;
using Alcor.Network.Networks;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane.Tests;

/// <summary>Hosts that come and go, and the gateways of routers that they have.</summary>
public sealed class GatewayTests
{
    private const int Outside = 9;
    private static readonly string Router1 = PartitionKey.Router(Samples.RouterId(1)).ToString();
    private static readonly string Inside = PartitionKey.Network(Samples.NetworkId(1)).ToString();
    private static readonly string External = PartitionKey.Network(Samples.NetworkId(Outside)).ToString();

    [Fact]
    public void A_host_that_has_the_way_outside_gets_the_gateway_and_is_told_what_is_behind_it()
    {
        using var world = new World();
        Prepare(world, routers: 1);
        var guest = world.Connect("host-a");
        Assert.Equal([Inside, External, Router1], Followed(guest));
        Assert.Null(HostOf(world, 1));
        Assert.Empty(Followed(world.Connect("host-b")));
        var host = Connect(world, "gate-1");
        Assert.Equal("gate-1", HostOf(world, 1)!.Name);
        Assert.Equal([Inside, External, Router1], Followed(host));
        Assert.Contains(EntryKind.RouterGateway, host.Partitions["host/gate-1"].Entries.Keys.Select(key => key.Kind));
        Assert.Contains(EntryKind.Neighbor, host.Partitions[Inside].Entries.Keys.Select(key => key.Kind));
        Assert.DoesNotContain(EntryKind.Neighbor, host.Partitions[External].Entries.Keys.Select(key => key.Kind));
        Assert.Equal("gate-1", GatewayOf(guest).Host);
        world.AssertConverged(guest, host);
    }

    [Fact]
    public void The_gateways_of_a_host_that_is_gone_go_to_another_each_in_one_commit_and_never_back()
    {
        using var world = new World();
        Prepare(world, routers: 20);
        var guest = world.Connect("host-a");
        var first = Connect(world, "gate-1");
        var second = Connect(world, "gate-2");
        Assert.All(Routers(20), router => Assert.Equal("gate-1", HostOf(world, router)!.Name));
        var before = Routers(20).Select(router => world.RevisionOf(PartitionOf(router))).ToList();
        first.Leave();
        world.PassWithHeartbeats(29);
        Assert.Equal("gate-1", GatewayOf(guest).Host);
        world.PassWithHeartbeats(5);
        Assert.Equal("gate-2", GatewayOf(guest).Host);
        Assert.All(Routers(20), router => Assert.Equal("gate-2", HostOf(world, router)!.Name));
        Assert.Equal(
            before.Select(revision => revision + 1),
            Routers(20).Select(router => world.RevisionOf(PartitionOf(router))));
        Assert.Equal(20, Routers(20).Select(router => HostOf(world, router)!.Zone).Distinct().Count());
        Assert.Equal(20, GatewaysOf(second));
        first = world.Connect(first.Again());
        world.PassWithHeartbeats(60);
        Assert.All(Routers(20), router => Assert.Equal("gate-2", HostOf(world, router)!.Name));
        Assert.Equal(0, GatewaysOf(first));
        Assert.Empty(Followed(first));
        world.AssertConverged(guest, first, second);
    }

    [Fact]
    public void A_gateway_is_ACTIVE_when_its_host_says_that_the_switch_has_it()
    {
        using var world = new World();
        Prepare(world, routers: 1);
        const int gateway = 101;
        Assert.Equal(PortStatus.Down, world.PortOf(gateway).Status);
        var host = world.Connect(
            new FakeHost("gate-1") { BridgeMappings = "outside:br-ex", AcknowledgesAtOnce = false });
        Assert.Equal(("gate-1", PortStatus.Build), (world.PortOf(gateway).HostId, world.PortOf(gateway).Status));
        host.Acknowledge(PartitionKey.Host("gate-1"), FakeHost.Result(
            EntryKind.RouterGateway, Samples.PortId(gateway), EntryState.Waiting, "the router has not arrived"));
        world.Settle();
        Assert.Equal(PortStatus.Build, world.PortOf(gateway).Status);
        host.Acknowledge(PartitionKey.Host("gate-1"), FakeHost.Result(
            EntryKind.RouterGateway, Samples.PortId(gateway), EntryState.Applied));
        world.Settle();
        Assert.Equal(PortStatus.Active, world.PortOf(gateway).Status);
        host.Acknowledge(PartitionKey.Host("gate-1"), FakeHost.Result(
            EntryKind.RouterGateway, Samples.PortId(gateway), EntryState.Failed, "no port to the physical network"));
        world.Settle();
        Assert.Equal(PortStatus.Error, world.PortOf(gateway).Status);
    }

    [Fact]
    public void Nothing_is_written_while_gateways_are_where_they_belong()
    {
        using var world = new World();
        Prepare(world, routers: 3);
        var host = Connect(world, "gate-1");
        var before = Revisions(world, 3);
        world.PassWithHeartbeats(200);
        host = world.Reconnect(host);
        Connect(world, "gate-2");
        world.PassWithHeartbeats(100);
        Assert.Equal(before, Revisions(world, 3));
        world.AssertConverged(host);
    }

    [Fact]
    public void The_last_host_keeps_its_gateways_until_another_comes()
    {
        using var world = new World();
        Prepare(world, routers: 2);
        var host = Connect(world, "gate-1");
        host.Leave();
        world.Pass(100);
        Assert.All(Routers(2), router => Assert.Equal(("gate-1", true), NameOf(HostOf(world, router)!)));
        Connect(world, "gate-2");
        Assert.All(Routers(2), router => Assert.Equal(("gate-2", false), NameOf(HostOf(world, router)!)));
    }

    [Fact]
    public void A_host_that_loses_the_way_outside_loses_the_gateways_and_one_that_gets_it_gets_them()
    {
        using var world = new World();
        Prepare(world, routers: 1);
        var host = Connect(world, "gate-1");
        host.Leave();
        world.Settle();
        host = world.Connect(new FakeHost("gate-1") { BridgeMappings = "other:br-other" });
        Assert.Null(HostOf(world, 1));
        Assert.Empty(Followed(host));
        host.Leave();
        world.Settle();
        Connect(world, "gate-1");
        Assert.Equal("gate-1", HostOf(world, 1)!.Name);
    }

    [Fact]
    public void What_a_process_had_to_do_about_a_host_that_is_gone_the_next_one_does()
    {
        var facts = new FailingPlacement();
        using var world = new World(facts: facts.Around);
        Prepare(world, routers: 2);
        var host = Connect(world, "gate-1");
        Connect(world, "gate-2");
        facts.Fails = true;
        host.Leave();
        world.PassWithHeartbeats(40);
        Assert.False(world.AgentOf("gate-1").Alive);
        Assert.Equal("gate-1", HostOf(world, 1)!.Name);
        world.Restart();
        Assert.Equal("gate-1", HostOf(world, 1)!.Name);
        facts.Fails = false;
        world.Pass(2);
        Assert.All(Routers(2), router => Assert.Equal("gate-2", HostOf(world, router)!.Name));
    }

    private static IEnumerable<int> Routers(int count) => Enumerable.Range(1, count);

    private static PartitionKey PartitionOf(int router) => PartitionKey.Router(Samples.RouterId(router));

    private static List<long> Revisions(World world, int routers) =>
        [.. Routers(routers).Select(router => world.RevisionOf(PartitionOf(router)))];

    private static (string, bool) NameOf(GatewayHost host) => (host.Name, host.IsLost);

    private static GatewayHost? HostOf(World world, int router) =>
        world.Read(Router.Type, Samples.RouterId(router))!.Gateway!.Host;

    private static FakeHost Connect(World world, string name) =>
        world.Connect(new FakeHost(name) { BridgeMappings = "outside:br-ex" });

    private static IEnumerable<string> Followed(FakeHost host) =>
        host.Partitions.Keys.Where(partition => !partition.StartsWith("host/", StringComparison.Ordinal));

    private static int GatewaysOf(FakeHost host) =>
        host.Partitions[$"host/{host.Name}"].Entries.Keys.Count(key => key.Kind == EntryKind.RouterGateway);

    private static Protocol.V1.RouterGateway GatewayOf(FakeHost host) =>
        RouterEntry.Parser.ParseFrom(host.Partitions[Router1].Entries.Values.Single()).Gateway;

    /// <summary>
    /// A network with a port on host-a, behind a router; further routers with nothing behind them; the gateways of all
    /// of them in one external network, on no host.
    /// </summary>
    private static void Prepare(World world, int routers)
    {
        var segment = new NetworkSegment(Samples.SegmentId(Outside), NetworkType.Flat, "outside", null);
        world.Commit([
            .. Samples.PutNetwork(1), .. Samples.PutBound(Samples.Port(1, 1, "host-a")),
            Samples.Put(Samples.Network(Outside) with { Segments = [segment] }),
            Samples.Put(Samples.Subnet(Outside, Outside)),
            Samples.Put(Samples.RouterPort(2, 1, 1))]);
        foreach (var router in Routers(routers))
        {
            var gateway = Samples.GatewayPort(100 + router, Outside, router);
            Port[] inside = router == 1 ? [Samples.RouterPort(2, 1, 1)] : [];
            world.Commit(
                Samples.Put(gateway),
                Samples.Put(Samples.Router(router, inside) with { Gateway = Samples.Gateway(gateway) }));
        }
    }

    private sealed class FailingPlacement : IHostFacts
    {
        private IHostFacts? inner;

        public bool Fails { get; set; }

        public IHostFacts Around(IHostFacts facts)
        {
            inner = facts;
            return this;
        }

        public Task<AgentSession> HostConnectedAsync(
            HostIdentity host, CancellationToken cancellationToken) =>
            inner!.HostConnectedAsync(host, cancellationToken);

        public Task<bool> HostAliveAsync(
            AgentSession session, CancellationToken cancellationToken) =>
            inner!.HostAliveAsync(session, cancellationToken);

        public Task HostGoneAsync(AgentSession session, CancellationToken cancellationToken) =>
            inner!.HostGoneAsync(session, cancellationToken);

        public Task PlaceGatewaysAsync(string host, CancellationToken cancellationToken) =>
            Fails ? throw new IOException("not now") : inner!.PlaceGatewaysAsync(host, cancellationToken);

        public Task<IReadOnlyList<Port>> PortsObservedAsync(
            string networkId,
            AgentSession session,
            IReadOnlyList<PortObservation> observations,
            CancellationToken cancellationToken) =>
            inner!.PortsObservedAsync(networkId, session, observations, cancellationToken);
    }
}

using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane.Tests;

public sealed class ConvergenceTests
{
    private static readonly PartitionKey Network1 = PartitionKey.Network(Samples.NetworkId(1));
    private static readonly PartitionKey HostA = PartitionKey.Host("host-a");

    [Fact]
    public void An_applied_port_is_ACTIVE()
    {
        using var world = new World();
        Prepare(world);
        Assert.Equal(PortStatus.Build, world.PortOf(1).Status);
        world.Connect("host-a");
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
        Assert.Equal("", Why(world, 1).Reason);
        Assert.Equal(PortStatus.Build, world.PortOf(2).Status);
        Assert.Contains("host-b", Why(world, 2).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_waits_for_its_interface_stays_in_BUILD_and_is_DOWN_only_after_it_worked()
    {
        using var world = new World();
        Prepare(world);
        var host = Quiet(world);
        host.Acknowledge(HostA, Port1(EntryState.Waiting, "no interface"));
        world.Settle();
        Assert.Equal(PortStatus.Build, world.PortOf(1).Status);
        Assert.Contains("waits", Why(world, 1).Reason, StringComparison.Ordinal);
        Assert.Contains("no interface", Why(world, 1).Reason, StringComparison.Ordinal);
        host.Acknowledge(HostA, Port1(EntryState.Applied));
        world.Settle();
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
        host.Acknowledge(HostA, Port1(EntryState.Waiting, "unplugged"));
        world.Settle();
        Assert.Equal(PortStatus.Down, world.PortOf(1).Status);
    }

    [Fact]
    public void A_refused_port_is_in_ERROR_until_the_host_says_otherwise()
    {
        using var world = new World();
        Prepare(world);
        var host = Quiet(world);
        host.Acknowledge(HostA, Port1(EntryState.Failed, "bad flow"));
        world.Settle();
        Assert.Equal(PortStatus.Error, world.PortOf(1).Status);
        Assert.Contains("bad flow", Why(world, 1).Reason, StringComparison.Ordinal);
        host.Acknowledge(HostA);
        world.Settle();
        Assert.Equal(PortStatus.Error, world.PortOf(1).Status);
        host.Acknowledge(HostA, Port1(EntryState.Applied));
        world.Settle();
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
    }

    [Fact]
    public void A_problem_ends_with_its_entry()
    {
        using var world = new World();
        Prepare(world);
        var host = Quiet(world);
        host.Acknowledge(HostA, Port1(EntryState.Failed, "bad flow"));
        world.Settle();
        world.Commit(Samples.EndBound(Samples.Port(1, 1, "host-a")));
        host.Acknowledge(HostA);
        world.Settle();
        world.Commit(Samples.PutBound(Samples.Port(1, 1, "host-a")));
        host.Acknowledge(HostA);
        world.Settle();
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
    }

    [Fact]
    public void What_a_host_says_of_an_older_state_of_a_port_does_not_count()
    {
        using var world = new World();
        Prepare(world);
        var host = Quiet(world);
        var changed = Samples.Port(1, 1, "host-a") with { Generation = 2, AdminStateUp = true };
        world.Commit(Samples.PutBound(changed));
        host.Acknowledge(HostA);
        world.Settle();
        Assert.Equal(PortStatus.Build, world.PortOf(1).Status);
        host.Acknowledge(HostA);
        world.Settle();
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
    }

    [Fact]
    public void A_host_that_a_port_could_move_to_says_nothing_of_it_before_it_is_there()
    {
        var facts = new FlakyFacts();
        using var world = new World(facts: facts.Around);
        world.Commit(Samples.PutNetwork(1));
        var port = Samples.Port(1, 1, "host-a") with
        {
            InactiveBindings = [new InactiveBinding("host-b", "normal", "{}")],
        };
        world.Commit(Samples.PutBound(port));
        var target = world.Connect("host-b");
        world.AssertConverged(target);
        Assert.Empty(facts.Observed);
        Assert.Equal(PortStatus.Build, world.PortOf(1).Status);
        world.Connect("host-a");
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);

        world.Commit(Samples.PutBound(port with { Generation = 2, HostId = "host-b", InactiveBindings = default }));
        Assert.Equal(2, facts.Observed[^1].Generation);
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
    }

    [Fact]
    public void A_status_that_was_lost_with_the_process_is_heard_again()
    {
        using var world = new World();
        Prepare(world);
        var host = Quiet(world);
        host.Leave();
        world.Settle();
        world.Restart();
        var again = host.Again();
        world.Connect(again);
        again.Acknowledge(HostA);
        world.Settle();
        Assert.DoesNotContain(again.Updates, update => update.Snapshot);
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
    }

    [Fact]
    public void Reports_that_fail_are_made_again_and_meanwhile_keep_one_observation_a_port()
    {
        var facts = new FlakyFacts();
        using var world = new World(facts: facts.Around);
        Prepare(world);
        world.Commit(Samples.PutBound(Samples.Port(3, 1, "host-a")));
        var host = Quiet(world);
        facts.Fails = true;
        for (var times = 0; times < 50; times++)
        {
            host.Acknowledge(HostA, Port1(times % 2 == 0 ? EntryState.Failed : EntryState.Applied, "again"));
            world.Settle();
            Assert.InRange(world.Dataplane.WaitingObservationCount, 0, 2);
            Assert.InRange(facts.OnTheirWayMax, 0, 1);
        }
        Assert.Equal(PortStatus.Build, world.PortOf(1).Status);
        facts.Fails = false;
        world.PassWithHeartbeats(5);
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
        Assert.Equal(PortStatus.Active, world.PortOf(3).Status);
        Assert.Equal(0, world.Dataplane.WaitingObservationCount);
    }

    [Fact]
    public void Ports_bound_before_their_host_was_known_are_bound_when_it_connects()
    {
        using var world = new World();
        var early = Samples.Port(1, 1) with { HostId = "host-a" };
        world.Commit([.. Samples.PutNetwork(1), Samples.Put(early)]);
        Assert.Contains("ever connected", Why(world, 1).Reason, StringComparison.Ordinal);
        var host = world.Connect("host-a");
        world.AssertConverged(host);
        Assert.Equal(2, host.Partitions.Count);
        Assert.Equal(PortStatus.Active, world.PortOf(1).Status);
    }

    [Fact]
    public void One_can_ask_which_hosts_have_a_revision_which_have_not_and_why()
    {
        using var world = new World();
        Prepare(world);
        world.Commit([
            .. Samples.PutBound(Samples.Port(3, 1, "host-c")), .. Samples.PutBound(Samples.Port(4, 1, "host-d"))]);
        world.Connect("host-a");
        var slow = world.Connect("host-b");
        slow.AcknowledgesAtOnce = false;
        var gone = world.Connect("host-c");
        gone.Leave();
        world.Settle();
        world.Commit(Samples.Put(Samples.Network(1) with { Mtu = 1000 }));
        var answer = world.Run(world.Dataplane.Convergence.OfAsync(
            Network1, world.RevisionOf(Network1), CancellationToken.None));
        Assert.False(answer.IsThere);
        Assert.Equal(["host-a", "host-b", "host-c", "host-d"], answer.Hosts.Select(host => host.Host));
        Assert.Equal([true, false, false, false], answer.Hosts.Select(host => host.IsThere));
        Assert.Contains("acknowledged", answer.Hosts[1].Reason, StringComparison.Ordinal);
        Assert.Contains("not connected since", answer.Hosts[2].Reason, StringComparison.Ordinal);
        Assert.Contains("has not connected", answer.Hosts[3].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_can_wait_until_everybody_has_seen_a_change()
    {
        using var world = new World();
        Prepare(world);
        world.Connect("host-a");
        var slow = world.Connect("host-b");
        slow.AcknowledgesAtOnce = false;
        world.Commit(Samples.Put(Samples.Network(1) with { Mtu = 1000 }));
        var waiting = world.Dataplane.Convergence.WaitAsync(
            Network1, world.RevisionOf(Network1), CancellationToken.None);
        world.Settle();
        Assert.False(waiting.IsCompleted);
        slow.Acknowledge(Network1, FakeHost.Result(EntryKind.Network, Samples.NetworkId(1), EntryState.Waiting));
        world.Settle();
        Assert.False(waiting.IsCompleted);
        slow.Acknowledge(Network1, FakeHost.Result(EntryKind.Network, Samples.NetworkId(1), EntryState.Applied));
        Assert.True(world.Run(waiting));
    }

    [Fact]
    public void A_wait_ends_when_it_is_cancelled()
    {
        using var world = new World();
        Prepare(world);
        using var cancelling = new CancellationTokenSource();
        var waiting = world.Dataplane.Convergence.WaitAsync(Network1, 1, cancelling.Token);
        world.Settle();
        Assert.False(waiting.IsCompleted);
        cancelling.Cancel();
        Assert.False(world.Run(waiting));
    }

    private static PortExplanation Why(World world, int port) =>
        world.Run(world.Dataplane.Convergence.ExplainPortAsync(Samples.PortId(port), CancellationToken.None))!;

    private static EntryResult Port1(EntryState state, string reason = "") =>
        FakeHost.Result(EntryKind.Port, Samples.PortId(1), state, reason);

    private static FakeHost Quiet(World world) =>
        world.Connect(new FakeHost("host-a") { AcknowledgesAtOnce = false });

    private static void Prepare(World world) => world.Commit([
        .. Samples.PutNetwork(1), .. Samples.PutBound(Samples.Port(1, 1, "host-a")),
        .. Samples.PutBound(Samples.Port(2, 1, "host-b"))]);

    private sealed class FlakyFacts : IHostFacts
    {
        private IHostFacts? inner;
        private int onTheirWay;

        public bool Fails { get; set; }

        public int OnTheirWayMax { get; private set; }

        public List<PortObservation> Observed { get; } = [];

        public IHostFacts Around(IHostFacts facts)
        {
            inner = facts;
            return this;
        }

        public Task<AgentSession> HostConnectedAsync(HostIdentity host, CancellationToken cancellationToken) =>
            inner!.HostConnectedAsync(host, cancellationToken);

        public Task<bool> HostAliveAsync(AgentSession session, CancellationToken cancellationToken) =>
            inner!.HostAliveAsync(session, cancellationToken);

        public Task HostGoneAsync(AgentSession session, CancellationToken cancellationToken) =>
            inner!.HostGoneAsync(session, cancellationToken);

        public Task PlaceGatewaysAsync(string host, CancellationToken cancellationToken) =>
            inner!.PlaceGatewaysAsync(host, cancellationToken);

        public async Task<IReadOnlyList<Port>> PortsObservedAsync(
            string networkId,
            AgentSession session,
            IReadOnlyList<PortObservation> observations,
            CancellationToken cancellationToken)
        {
            Observed.AddRange(observations);
            OnTheirWayMax = Math.Max(OnTheirWayMax, ++onTheirWay);
            await Task.Yield();
            onTheirWay--;
            if (Fails)
                throw new IOException("not now");
            return await inner!.PortsObservedAsync(networkId, session, observations, cancellationToken);
        }
    }
}

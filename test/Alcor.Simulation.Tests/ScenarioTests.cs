using Alcor.Network.Ports;
using NetworkResource = Alcor.Network.Networks.Network;

namespace Alcor.Simulation.Tests;

/// <summary>Worlds with one thing in them that an operator fears, each from a few seeds.</summary>
public sealed class ScenarioTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(4);

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_server_restarts_during_a_bulk_creation(int seed)
    {
        using var world = new Scenario(seed);
        var creating = world.Users.CreatePortsAsync(world.Network, 20, number => world.HostName(number % 2));
        world.World.Run(TimeSpan.FromMilliseconds(seed));
        world.World.KillServer(world.World.Servers[0]);
        world.World.Run(TimeSpan.FromSeconds(1));
        world.World.StartServer(world.World.Servers[0]);
        world.RecoverWith(creating);
        // All of them or none.
        Assert.Contains(world.Ports.Count, (int[])[4, 24]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_agent_restarts_and_no_packet_is_lost(int seed)
    {
        using var world = new Scenario(seed);
        var put = world.World.Hosts[0].EverPut.Count;
        world.World.Hosts[0].KillAgent();
        world.Probe();
        world.World.Hosts[0].StartAgent();
        world.Probe();
        world.Recover();
        Assert.Equal(put, world.World.Hosts[0].EverPut.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_servers_are_gone_and_come_back_and_no_packet_is_lost(int seed)
    {
        using var world = new Scenario(seed);
        foreach (var server in world.World.Servers.ToList())
            world.World.KillServer(server);
        world.Probe();
        world.World.Run(TimeSpan.FromMinutes(2));
        world.Probe();
        foreach (var server in world.World.Servers.ToList())
            world.World.StartServer(server);
        world.Recover();
        world.Probe();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_switch_restarts_and_is_programmed_again(int seed)
    {
        using var world = new Scenario(seed);
        world.World.Hosts[1].RestartSwitch();
        Assert.Empty(world.World.Hosts[1].Switch.Flows);
        world.Recover();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_host_gets_another_tunnel_address(int seed)
    {
        using var world = new Scenario(seed);
        var host = world.World.Hosts[0];
        var before = host.TunnelAddress;
        host.ChangeTunnelAddress();
        host.StartAgent();
        // A port is bound while the host registers itself anew: by either address, and in the end by the right one.
        var creating = world.Users.CreatePortsAsync(world.Network, 1, _ => host.Name);
        world.RecoverWith(creating);
        Assert.DoesNotContain(world.Ports, port => before.Equals(port.TunnelAddress));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_port_is_bound_while_its_host_is_seen_for_the_first_time(int seed)
    {
        for (var milliseconds = 0; milliseconds < 40; milliseconds++)
        {
            using var world = new Scenario(seed, agents: 1);
            world.World.Hosts[1].StartAgent();
            world.World.Run(TimeSpan.FromMilliseconds(milliseconds));
            var creating = world.Users.CreatePortsAsync(world.Network, 1, _ => world.HostName(1));
            world.RecoverWith(creating);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_port_moves_from_host_to_host_and_back(int seed)
    {
        using var world = new Scenario(seed);
        var port = world.Ports[0];
        var other = port.HostId == world.HostName(0) ? world.HostName(1) : world.HostName(0);
        foreach (var host in (string[])[other, port.HostId, other])
        {
            var moving = world.Users.UpdatePortAsync(port.Id, (PortAttributes.HostId, host));
            Assert.Equal(OperationState.Acknowledged, world.World.Await(moving));
            world.World.Run(TimeSpan.FromMilliseconds(seed * 300));
        }
        world.Recover();
        Assert.Equal(other, world.Ports.Single(known => known.Id == port.Id).HostId);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_commit_whose_outcome_is_unknown_takes_place_once_or_not_at_all(int seed)
    {
        using var world = new Scenario(seed);
        world.World.ActiveFaults = Faults.CommitUnknown | Faults.StoreFails;
        for (var i = 0; i < 40; i++)
            world.World.Await(world.Users.CreatePortsAsync(world.Network, 2, number => world.HostName(number)));
        Assert.Contains(world.World.Oracle.Operations.Operations, one => one.State != OperationState.Acknowledged);
        world.World.ActiveFaults = Faults.None;
        world.Recover();
    }

    /// <summary>Two servers, two hosts, a network with four ports; all of it settled.</summary>
    private sealed class Scenario : IDisposable
    {
        private readonly Turmoil _turmoil;

        public Scenario(int seed, int agents = 2)
        {
            World = new Simulation(new WorldSettings { Seed = seed, Hosts = 2, Servers = 2,
                IsShuffled = seed % 2 == 0 });
            Users = new Users(World);
            _turmoil = new Turmoil(World);
            foreach (var host in World.Hosts)
                _ = _turmoil.RunMachinesAsync(host);
            foreach (var host in World.Hosts.Take(agents))
                host.StartAgent();
            Assert.Equal(OperationState.Acknowledged, World.Await(Users.CreateNetworkAsync()));
            Network = World.Oracle.Commits.All<NetworkResource>().Single().Id;
            Assert.Equal(OperationState.Acknowledged, World.Await(Users.CreateSubnetAsync(Network, "10.0.0.0/24")));
            World.Run(TimeSpan.FromSeconds(1));
            var creating = Users.CreatePortsAsync(Network, 4, number => HostName(number % agents));
            Assert.Equal(OperationState.Acknowledged, World.Await(creating));
            if (agents == 2)
                Recover();
        }

        public Simulation World { get; }

        public Users Users { get; }

        public string Network { get; }

        public List<Port> Ports => [.. World.Oracle.Commits.All<Port>()];

        public string HostName(int number) => World.Hosts[number].Name;

        /// <summary>Makes sure that packets flow where they did, and go on doing so for a while.</summary>
        public void Probe()
        {
            for (var i = 0; i < 20; i++)
            {
                World.Oracle.Packets.Probe();
                World.Run(TimeSpan.FromMilliseconds(200));
            }
            Check();
        }

        public void Recover()
        {
            string? missing = null;
            var isWell = World.RunUntil(() => (missing = World.Oracle.Recovery.Missing()) is null, Soon);
            Check();
            Assert.True(isWell, missing);
            World.Oracle.Packets.Probe();
        }

        public void RecoverWith(Task asked)
        {
            World.RunUntil(() => asked.IsCompleted, Soon);
            Assert.True(asked.IsCompleted);
            Recover();
        }

        public void Dispose() => World.Dispose();

        private void Check() =>
            Assert.True(
                World.Oracle.Violation is null,
                $"{World.Oracle.Violation}\n{string.Join('\n', World.Trace.Tail(100))}");
    }
}

using Alcor.Network.Ports;

namespace Alcor.Simulation.Tests;

/// <summary>What happens to a world without anybody asking: faults, and machines that come and go.</summary>
internal sealed class Turmoil(Simulation world)
{
    private static readonly IReadOnlyList<Faults> Kinds =
        [.. Enum.GetValues<Faults>().Where(fault => fault is not (Faults.None or Faults.All))];

    /// <summary>Set when recovery begins: machines run on, and nothing breaks.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A port whose machine never starts.</summary>
    public static bool IsNeverPlugged(string portId) => portId[7] is '0' or '8';

    public async Task BreakThingsAsync()
    {
        while (!IsOver)
        {
            await Task.Delay(world.Settings.FaultInterval * (0.2 + world.Random.NextDouble() * 1.6), world.Time);
            if (!IsOver)
                Strike(world.Pick(Kinds));
        }
    }

    /// <summary>Plugs machines where their ports are bound, and unplugs them where they are not any more.</summary>
    public async Task RunMachinesAsync(SimulatedHost host)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.2 + world.Random.NextDouble()), world.Time);
            foreach (var port in world.Oracle.Commits.All<Port>().Where(port => port.HostId == host.Name).ToList())
            {
                if (!IsNeverPlugged(port.Id) && world.Chance(0.6))
                    host.Plug(Guid.Parse(port.Id));
            }
            foreach (var id in host.Interfaces.Keys.ToList())
            {
                var isHere = world.Oracle.Commits.Find(Port.Type, id.ToString("D"))?.HostId == host.Name;
                if ((!isHere && world.Chance(0.4)) || (world.Has(Faults.InterfacesFlap) && world.Chance(0.05)))
                    host.Unplug(id);
            }
        }
    }

    /// <summary>Faults stop: what is broken is repaired, at last.</summary>
    public void End()
    {
        IsOver = true;
        world.ActiveFaults = Faults.None;
        world.Trace.Write("faults stop");
        foreach (var server in world.Servers.Where(server => server.Life.IsDead).ToList())
            world.StartServer(server);
        foreach (var host in world.Hosts)
        {
            host.IsPartitioned = false;
            if (host.Agent is null)
                host.StartAgent();
        }
    }

    private void Strike(Faults fault)
    {
        if (!world.Has(fault))
            return;
        var host = world.Pick(world.Hosts);
        switch (fault)
        {
            case Faults.ServerRestarts:
                RestartServer();
                break;
            case Faults.AgentRestarts:
                RestartAgent(host, host.KillAgent);
                break;
            case Faults.TunnelAddressChanges when world.Chance(0.3):
                RestartAgent(host, host.ChangeTunnelAddress);
                break;
            case Faults.SwitchRestarts:
                host.RestartSwitch();
                break;
            case Faults.SwitchDisconnects:
                host.FlapConnection();
                break;
            case Faults.ConnectionCuts:
                Break(host);
                break;
            case Faults.ConnectionStalls:
                Stall(host);
                break;
            case Faults.HostsPartitioned:
                Partition(host);
                break;
        }
    }

    private void RestartServer()
    {
        if (world.LiveServers.ToList() is not { Count: > 0 } live)
            return;
        var server = world.Pick(live);
        world.KillServer(server);
        Later(8, () =>
        {
            if (world.Servers.Contains(server))
                world.StartServer(server);
        });
    }

    private void RestartAgent(SimulatedHost host, Action stop)
    {
        if (host.Agent is null)
            return;
        foreach (var connection in world.OpenConnections.Where(known => known.Host == host).ToList())
        {
            if (world.Chance(0.7))
                world.Time.After(world.Latency(), connection.Break);
        }
        stop();
        Later(8, () =>
        {
            if (host.Agent is null)
                host.StartAgent();
        });
    }

    private void Break(SimulatedHost host)
    {
        foreach (var connection in world.OpenConnections.Where(known => known.Host == host).ToList())
        {
            world.Trace.Write($"{connection.Name} is cut");
            connection.Break();
        }
    }

    private void Stall(SimulatedHost host)
    {
        foreach (var connection in world.OpenConnections.Where(known => known.Host == host).ToList())
        {
            world.Trace.Write($"{connection.Name} stalls");
            connection.Stall();
            Later(60, world.Chance(0.5) ? connection.Resume : connection.Break);
        }
    }

    private void Partition(SimulatedHost host)
    {
        host.IsPartitioned = true;
        Stall(host);
        Later(40, () => host.IsPartitioned = false);
    }

    private void Later(double secondsMax, Action act) =>
        world.Time.After(TimeSpan.FromSeconds(world.Random.NextDouble() * secondsMax), act);
}

using Alcor.Kernel.Store;
using Alcor.Protocol;
using Alcor.Storage;

namespace Alcor.Simulation.Tests;

/// <summary>
/// A whole region in one process, on one thread, in virtual time: a store, servers, hosts with agents and switches,
/// users,
/// faults, and an oracle that looks on. Everything that happens follows from the settings.
/// </summary>
internal sealed class Simulation : IDisposable
{
    private const long StepsAtOneMomentMax = 500_000;

    private readonly SynchronizationContext? _outer = SynchronizationContext.Current;
    private readonly Scheduler _scheduler;
    private readonly List<Connection> _connections = [];
    private int _connectionNumber;
    private int _ids;

    public Simulation(WorldSettings settings)
    {
        Settings = settings;
        Random = new Random(settings.Seed);
        _scheduler = new Scheduler(settings.IsShuffled ? new Random(settings.Seed) : null);
        SynchronizationContext.SetSynchronizationContext(_scheduler);
        ActiveFaults = settings.Faults;
        Trace = new Trace(Time);
        Store = new ObservedStore(new MemoryStore(), this);
        Oracle = new Oracle(this);
        Servers = [.. Enumerable.Range(1, settings.Servers).Select(number => new ServerProcess(this,
            $"server-{number}"))];
        Hosts = [.. Enumerable.Range(1, settings.Hosts).Select(number => new SimulatedHost(this, number))];
    }

    public WorldSettings Settings { get; }

    public Random Random { get; }

    public SimulatedTime Time { get; } = new();

    public Trace Trace { get; }

    public IStore Store { get; }

    public Oracle Oracle { get; }

    public List<ServerProcess> Servers { get; }

    public IReadOnlyList<SimulatedHost> Hosts { get; }

    /// <summary>Those that may still happen; none once recovery begins.</summary>
    public Faults ActiveFaults { get; set; }

    public long Steps => _scheduler.Steps;

    public IEnumerable<ServerProcess> LiveServers => Servers.Where(server => !server.Life.IsDead);

    public IEnumerable<Connection> OpenConnections => _connections;

    public bool Has(Faults fault) => ActiveFaults.HasFlag(fault);

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>Whether a deliberate mistake is made now.</summary>
    public bool Mutates(Mutation mutation, double probability) =>
        Settings.Mutation == mutation && (probability >= 1 || Chance(probability));

    public string NewId() => new Guid(++_ids, 0, 7, new byte[8]).ToString();

    public TimeSpan Latency() => Settings.Latency * (0.1 + Random.NextDouble());

    public T Pick<T>(IReadOnlyList<T> among) => among[Random.Next(among.Count)];

    /// <summary>A moment of a random length; none at all in half of the cases.</summary>
    public Task PauseAsync() => Chance(0.5) ? Task.CompletedTask : Task.Delay(Latency(), Time);

    public void StartAgents()
    {
        foreach (var host in Hosts)
            host.StartAgent();
    }

    public async Task<IAgentChannel> DialAsync(SimulatedHost host, AgentProcess process,
        CancellationToken cancellationToken)
    {
        await Task.Delay(Latency(), Time, cancellationToken);
        await process.Life.RequireAsync();
        var servers = LiveServers.ToList();
        if (host.IsPartitioned || servers.Count == 0)
            throw new IOException("nobody answers");
        var server = Pick(servers);
        var connection = new Connection(this, host, process, server, ++_connectionNumber);
        _connections.RemoveAll(known => !known.IsOpen);
        _connections.Add(connection);
        Trace.Write($"{connection.Name} begins");
        _ = server.ServeAsync(connection);
        return connection.AgentSide;
    }

    /// <summary>
    /// Kills a server. Its connections break, or stay half open until the agents lose their patience.
    /// </summary>
    public void KillServer(ServerProcess server)
    {
        Trace.Write($"{server.Name} is killed");
        server.Life.Kill();
        foreach (var connection in _connections.Where(known => known.Server == server).ToList())
        {
            if (Chance(0.7))
                Time.After(Latency(), connection.Break);
        }
    }

    public void StartServer(ServerProcess dead)
    {
        Trace.Write($"{dead.Name} starts");
        Servers[Servers.IndexOf(dead)] = new ServerProcess(this, dead.Name);
    }

    /// <summary>Runs until a moment of virtual time has passed, or the oracle has seen enough.</summary>
    public void Run(TimeSpan time)
    {
        var until = Time.GetUtcNow() + time;
        do
            RunReady();
        while (Oracle.Violation is null && Time.FireNext(until));
        RunReady();
    }

    /// <summary>Runs until something is so, for at most so long.</summary>
    /// <returns>Whether it became so.</returns>
    public bool RunUntil(Func<bool> holds, TimeSpan atMost)
    {
        var until = Time.GetUtcNow() + atMost;
        while (Oracle.Violation is null && Time.GetUtcNow() < until)
        {
            Run(TimeSpan.FromSeconds(1));
            if (holds())
                return true;
        }
        return false;
    }

    /// <summary>Runs until the task is done.</summary>
    public T Await<T>(Task<T> task)
    {
        RunUntil(() => task.IsCompleted, TimeSpan.FromMinutes(5));
        Assert.True(task.IsCompleted, $"it waits for something that does not come: {Oracle.Violation}");
        return task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        SynchronizationContext.SetSynchronizationContext(_outer);
        foreach (var host in Hosts)
            host.Agent?.Life.Kill();
        foreach (var server in Servers)
            server.Life.Kill();
    }

    private void RunReady()
    {
        for (var steps = 0L; _scheduler.IsBusy && Oracle.Violation is null; steps++)
        {
            _scheduler.Step();
            Oracle.AfterStep();
            if (steps > StepsAtOneMomentMax)
                Oracle.Violate("the world comes to rest", "something runs on without waiting for anything");
        }
        Trace.Mix((ulong)_scheduler.Steps);
        Trace.Mix((ulong)Time.GetTimestamp());
    }
}

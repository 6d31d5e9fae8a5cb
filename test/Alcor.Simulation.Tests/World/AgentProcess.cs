using Alcor.Agent;

namespace Alcor.Simulation.Tests;

/// <summary>One life of the agent of a host.</summary>
internal sealed class AgentProcess
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Simulation _world;

    public AgentProcess(Simulation world, SimulatedHost host)
    {
        _world = world;
        Life = new ProcessLife($"agent of {host.Name}", world.Time);
        Switch = new SwitchConnection(world, host, this);
        var options = new AgentOptions { Host = host.Name, TunnelAddress = host.TunnelAddress };
        var environment = new AgentEnvironment(Life.Time, new Random(world.Random.Next()), new Log(world, Life));
        Agent = new HostAgent(options, token => world.DialAsync(host, this, token), Switch, environment);
        _ = RunAsync();
    }

    public ProcessLife Life { get; }

    public SwitchConnection Switch { get; }

    public HostAgent Agent { get; }

    /// <summary>The process ends between two awaits. The switch stays as it is.</summary>
    public void Kill()
    {
        Life.Kill();
        // Only so that nothing of it goes on for ever: whatever it does now reaches nobody.
        _stopping.Cancel();
    }

    private async Task RunAsync()
    {
        try
        {
            await Agent.RunAsync(_stopping.Token);
        }
        catch (Exception exception)
        {
            if (!Life.IsDead)
                _world.Oracle.Violate("an agent never ends by itself", $"{Life.Name}: {exception}");
        }
    }

    private sealed class Log(Simulation world, ProcessLife life) : IAgentLog
    {
        public void Write(AgentLogLevel level, string message)
        {
            if (!life.IsDead)
                world.Trace.Write($"{life.Name}: {message}");
        }
    }
}

using System.Net;
using Alcor.Agent.Rendering;
using Alcor.Agent.Services;
using Alcor.Agent.Switch;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.World;

internal sealed class AgentLogLines : IAgentLog
{
    public List<string> Lines { get; } = [];

    public void Write(AgentLogLevel level, string message)
    {
        lock (Lines)
            Lines.Add($"{level}: {message}");
    }
}

/// <summary>One agent between a scripted dataplane and a switch in memory, on one thread in manual time.</summary>
internal sealed class AgentWorld : IDisposable
{
    public static readonly IPAddress Tunnel = IPAddress.Parse("172.31.0.1");
    public const string Other = "172.31.0.2";
    public static readonly TunnelPorts Tunnels = new(Vxlan: 1, Geneve: 2);

    private readonly SingleThread _thread = new();
    private CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

    /// <param name="services">What its machines are told that the host offers.</param>
    public AgentWorld(HostServices services = HostServices.None)
    {
        Options = new() { Host = "compute-1", TunnelAddress = Tunnel, Services = services };
        Switch.Applied = Applied.Add;
        Agent = StartAgent();
    }

    public ManualTime Time { get; } = new();

    public ScriptedDataplane Dataplane { get; } = new();

    public InMemorySwitch Switch { get; } = new(Tunnel, Tunnels);

    /// <summary>Every change of the switch's flows, oldest first.</summary>
    public List<FlowChange> Applied { get; } = [];

    public AgentLogLines Log { get; } = new();

    public HostAgent Agent { get; private set; }

    public AgentStatus Status => Agent.Status;

    public AgentOptions Options { get; }

    public void Settle()
    {
        _thread.Settle();
        Assert.False(_running.IsFaulted, _running.Exception?.ToString());
    }

    public void Say(params DataplaneMessage[] messages) => Do(() => Dataplane.Say(messages));

    public void Do(Action action)
    {
        _thread.Run(action);
        Settle();
    }

    public void Advance(TimeSpan by)
    {
        var until = Time.GetUtcNow() + by;
        // In steps, so that a timer that starts while another fires is seen.
        while (Time.GetUtcNow() < until)
        {
            var rest = until - Time.GetUtcNow();
            Time.Advance(rest < TimeSpan.FromMilliseconds(100) ? rest : TimeSpan.FromMilliseconds(100), Settle);
        }
        Settle();
    }

    public void StopAgent()
    {
        Do(() => _ending.Cancel());
        Assert.True(_running.IsCanceled);
    }

    /// <summary>The process ends and starts again: what it knew is lost, what the switch has stays.</summary>
    public void RestartAgent()
    {
        StopAgent();
        _ending = new CancellationTokenSource();
        Agent = StartAgent();
    }

    public void Dispose()
    {
        if (!_running.IsCompleted)
            StopAgent();
    }

    /// <summary>Network 1 (number 100) with one port (10) here and one neighbour (20) there.</summary>
    public void SayUsual() => Say(
        World.Say.Snapshot(World.Say.NetworkPartition(1), 5, World.Say.Network(1, 100),
            World.Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
            World.Say.Neighbor(10, "10.0.0.10", Tunnel.ToString()), World.Say.Neighbor(20, "10.0.0.20", Other)),
        World.Say.Snapshot(World.Say.HostPartition, 3, World.Say.Port(10, 1, 2, "10.0.0.10")),
        World.Say.Synchronized());

    public void Plug(int port, uint ofPort) => Do(() => Switch.SetInterface(World.Say.Id(port), ofPort));

    private HostAgent StartAgent()
    {
        var agent = new HostAgent(
            Options, Dataplane.DialAsync, Switch, new AgentEnvironment(Time, new Random(1), Log));
        _thread.Run(() => _running = agent.RunAsync(_ending.Token));
        return agent;
    }
}

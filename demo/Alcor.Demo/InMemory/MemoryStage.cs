using System.Globalization;
using System.Net;
using Alcor.Agent;
using Alcor.Lab;
using Alcor.OpenFlow;
using Alcor.Server;
using Alcor.Server.Southbound;

namespace Alcor.Demo.InMemory;

/// <summary>
/// The product in one process: the real server over a store in memory, real agents that reach it over gRPC, and
/// switches and machines that are simulated packet by packet.
/// </summary>
internal sealed class MemoryStage : IStage, IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Fabric _fabric = new();
    private readonly List<SimulatedHost> _hosts = [];
    private readonly List<Task> _running = [];
    private readonly AlcorServer _server;

    private MemoryStage(AlcorServer server)
    {
        _server = server;
        Api = new NetworkingClient(new Uri(server.Addresses[0]));
        _running.Add(_fabric.RunAsync(_ending.Token));
        foreach (var name in (string[])["alpha", "beta"])
            AddHost(name);
    }

    public NetworkingClient Api { get; }

    public IReadOnlyList<string> Hosts => [.. _hosts.Select(host => host.Name)];

    /// <summary>Ends when a part of the stage fails, with its failure.</summary>
    public Task<Task> Failure => Task.WhenAny(_running);

    public static async Task<MemoryStage> StartAsync(Uri listen, CancellationToken cancellationToken)
    {
        var options = new ServerOptions
        {
            Listen = [listen.GetLeftPart(UriPartial.Authority)],
            Southbound = ["http://127.0.0.1:0"],
        };
        return new MemoryStage(await AlcorServer.StartAsync(options, cancellationToken));
    }

    public Task<IMachine> PlugAsync(
        string name, string host, NetworkingPort port, CancellationToken cancellationToken)
    {
        var machine = new SimulatedMachine(MacAddress.Parse(port.MacAddress));
        _hosts.Single(candidate => candidate.Name == host).Plug(machine, Guid.Parse(port.Id));
        return Task.FromResult<IMachine>(machine);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_running.Select(EndedAsync));
        Api.Dispose();
        await _server.DisposeAsync();
        _ending.Dispose();
    }

    private void AddHost(string name)
    {
        var number = (_hosts.Count + 1).ToString(CultureInfo.InvariantCulture);
        var host = new SimulatedHost(_fabric, name, IPAddress.Parse($"172.31.0.{number}"));
        _hosts.Add(host);
        _fabric.Add(host);
        var options = new AgentOptions { Host = name, TunnelAddress = host.TunnelAddress.ToIPAddress() };
        var dial = DataplaneEndpoint.Dial([new Uri(_server.SouthboundAddresses[0])]);
        var environment = new AgentEnvironment(TimeProvider.System, new Random(_hosts.Count), new Silence());
        _running.Add(new HostAgent(options, dial, host.Switch, environment).RunAsync(_ending.Token));
    }

    private async Task EndedAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // It was told to.
        }
    }

    private sealed class Silence : IAgentLog
    {
        public void Write(AgentLogLevel level, string message)
        {
            if (level == AgentLogLevel.Warning)
                Console.Error.WriteLine(message);
        }
    }
}

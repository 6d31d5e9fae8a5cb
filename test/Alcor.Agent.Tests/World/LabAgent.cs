using Alcor.Agent.Switch;
using Alcor.Lab;

namespace Alcor.Agent.Tests.World;

/// <summary>An agent in this process, for a host of the lab, with a scripted dataplane.</summary>
internal sealed class LabAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly LabHost _host;
    private readonly string[] _physicalNetworks;
    private CancellationTokenSource _ending = new();
    private Task _running;

    /// <param name="physicalNetworks">Those that the host's external bridge leads to.</param>
    public LabAgent(LabHost host, params string[] physicalNetworks)
    {
        _host = host;
        _physicalNetworks = physicalNetworks;
        Agent = Create();
        _running = Agent.RunAsync(_ending.Token);
    }

    public ScriptedDataplane Dataplane { get; } = new();

    public AgentLogLines Log { get; } = new();

    public HostAgent Agent { get; private set; }

    public AgentStatus Status => Agent.Status;

    /// <summary>Waits for what must come; the time limit is there to end a test that hangs.</summary>
    public async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (limit.IsCancellationRequested || _running.IsCompleted)
                Assert.Fail($"{Status}\n{_running.Exception}\n{string.Join('\n', Log.Lines)}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
    }

    public Task ConnectedAsync() =>
        EventuallyAsync(() => Status is { DataplaneConnected: true, SwitchConnected: true });

    /// <summary>Everything said is in the switch, and nothing waits or fails.</summary>
    public Task AppliedAsync(string partition, ulong revision) => EventuallyAsync(() =>
        Dataplane.Acks.LastOrDefault(ack => ack.Partition == partition) is { } ack && ack.Revision == revision);

    public async Task StopAsync()
    {
        _ending.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>After a stop.</summary>
    public async Task StartAgainAsync()
    {
        _ending.Dispose();
        _ending = new CancellationTokenSource();
        Agent = Create();
        _running = Agent.RunAsync(_ending.Token);
        await ConnectedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsCompleted)
            await StopAsync();
        _ending.Dispose();
    }

    private HostAgent Create()
    {
        var options = new AgentOptions
        {
            Host = _host.Name,
            TunnelAddress = _host.TunnelAddress,
            AuditInterval = TimeSpan.FromSeconds(2),
        };
        var device = new OpenVSwitch(new OpenVSwitchOptions
        {
            RunDirectory = _host.Switch.Directory,
            TunnelAddress = _host.TunnelAddress,
            DatapathType = "netdev",
            BridgeMappings =
                [.. _physicalNetworks.Select(name => KeyValuePair.Create(name, ExternalNetwork.Bridge))],
        }, TimeProvider.System, Log);
        return new HostAgent(
            options, Dataplane.DialAsync, device, new AgentEnvironment(TimeProvider.System, new Random(1), Log));
    }
}

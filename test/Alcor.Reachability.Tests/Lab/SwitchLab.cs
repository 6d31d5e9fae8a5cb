using Alcor.Lab;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Hosts with a real Open vSwitch each, and the machines of all of them in one namespace, where a socket sends and
/// receives for them. One cloud after the other is brought onto them.
/// </summary>
public sealed class SwitchLab : IAsyncLifetime
{
    /// <summary>As many as a cloud of the generator may have.</summary>
    private const int Hosts = 3;
    private readonly List<LabSwitch> _switches = [];
    private LabTopology? _lab;
    private FrameSocket? _socket;

    public async ValueTask InitializeAsync()
    {
        if (LabRequirements.WhyNot() is not null)
            return;
        await LabTopology.RemoveStaleAsync("orc");
        _lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("orc", Hosts), CancellationToken.None);
        var machines = await NetworkNamespace.CreateAsync($"{_lab.Prefix}-mch");
        // Whatever is received there, the test has sent.
        await machines.RunAsync("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
        var external = await ExternalNetwork.CreateAsync(_lab, "198.51.100.254/24");
        await external.JoinAsync(machines, LabDataplane.Outsider);
        foreach (var host in _lab.Hosts)
            await external.JoinAsync(host);
        foreach (var host in _lab.Hosts)
            _switches.Add(await LabSwitch.StartAsync(host, machines, CancellationToken.None));
        _socket = await FrameSocket.OpenAsync(machines);
    }

    /// <summary>The hosts as if nothing had ever been on them.</summary>
    internal async Task<IDataplane> ClearAsync()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        foreach (var one in _switches)
            await one.ClearAsync();
        return await LabDataplane.StartAsync(_switches, _socket!);
    }

    public async ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        foreach (var one in _switches)
            await one.DisposeAsync();
        if (_lab is not null)
            await _lab.DisposeAsync();
    }
}

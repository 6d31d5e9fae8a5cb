using System.Globalization;
using System.Net;
using Alcor.Agent.Pipeline;
using Alcor.Lab;
using Alcor.OpenFlow;

namespace Alcor.Reachability.Tests;

/// <summary>
/// An Open vSwitch that is really there, with room for machines: interfaces that are plugged once and for all, since
/// plugging takes a switch its time. Their other ends are in the namespace of the machines.
/// </summary>
internal sealed class LabSwitch : ITestedSwitch, IAsyncDisposable
{
    /// <summary>More than any cloud of the generator puts on one host, moves included.</summary>
    private const int Machines = 16;

    /// <summary>The OpenFlow port of the first machine.</summary>
    private const uint FirstPort = 10;

    /// <summary>Where the zones of the floating IPs of ports begin (docs/pipeline.md).</summary>
    private const uint FloatingIpZones = 1 << 14;
    private readonly LabHost _host;
    private readonly OpenFlowConnection _connection;
    private readonly Queue<uint> _free = [];

    private LabSwitch(LabHost host, OpenFlowConnection connection)
    {
        (_host, _connection) = (host, connection);
    }

    /// <summary>Of the cloud that is on it now.</summary>
    public bool HasOutside { get; set; }

    public IPAddress TunnelAddress => _host.TunnelAddress;

    /// <summary>Where no machine is, but marks arrive.</summary>
    public const uint MarkPort = FirstPort + Machines;

    /// <summary>The OpenFlow ports that machines may be at.</summary>
    public static IEnumerable<uint> Ports => Enumerable.Range(0, Machines).Select(i => FirstPort + (uint)i);

    public static async Task<LabSwitch> StartAsync(
        LabHost host, NetworkNamespace machines, CancellationToken cancellationToken)
    {
        var ports = Ports.Append(MarkPort).ToList();
        await NetworkNamespace.IpAsync([], [.. ports.Select(port => $"link add {Inner(port)} up netns "
            + $"{host.Namespace.Name} type veth peer name {Outer(host, port)} netns {machines.Name}")]);
        await machines.IpAsync([.. ports.Select(port => $"link set {Outer(host, port)} up")]);
        await host.CreateIntegrationBridgeAsync();
        var arguments = new List<string>
        {
            "set", "bridge", LabHost.IntegrationBridge, "protocols=OpenFlow10,OpenFlow13,OpenFlow14,OpenFlow15",
            "--", "add-port", LabHost.IntegrationBridge, "inner", "--", "set", "interface", "inner", "type=patch",
            "options:peer=outer", $"ofport_request={ITestedSwitch.PhysicalPort}",
            "--", "add-port", ExternalNetwork.Bridge, "outer", "--", "set", "interface", "outer", "type=patch",
            "options:peer=inner",
        };
        var tunnels = ITestedSwitch.Tunnels;
        foreach (var (type, port) in new[] { ("vxlan", tunnels.Vxlan), ("geneve", tunnels.Geneve) })
        {
            arguments.AddRange(["--", "add-port", LabHost.IntegrationBridge, type,
                "--", "set", "interface", type, $"type={type}", $"ofport_request={port}",
                "options:remote_ip=flow", "options:key=flow", $"options:local_ip={host.TunnelAddress}"]);
        }
        foreach (var port in ports)
        {
            arguments.AddRange(["--", "add-port", LabHost.IntegrationBridge, Inner(port),
                "--", "set", "interface", Inner(port), $"ofport_request={port}"]);
        }
        await host.Switch.RunAsync("ovs-vsctl", [.. arguments]);
        // It learns nothing: addresses outside move from host to host, and nobody announces them here.
        await host.Switch.RunAsync("ovs-ofctl", "add-flow", ExternalNetwork.Bridge, "priority=1,actions=FLOOD");
        var connection = await OpenFlowConnection.ConnectUnixAsync(
            host.Switch.ManagementSocket(LabHost.IntegrationBridge), OpenFlowConnectionOptions.Default,
            cancellationToken);
        return new LabSwitch(host, connection);
    }

    /// <summary>The name of a machine's interface, where the machines are.</summary>
    public string DeviceOf(uint port) => Outer(_host, port);

    /// <summary>Takes everything from the switch that a cloud has left there.</summary>
    public async Task ClearAsync()
    {
        await ApplyAsync([FlowMod.Delete(new FlowFilter
        {
            Cookie = Cookies.Ours, CookieMask = Cookies.OursMask,
        })]);
        await _host.Switch.RunAsync("ovs-appctl", "dpctl/flush-conntrack");
        _free.Clear();
        foreach (var port in Ports)
            _free.Enqueue(port);
    }

    public async Task<uint> PlugAsync()
    {
        var port = _free.Dequeue();
        // It may have been another machine's, whose connections are none of this one's.
        foreach (var zone in new[] { (ushort)port, (ushort)(FloatingIpZones | port) })
            await ForgetAsync(new ConnectionFilter(zone));
        return port;
    }

    public Task ForgetAsync(ConnectionFilter which) =>
        _connection.FlushConntrackAsync(which, TestContext.Current.CancellationToken);

    public Task UnplugAsync(uint port)
    {
        _free.Enqueue(port);
        return Task.CompletedTask;
    }

    public async Task ApplyAsync(IReadOnlyList<FlowMod> changes)
    {
        var result = await _connection.SendFlowsAsync(
            changes, FlowDelivery.Bundle, TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete, $"{_host.Name} refuses {string.Join('\n', result.Failures)}");
        // Until then packets go by what the datapath remembers of the flows before.
        await _host.Switch.RunAsync("ovs-appctl", "revalidator/purge");
    }

    /// <summary>What the switch would do with a frame now, and the connections that it knows.</summary>
    public async Task<string> TellAsync(uint port, byte[] frame)
    {
        var way = await _host.Switch.RunAsync("ovs-appctl", "ofproto/trace", LabHost.IntegrationBridge,
            string.Create(CultureInfo.InvariantCulture, $"in_port={port}"), Convert.ToHexStringLower(frame));
        return $"{_host.Name}, as it is afterwards:\n{way}\n"
            + await _host.Switch.RunAsync("ovs-appctl", "dpctl/dump-conntrack");
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string Inner(uint port) => string.Create(CultureInfo.InvariantCulture, $"m{port}");

    private static string Outer(LabHost host, uint port) => $"{host.Name}{Inner(port)}";
}

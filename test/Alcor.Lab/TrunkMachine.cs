namespace Alcor.Lab;

/// <summary>Where one network of a trunk is to be had, in place of br-int.</summary>
/// <param name="Vlan">0: what is not tagged.</param>
public sealed record TrunkSocket(string Bridge, int Vlan);

/// <summary>
/// A machine that tags its frames: for each network that it is in a namespace, and between these and its one interface
/// in br-int a switch of its own, since the kernel of a lab need not know VLANs.
/// </summary>
public sealed class TrunkMachine : IAsyncDisposable
{
    private readonly LabHost _host;
    private readonly string _name;
    private readonly List<VirtualMachine> _parts = [];

    private TrunkMachine(LabHost host, string name)
    {
        (_host, _name) = (host, name);
    }

    private string Bridge => $"br-{_name}";

    private string Inner => $"{_name}-in";

    private string Outer => $"{_name}-out";

    /// <param name="name">At most 11 characters.</param>
    /// <param name="port">The id of the parent port.</param>
    public static async Task<TrunkMachine> PlugAsync(
        LabHost host, string name, string port, CancellationToken cancellationToken)
    {
        var machine = new TrunkMachine(host, name);
        var (inner, outer) = (machine.Inner, machine.Outer);
        await host.Namespace.IpAsync($"link add {outer} type veth peer name {inner}");
        foreach (var device in new[] { inner, outer })
        {
            await Underlay.OffloadsOffAsync(host.Namespace, device);
            await host.Namespace.IpAsync($"link set {device} up");
        }
        await host.WaitForIntegrationBridgeAsync(cancellationToken);
        await host.Switch.RunAsync("ovs-vsctl",
            "add-br", machine.Bridge, "--", "set", "bridge", machine.Bridge, "datapath_type=netdev", "--",
            "add-port", machine.Bridge, inner, "--", "add-port", LabHost.IntegrationBridge, outer, "--",
            "set", "interface", outer, $"external_ids:iface-id=\"{port}\"", "external_ids:iface-status=active");
        return machine;
    }

    /// <summary>The part of the machine that is in one of its networks.</summary>
    /// <param name="vlan">0: the network of the parent.</param>
    public async Task<VirtualMachine> AddAsync(int vlan, string macAddress, CancellationToken cancellationToken)
    {
        var options = new VirtualMachineOptions($"{_name}v{vlan}", "", macAddress)
        {
            Socket = new TrunkSocket(Bridge, vlan),
        };
        _parts.Add(await _host.AddMachineAsync(options, cancellationToken));
        // What a machine says of its own accord would be counted by the others.
        await _parts[^1].RunAsync("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        return _parts[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
            await part.DeleteAsync();
        await _host.Switch.RunAsync("ovs-vsctl", "--if-exists", "del-br", Bridge, "--",
            "--if-exists", "del-port", LabHost.IntegrationBridge, Outer);
        await _host.Namespace.IpAsync($"link del {Outer}");
    }
}

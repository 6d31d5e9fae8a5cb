using System.Net;

namespace Alcor.Lab;

/// <summary>
/// A host: a network namespace with its own Open vSwitch. Its tunnel address is on br-phy, a userspace bridge that
/// holds the uplink; its control address is on an interface of its own, so that the switch can be stopped without
/// cutting the agent off. br-int is the agent's to make; in a lab without agents,
/// <see cref="CreateIntegrationBridgeAsync"/> does.
/// </summary>
public sealed class LabHost
{
    public const string IntegrationBridge = "br-int";
    private readonly Underlay _underlay;
    private readonly List<VirtualMachine> _machines = [];
    private readonly int _number;

    private LabHost(Underlay underlay, int number, NetworkNamespace network, SwitchInstance instance)
    {
        _underlay = underlay;
        _number = number;
        Namespace = network;
        Switch = instance;
        TunnelAddress = underlay.TunnelAddress(number);
        ControlAddress = underlay.ControlAddressOf(number);
    }

    /// <summary>h1, h2, ...</summary>
    public string Name => $"h{_number}";

    public NetworkNamespace Namespace { get; }

    public SwitchInstance Switch { get; }

    /// <summary>Where other hosts reach this one with VXLAN and Geneve.</summary>
    public IPAddress TunnelAddress { get; }

    /// <summary>Where the root namespace reaches this host.</summary>
    public IPAddress ControlAddress { get; }

    public IReadOnlyList<VirtualMachine> Machines => _machines;

    internal string Prefix => _underlay.Prefix;

    /// <summary>Creates the namespace, joins it to the underlay and starts its switch.</summary>
    internal static async Task<LabHost> StartAsync(
        Underlay underlay, int number, string directory, CancellationToken cancellationToken)
    {
        var network = await NetworkNamespace.CreateAsync($"{underlay.Prefix}-h{number}");
        // The kernel of the host sees every frame of a VM as well as the switch does, and would answer ARP for the
        // host's own addresses. Interfaces made from here on (uplink and VMs) do not answer, and have no IPv6.
        await network.RunAsync("sysctl", "-qw", "net.ipv4.conf.default.arp_ignore=8",
            "net.ipv6.conf.default.disable_ipv6=1");
        await underlay.JoinAsync(number, network);
        var instance = await SwitchInstance.StartAsync(directory, network.Name, cancellationToken);
        var host = new LabHost(underlay, number, network, instance);
        await host.CreatePhysicalBridgeAsync();
        return host;
    }

    /// <summary>Makes br-int: userspace, dropping what no flow allows.</summary>
    public Task CreateIntegrationBridgeAsync() =>
        Switch.RunAsync("ovs-vsctl", "--may-exist", "add-br", IntegrationBridge, "--",
            "set", "bridge", IntegrationBridge, "datapath_type=netdev", "fail_mode=secure");

    /// <summary>Starts a program in this host that runs until it is ended; its log is in Switch.Directory.</summary>
    public Daemon Start(string name, string program, params string[] arguments) =>
        Daemon.Start(Namespace.Entering(program, arguments), Path.Combine(Switch.Directory, $"{name}.log"));

    /// <summary>
    /// Creates a virtual machine and plugs it in br-int, for which it waits.
    /// </summary>
    public async Task<VirtualMachine> AddMachineAsync(
        VirtualMachineOptions options, CancellationToken cancellationToken)
    {
        var machine = await VirtualMachine.CreateAsync(this, options);
        lock (_machines)
            _machines.Add(machine);
        await machine.PlugAsync(cancellationToken);
        return machine;
    }

    /// <summary>Cuts this host's tunnels off from all other hosts, or joins them again.</summary>
    public Task SetUnderlayAsync(bool connected) => _underlay.SetPortAsync($"h{_number}", connected);

    /// <summary>Cuts this host, and so its agent, off from the server in the root namespace; or joins it.</summary>
    public Task SetControlAsync(bool connected) => _underlay.SetPortAsync($"c{_number}", connected);

    internal void Forget(VirtualMachine machine)
    {
        lock (_machines)
            _machines.Remove(machine);
    }

    internal void Adopt(VirtualMachine machine)
    {
        lock (_machines)
            _machines.Add(machine);
    }

    internal async Task WaitForIntegrationBridgeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!File.Exists(Switch.ManagementSocket(IntegrationBridge)))
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private async Task CreatePhysicalBridgeAsync()
    {
        await Switch.RunAsync("ovs-vsctl", "add-br", "br-phy", "--", "set", "bridge", "br-phy",
            "datapath_type=netdev", "--", "set", "interface", "br-phy", $"mtu_request={Underlay.Mtu}",
            "--", "add-port", "br-phy", "uplink");
        await Namespace.RunAsync("sysctl", "-qw", "net.ipv4.conf.br-phy.arp_ignore=0",
            "net.ipv6.conf.br-phy.disable_ipv6=0", "net.ipv6.conf.br-phy.accept_dad=0");
        await Namespace.IpAsync($"addr add {TunnelAddress}/{_underlay.TunnelPrefixLength} dev br-phy",
            "link set br-phy up");
    }
}

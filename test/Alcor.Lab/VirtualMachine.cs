using System.Globalization;

namespace Alcor.Lab;

/// <param name="Name">Unique in the lab, at most 15 characters: also the name of the interface on the host.</param>
/// <param name="PortId">The id of the port in the API, which the switch sees as external_ids:iface-id.</param>
/// <param name="MacAddress">As 02:00:00:00:00:01.</param>
public sealed record VirtualMachineOptions(string Name, string PortId, string MacAddress)
{
    /// <summary>Null: it is plugged in br-int.</summary>
    public TrunkSocket? Socket { get; init; }
}

/// <summary>
/// Stands for a virtual machine: a namespace whose eth0 has the port's MAC address, and whose other end is plugged in
/// br-int of a host with iface-id and attached-mac, as a hypervisor does. Its MTU is 1500 until DHCP says otherwise.
/// </summary>
public sealed class VirtualMachine
{
    private readonly VirtualMachineOptions _options;
    private readonly NetworkNamespace _namespace;
    private int _pings;

    private VirtualMachine(LabHost host, VirtualMachineOptions options, NetworkNamespace network)
    {
        Host = host;
        _options = options;
        _namespace = network;
    }

    public string Name => _options.Name;

    public string PortId => _options.PortId;

    public string MacAddress => _options.MacAddress;

    /// <summary>Where it runs now.</summary>
    public LabHost Host { get; private set; }

    public NetworkNamespace Namespace => _namespace;

    private string Directory => Path.GetDirectoryName(Host.Switch.Directory)!;

    internal static async Task<VirtualMachine> CreateAsync(LabHost host, VirtualMachineOptions options)
    {
        var network = await NetworkNamespace.CreateAsync($"{host.Prefix}-{options.Name}");
        // The end on the host has room for whatever MTU the machine is told, as a hypervisor sees to.
        await NetworkNamespace.IpAsync([], [$"link add {options.Name} mtu {Underlay.Mtu} " +
            $"netns {host.Namespace.Name} type veth " +
            $"peer name eth0 address {options.MacAddress} netns {network.Name}"]);
        await Underlay.OffloadsOffAsync(network, "eth0");
        await Underlay.OffloadsOffAsync(host.Namespace, options.Name);
        await host.Namespace.IpAsync($"link set {options.Name} up");
        await network.IpAsync("link set eth0 up");
        return new VirtualMachine(host, options, network);
    }

    /// <summary>Waits for br-int and plugs the interface in it.</summary>
    public async Task PlugAsync(CancellationToken cancellationToken)
    {
        if (_options.Socket is { } socket)
        {
            await Host.Switch.RunAsync("ovs-vsctl", "add-port", socket.Bridge, Name, $"tag={socket.Vlan}");
            return;
        }
        await Host.WaitForIntegrationBridgeAsync(cancellationToken);
        await Host.Switch.RunAsync("ovs-vsctl", "add-port", LabHost.IntegrationBridge, Name, "--",
            "set", "interface", Name, $"external_ids:iface-id=\"{PortId}\"",
            $"external_ids:attached-mac=\"{MacAddress}\"", "external_ids:iface-status=active");
    }

    /// <summary>Takes the interface out of br-int; the machine and its addresses stay.</summary>
    public Task UnplugAsync() =>
        Host.Switch.RunAsync(
            "ovs-vsctl", "--if-exists", "del-port", _options.Socket?.Bridge ?? LabHost.IntegrationBridge, Name);

    /// <summary>Unplugs the machine, with its addresses and processes, and plugs it in on another host.</summary>
    public async Task MoveAsync(LabHost host, CancellationToken cancellationToken)
    {
        await UnplugAsync();
        await Host.Namespace.IpAsync($"link set {Name} netns {host.Namespace.Name}");
        Host.Forget(this);
        Host = host;
        host.Adopt(this);
        await host.Namespace.IpAsync($"link set {Name} up");
        await PlugAsync(cancellationToken);
    }

    /// <summary>Unplugs the machine and removes it with its processes.</summary>
    public async Task DeleteAsync()
    {
        await UnplugAsync();
        Host.Forget(this);
        await Host.Namespace.IpAsync($"link del {Name}");
        await _namespace.DeleteAsync();
    }

    /// <summary>Runs a program in the machine to its end and returns its standard output.</summary>
    public Task<string> RunAsync(string program, params string[] arguments) =>
        _namespace.RunAsync(program, arguments);

    /// <summary>Gives eth0 an address by hand.</summary>
    /// <param name="address">With its prefix length, as 10.0.0.5/24 or 2001:db8::5/64.</param>
    /// <param name="gateway">The default route; null for none.</param>
    public async Task SetAddressAsync(string address, string? gateway)
    {
        // "nodad": an IPv6 address can be used at once, as there is nobody else in the lab who could hold it.
        var flag = address.Contains(':', StringComparison.Ordinal) ? " nodad" : "";
        await _namespace.IpAsync($"addr replace {address} dev eth0{flag}");
        if (gateway is not null)
            await _namespace.IpAsync($"route replace default via {gateway} dev eth0");
    }

    /// <summary>
    /// Runs a DHCP client until it has a lease, and configures eth0 (address, routes, MTU) as the lease says.
    /// </summary>
    /// <exception cref="CommandFailedException">There was no lease within the time limit.</exception>
    public Task<DhcpLease> DhcpAsync(TimeSpan timeLimit, CancellationToken cancellationToken) =>
        DhcpClient.RunAsync(_namespace, Path.Combine(Directory, $"{Name}.lease"), timeLimit, cancellationToken);

    /// <summary>
    /// Runs a DHCPv6 client until it has been answered, and configures eth0 with the addresses that it was given.
    /// </summary>
    /// <param name="isStateless">It asks for everything but an address.</param>
    /// <returns>What the client told its script, by its names ("new_ip6_address").</returns>
    /// <exception cref="CommandFailedException">There was no answer within the time limit.</exception>
    public Task<IReadOnlyDictionary<string, string>> Dhcpv6Async(
        bool isStateless, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        Dhcpv6Client.RunAsync(
            _namespace, Path.Combine(Directory, $"{Name}.lease6"), isStateless, timeLimit, cancellationToken);

    /// <summary>Sends echo requests and waits for the answers, at most a second for the last one.</summary>
    /// <param name="interval">Between two requests; at least 2 ms.</param>
    public async Task<PingResult> PingAsync(string address, int count, TimeSpan interval)
    {
        var command = _namespace.Command(
            "ping", "-n", "-c", $"{count}", "-i", Seconds(interval), "-W", "1", address);
        var result = await command.ResultAsync(CancellationToken.None);
        return PingResult.Parse(result.Output + result.Error);
    }

    /// <summary>Pings until stopped, for what happens under traffic.</summary>
    public RunningPing StartPing(string address, TimeSpan interval)
    {
        var log = Path.Combine(Directory, $"{Name}.ping{Interlocked.Increment(ref _pings)}.log");
        return RunningPing.Start(_namespace, log, address, interval);
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}

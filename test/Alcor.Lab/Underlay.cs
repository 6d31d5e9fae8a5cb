using System.Net;
using System.Net.NetworkInformation;

namespace Alcor.Lab;

/// <summary>
/// The networks between the hosts, as two Linux bridges in a namespace of their own. "underlay" carries tunnels.
/// "control" joins the hosts and the root namespace, where a server listens on <see cref="ServerAddress"/>; the root
/// end of that link is the one interface a lab makes outside its namespaces.
/// </summary>
internal sealed class Underlay
{
    /// <summary>Room for a VM's 1500 bytes and a VXLAN header over IPv4 (50 bytes) or IPv6 (70 bytes).</summary>
    public const int Mtu = 1600;

    private const int ControlPrefixLength = 22;
    private readonly NetworkNamespace _namespace;
    private readonly uint _control;
    private readonly bool _isIpv6;

    private Underlay(string prefix, NetworkNamespace network, uint control, bool isIpv6)
    {
        Prefix = prefix;
        _namespace = network;
        _control = control;
        _isIpv6 = isIpv6;
    }

    public string Prefix { get; }

    public int TunnelPrefixLength => _isIpv6 ? 64 : 16;

    /// <summary>The address of the root namespace on the control network.</summary>
    public IPAddress ServerAddress => Address(_control + 1);

    public static string RootInterface(string prefix) => $"{prefix}-ctl";

    public static async Task<Underlay> CreateAsync(string prefix, int tunnelIpVersion)
    {
        var network = await NetworkNamespace.CreateAsync($"{prefix}-net");
        var root = RootInterface(prefix);
        // Nobody speaks IPv6 on these bridges; the kernel's own router solicitations would only be noise.
        await network.RunAsync("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
        await network.IpAsync(
            $"link add underlay mtu {Mtu} type bridge",
            "link add control type bridge",
            "link set underlay up",
            "link set control up");
        await NetworkNamespace.IpAsync([], [$"link add {root} type veth peer name root netns {network.Name}"]);
        await network.IpAsync("link set root master control up");
        var control = FreeControlNetwork(prefix);
        await NetworkNamespace.IpAsync([],
            [$"addr add {Address(control + 1)}/{ControlPrefixLength} dev {root}", $"link set {root} up"]);
        return new Underlay(prefix, network, control, tunnelIpVersion == 6);
    }

    /// <summary>Tunnel addresses are seen in the lab's namespaces only, so that every lab may use the same.</summary>
    public IPAddress TunnelAddress(int host) => _isIpv6
        ? IPAddress.Parse($"fd00:ac1f::{host:x}")
        : Address(0xAC1F0000u + (uint)host); // 172.31.0.0/16

    public IPAddress ControlAddressOf(int host) => Address(_control + 1 + (uint)host);

    /// <summary>Gives a host's namespace its "uplink" and "control0".</summary>
    public async Task JoinAsync(int host, NetworkNamespace network)
    {
        var (near, far) = (_namespace.Name, network.Name);
        await NetworkNamespace.IpAsync([], [
            $"link add h{host} netns {near} mtu {Mtu} type veth peer name uplink netns {far} mtu {Mtu}",
            $"link add c{host} netns {near} type veth peer name control0 netns {far}"]);
        await _namespace.IpAsync($"link set h{host} master underlay up", $"link set c{host} master control up");
        await OffloadsOffAsync(_namespace, $"h{host}");
        await network.RunAsync("sysctl", "-qw", "net.ipv4.conf.control0.arp_ignore=0");
        await network.IpAsync("link set uplink up",
            $"addr add {ControlAddressOf(host)}/{ControlPrefixLength} dev control0", "link set control0 up");
        await OffloadsOffAsync(network, "uplink");
    }

    public Task SetPortAsync(string port, bool connected) =>
        _namespace.IpAsync($"link set {port} {(connected ? "up" : "down")}");

    /// <summary>
    /// Between the two ends of a veth, Linux leaves checksums and segmentation undone; the userspace datapath passes
    /// such packets on as they are, and their receiver drops them.
    /// </summary>
    public static Task OffloadsOffAsync(NetworkNamespace network, string device) =>
        network.RunAsync("ethtool", "-K", device, "tx", "off", "tso", "off", "gso", "off", "gro", "off");

    // Labs of several processes share the root namespace, so each takes a network of its own out of 100.64.0.0/10
    // (RFC 6598), beginning at a place that its prefix says.
    private static uint FreeControlNetwork(string prefix)
    {
        const int networks = 1 << (ControlPrefixLength - 10);
        var taken = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Where(a => a.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
            .Select(a => Number(a.Address) >> (32 - ControlPrefixLength)).ToHashSet();
        var first = prefix.Aggregate(17u, (hash, letter) => (hash * 31) + letter);
        for (var i = 0u; i < networks; i++)
        {
            var network = 0x64400000u + ((first + i) % networks << (32 - ControlPrefixLength));
            if (!taken.Contains(network >> (32 - ControlPrefixLength)))
                return network;
        }

        throw new CommandFailedException("no free control network in 100.64.0.0/10");
    }

    private static IPAddress Address(uint number) =>
        new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    private static uint Number(IPAddress address) =>
        address.GetAddressBytes().Aggregate(0u, (number, octet) => (number << 8) | octet);
}

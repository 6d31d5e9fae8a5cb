namespace Alcor.Lab;

/// <summary>
/// A network outside of the region: a segment that hosts reach by a bridge of their own ("br-ex"), with one machine that
/// stands for everybody else. A namespace of the lab, which ends with it.
/// </summary>
public sealed class ExternalNetwork
{
    /// <summary>The bridge on each host that leads here, for the agent's bridge mappings.</summary>
    public const string Bridge = "br-ex";

    private readonly NetworkNamespace _namespace;

    private ExternalNetwork(NetworkNamespace network) => _namespace = network;

    /// <summary>The machine outside, whose interface is "segment".</summary>
    public NetworkNamespace Outside => _namespace;

    /// <param name="address">Of the machine outside, with its prefix length.</param>
    public static async Task<ExternalNetwork> CreateAsync(LabTopology lab, string address)
    {
        var network = await NetworkNamespace.CreateAsync($"{lab.Prefix}-ext");
        await network.RunAsync("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
        await network.IpAsync("link add segment type bridge", "link set segment up", $"addr add {address} dev segment");
        return new ExternalNetwork(network);
    }

    /// <summary>Gives a host the bridge that leads here; its switch learns addresses there as any other.</summary>
    public async Task JoinAsync(LabHost host)
    {
        await NetworkNamespace.IpAsync([], [
            $"link add {host.Name} netns {_namespace.Name} type veth peer name outside netns {host.Namespace.Name}"]);
        await _namespace.IpAsync($"link set {host.Name} master segment up");
        await Underlay.OffloadsOffAsync(_namespace, host.Name);
        await host.Namespace.IpAsync("link set outside up");
        await Underlay.OffloadsOffAsync(host.Namespace, "outside");
        await host.Switch.RunAsync("ovs-vsctl", "--may-exist", "add-br", Bridge, "--",
            "set", "bridge", Bridge, "datapath_type=netdev", "--", "--may-exist", "add-port", Bridge, "outside");
    }
}

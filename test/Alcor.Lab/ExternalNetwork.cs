namespace Alcor.Lab;

/// <summary>
/// A network outside of the region: a segment that hosts reach by a bridge of their own ("br-ex"), untagged or in a
/// VLAN, with one machine that stands for everybody else. A namespace of the lab, which ends with it.
/// </summary>
public sealed class ExternalNetwork
{
    /// <summary>The bridge on each host that leads here, for the agent's bridge mappings.</summary>
    public const string Bridge = "br-ex";

    private readonly NetworkNamespace _namespace;

    private readonly int _vlan;

    private ExternalNetwork(NetworkNamespace network, int vlan)
    {
        _namespace = network;
        _vlan = vlan;
    }

    /// <summary>The machine outside.</summary>
    public NetworkNamespace Outside => _namespace;

    /// <param name="address">Of the machine outside, with its prefix length.</param>
    /// <param name="vlan">The VLAN that the machine is in, 0 is none: the bridges of hosts take the tag off.</param>
    public static async Task<ExternalNetwork> CreateAsync(LabTopology lab, string address, int vlan = 0)
    {
        var network = await NetworkNamespace.CreateAsync($"{lab.Prefix}-ext");
        await network.RunAsync("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
        await network.IpAsync("link add segment type bridge", "link set segment up", $"addr add {address} dev segment");
        return new ExternalNetwork(network, vlan);
    }

    /// <summary>Gives the machine outside an IPv6 address too.</summary>
    /// <param name="address">With its prefix length.</param>
    public async Task AddIpv6AddressAsync(string address)
    {
        await _namespace.RunAsync("sysctl", "-qw", "net.ipv6.conf.segment.disable_ipv6=0");
        await _namespace.IpAsync($"addr add {address} dev segment nodad");
    }

    /// <summary>What the machine outside reaches by way of another.</summary>
    public Task RouteAsync(string destination, string gateway) =>
        _namespace.IpAsync($"route replace {destination} via {gateway} dev segment");

    /// <summary>
    /// Gives a namespace an interface that leads here, for another machine; from then on every frame goes to everybody,
    /// whoever it is for.
    /// </summary>
    public async Task JoinAsync(NetworkNamespace machine, string device)
    {
        await NetworkNamespace.IpAsync([], [
            $"link add {device} netns {_namespace.Name} type veth peer name {device} netns {machine.Name}"]);
        await _namespace.IpAsync($"link set {device} master segment up", "link set segment type bridge ageing_time 0");
        await machine.IpAsync($"link set {device} up");
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
        if (_vlan > 0)
            await host.Switch.RunAsync("ovs-vsctl", "set", "port", "outside", $"tag={_vlan}");
    }
}

using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>A network with one subnet and the machines in it, removed with everything at the end of a test.</summary>
internal sealed class TenantNetwork : IAsyncDisposable
{
    private static readonly TimeSpan LeaseLimit = TimeSpan.FromSeconds(30);
    private static int _names;
    private readonly Region _region;
    private readonly List<VirtualMachine> _machines = [];
    private readonly List<string> _ports = [];

    private TenantNetwork(Region region, string id, string subnetId)
    {
        _region = region;
        Id = id;
        SubnetId = subnetId;
    }

    public string Id { get; }

    public string SubnetId { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<TenantNetwork> CreateAsync(Region region, string cidr, JsonObject? subnetAttributes = null) =>
        CreateAsync(region, [], cidr, subnetAttributes);

    /// <param name="networkAttributes">Of the network, such as what carries it.</param>
    public static async Task<TenantNetwork> CreateAsync(
        Region region, JsonObject networkAttributes, string cidr, JsonObject? subnetAttributes = null)
    {
        networkAttributes["name"] = "tenant";
        var network = await region.Api.CreateAsync("networks", networkAttributes, Token);
        var id = (string)network["id"]!;
        var attributes = subnetAttributes ?? [];
        attributes["network_id"] = id;
        attributes["ip_version"] = cidr.Contains(':', StringComparison.Ordinal) ? 6 : 4;
        attributes["cidr"] = cidr;
        var subnet = await region.Api.CreateAsync("subnets", attributes, Token);
        return new TenantNetwork(region, id, (string)subnet["id"]!);
    }

    /// <summary>Creates a port, bound to a host or, with null, to none.</summary>
    public async Task<NetworkingPort> CreatePortAsync(RegionHost? host, JsonObject? more = null)
    {
        var attributes = more ?? [];
        attributes["network_id"] = Id;
        if (host is not null)
            attributes["binding:host_id"] = host.Name;
        var port = await _region.Api.CreatePortAsync(attributes, Token);
        _ports.Add(port.Id);
        return port;
    }

    /// <summary>Creates a machine that holds a port and plugs it in; it has no address yet.</summary>
    public async Task<VirtualMachine> PlugAsync(RegionHost host, NetworkingPort port)
    {
        var machine = await host.BootAsync($"vm{Interlocked.Increment(ref _names)}", port, Token);
        _machines.Add(machine);
        // What a machine says of its own accord would be counted by the others.
        await machine.RunAsync("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        return machine;
    }

    /// <summary>A machine on a host, its port ACTIVE, its address taken by DHCP.</summary>
    public async Task<(VirtualMachine Machine, NetworkingPort Port)> BootAsync(RegionHost host, JsonObject? more = null)
    {
        var port = await CreatePortAsync(host, more);
        var machine = await PlugAsync(host, port);
        await ActiveAsync(port);
        var lease = await machine.DhcpAsync(LeaseLimit, Token);
        Assert.Equal(port.Address, lease.Address.ToString());
        return (machine, port);
    }

    public Task<NetworkingPort> ActiveAsync(NetworkingPort port) =>
        _region.Api.WaitForPortAsync(port.Id, "ACTIVE", Token);

    public async Task<NetworkingPort> UpdateAsync(NetworkingPort port, JsonObject attributes)
    {
        await _region.Api.UpdateAsync("ports", port.Id, attributes, Token);
        return await _region.Api.ShowPortAsync(port.Id, Token);
    }

    public async Task DeletePortAsync(NetworkingPort port)
    {
        await _region.Api.DeleteAsync("ports", port.Id, Token);
        _ports.Remove(port.Id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _machines)
            await machine.DeleteAsync();
        foreach (var port in _ports)
            await _region.Api.DeleteAsync("ports", port, CancellationToken.None);
        await _region.Api.DeleteAsync("networks", Id, CancellationToken.None);
    }
}

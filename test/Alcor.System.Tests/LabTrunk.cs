using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>A trunk with its ports, in networks of a test; it ends before these.</summary>
internal sealed class LabTrunk : IAsyncDisposable
{
    private readonly Region _region;
    private readonly string _id;
    private readonly List<(NetworkingPort Port, int Vlan)> _carried;

    private LabTrunk(Region region, string id, NetworkingPort parent, List<(NetworkingPort Port, int Vlan)> carried)
    {
        (_region, _id, Parent, _carried) = (region, id, parent, carried);
        SubPorts = [.. carried.Select(one => one.Port)];
    }

    public NetworkingPort Parent { get; }

    public IReadOnlyList<NetworkingPort> SubPorts { get; }

    /// <summary>The parent first.</summary>
    public IReadOnlyList<NetworkingPort> Ports => [Parent, .. SubPorts];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LabTrunk> CreateAsync(
        Region region, TenantNetwork network, params (TenantNetwork Network, int Vlan)[] carried)
    {
        var parent = await network.CreatePortAsync(null);
        var subports = new List<(NetworkingPort, int)>();
        foreach (var (other, vlan) in carried)
            subports.Add((await other.CreatePortAsync(null), vlan));
        var trunk = await region.Api.CreateAsync("trunks", new JsonObject
        {
            ["port_id"] = parent.Id,
            ["sub_ports"] = new JsonArray([.. subports.Select(one => Describe(one.Item1, one.Item2))]),
        }, Token);
        return new LabTrunk(region, (string)trunk["id"]!, parent, subports);
    }

    public Task BindAsync(RegionHost host) => BindAsync(host.Name, Token);

    /// <summary>Makes the ports ready on the host that their machine shall move to, as Nova does.</summary>
    public async Task PrepareAsync(RegionHost host)
    {
        await _region.Api.UpdateAsync(
            "ports", Parent.Id, new JsonObject { ["device_owner"] = "compute:nova" }, Token);
        await _region.Api.CreateAsync($"ports/{Parent.Id}/bindings", new JsonObject { ["host"] = host.Name }, Token);
    }

    /// <summary>The machine runs on another host now; nothing is left where it was.</summary>
    public async Task MigrateAsync(RegionHost from, RegionHost to)
    {
        await _region.Api.ActAsync("ports", Parent.Id, $"bindings/{to.Name}/activate", [], Token);
        await _region.Api.DeleteAsync($"ports/{Parent.Id}/bindings", from.Name, Token);
    }

    public async Task<string> StatusAsync() =>
        (string)(await _region.Api.ShowAsync("trunks", _id, Token))["status"]!;

    /// <summary>Waits until the hosts have the parent and all subports.</summary>
    public Task ActiveAsync() =>
        Traffic.EventuallyAsync(async () => await StatusAsync() == "ACTIVE", "the trunk does not become ACTIVE");

    public Task RemoveAsync(int subport)
    {
        var (port, vlan) = _carried[subport];
        return _region.Api.ActAsync("trunks", _id, "remove_subports",
            new JsonObject { ["sub_ports"] = new JsonArray(Describe(port, vlan)) }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await BindAsync("", CancellationToken.None);
        await _region.Api.DeleteAsync("trunks", _id, CancellationToken.None);
    }

    private Task BindAsync(string host, CancellationToken cancellationToken) => _region.Api.UpdateAsync(
        "ports", Parent.Id, new JsonObject { ["binding:host_id"] = host }, cancellationToken);

    private static JsonObject Describe(NetworkingPort port, int vlan) => new()
    {
        ["port_id"] = port.Id, ["segmentation_type"] = "vlan", ["segmentation_id"] = vlan,
    };
}

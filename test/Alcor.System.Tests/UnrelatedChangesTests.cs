using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>What others do costs nobody a packet.</summary>
[Collection(RegionCollection.Name)]
public sealed class UnrelatedChangesTests(RegionFixture fixture)
{
    private const int Rounds = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Region Region => fixture.Region;

    [Fact]
    public async Task Ports_groups_rules_and_routers_that_come_and_go_lose_no_packet_of_others()
    {
        await using var network = await TenantNetwork.CreateAsync(Region, "10.31.0.0/24");
        await using var other = await TenantNetwork.CreateAsync(Region, "10.32.0.0/24");
        var (near, _) = await network.BootAsync(Region.Hosts[0]);
        var (_, here) = await network.BootAsync(Region.Hosts[0]);
        var (_, there) = await network.BootAsync(Region.Hosts[1]);
        var ports = await PlugAsync(network, other);
        await Traffic.AnswerAsync(near, here.Address);
        await Traffic.AnswerAsync(near, there.Address);
        await using var local = near.StartPing(here.Address, Interval);
        await using var remote = near.StartPing(there.Address, Interval);
        await local.WaitForAnswersAsync(20, Token);
        await remote.WaitForAnswersAsync(20, Token);

        for (var round = 0; round < Rounds; round++)
            await ComeAndGoAsync(network, other, ports);
        await local.WaitForAnswersAsync(20, Token);
        await remote.WaitForAnswersAsync(20, Token);

        Assert.Empty(local.Lost);
        Assert.Empty(remote.Lost);
    }

    /// <summary>
    /// Ports that are bound to no host yet, and their machines. The machines are there before anybody counts: a plain
    /// Open vSwitch in userspace, which nobody programs, loses a packet of its tunnels now and then when an interface
    /// is plugged or unplugged.
    /// </summary>
    private async Task<List<(TenantNetwork Network, RegionHost Host, NetworkingPort Port)>> PlugAsync(
        params TenantNetwork[] networks)
    {
        var plugged = new List<(TenantNetwork, RegionHost, NetworkingPort)>();
        foreach (var network in networks)
        {
            foreach (var host in Region.Hosts)
            {
                var port = await network.CreatePortAsync(host: null);
                await network.PlugAsync(host, port);
                plugged.Add((network, host, port));
            }
        }
        return plugged;
    }

    /// <summary>On the same hosts, in the same network and in another one.</summary>
    private async Task ComeAndGoAsync(
        TenantNetwork network,
        TenantNetwork other,
        List<(TenantNetwork Network, RegionHost Host, NetworkingPort Port)> ports)
    {
        var group = (string)(await Region.Api.CreateAsync(
            "security-groups", new JsonObject { ["name"] = "other" }, Token))["id"]!;
        var rule = await Region.Api.CreateAsync("security-group-rules", new JsonObject
        {
            ["security_group_id"] = group, ["direction"] = "ingress", ["remote_group_id"] = group,
        }, Token);
        var router = (string)(await Region.Api.CreateAsync(
            "routers", new JsonObject { ["name"] = "other" }, Token))["id"]!;
        foreach (var subnet in new[] { network.SubnetId, other.SubnetId })
            await ActAsync(router, "add_router_interface", subnet);
        foreach (var (where, host, port) in ports)
        {
            await where.UpdateAsync(port, new JsonObject
            {
                ["binding:host_id"] = host.Name, ["security_groups"] = new JsonArray(group),
            });
            await where.ActiveAsync(port);
        }
        await Region.Api.DeleteAsync("security-group-rules", (string)rule["id"]!, Token);
        foreach (var (where, _, port) in ports)
        {
            await where.UpdateAsync(port, new JsonObject
            {
                ["binding:host_id"] = "", ["security_groups"] = new JsonArray(),
            });
        }
        foreach (var subnet in new[] { network.SubnetId, other.SubnetId })
            await ActAsync(router, "remove_router_interface", subnet);
        await Region.Api.DeleteAsync("routers", router, Token);
        await Region.Api.DeleteAsync("security-groups", group, Token);
    }

    private Task ActAsync(string router, string action, string subnet) =>
        Region.Api.ActAsync("routers", router, action, new JsonObject { ["subnet_id"] = subnet }, Token);
}

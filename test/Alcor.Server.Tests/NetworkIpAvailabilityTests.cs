using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

public sealed class NetworkIpAvailabilityTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Path = "/v2.0/network-ip-availabilities";

    [Fact]
    public async Task Pools_and_addresses_of_ports_are_counted_for_each_subnet()
    {
        var network = await NetworkAsync("counted");
        await server.CreatePortAsync(network);
        var shown = (await server.GetAsync($"{Path}/{network}")).Is(200)["network_ip_availability"]!.AsObject();
        Assert.Equal(
            [
                "network_id", "network_name", "project_id", "subnet_ip_availability", "tenant_id", "total_ips",
                "used_ips",
            ],
            shown.Select(member => member.Key).Order(StringComparer.Ordinal));
        // A /64 without its first address, which routers have; a /28 without that, its gateway and its broadcast.
        Assert.Equal("18446744073709551628", shown["total_ips"]!.ToJsonString());
        Assert.Equal(2, (int)shown["used_ips"]!);
        var subnets = shown["subnet_ip_availability"]!.AsArray();
        Assert.Equal(["10.4.0.0/28", "fd00:4::/64"], subnets.Select(subnet => (string)subnet!["cidr"]!));
        Assert.Equal(
            ["cidr", "ip_version", "subnet_id", "subnet_name", "total_ips", "used_ips"],
            subnets[0]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal("13", subnets[0]!["total_ips"]!.ToJsonString());
        Assert.Equal(1, (int)subnets[0]!["used_ips"]!);
    }

    [Fact]
    public async Task The_version_says_which_subnets_are_counted_and_which_networks_are_listed()
    {
        var network = await NetworkAsync("versions");
        var empty = await server.CreateNetworkAsync("versions");
        var row = (await server.GetAsync($"{Path}?ip_version=4&network_id={network}"))
            .Is(200)["network_ip_availabilities"]!.AsArray().Single()!;
        Assert.Equal("13", row["total_ips"]!.ToJsonString());
        Assert.Single(row["subnet_ip_availability"]!.AsArray());
        Assert.Equal([network], await IdsAsync("network_name=versions&ip_version=6"));
        Assert.Equal(
            new[] { empty, network }.Order(StringComparer.Ordinal), await IdsAsync("network_name=versions"));
        Assert.Empty(await IdsAsync("project_id=nobody"));
    }

    [Fact]
    public async Task Others_than_administrators_are_shown_nothing()
    {
        var network = await NetworkAsync("hidden");
        (string, string)[] headers = [("X-Roles", "member"), ("X-Project-Id", "p")];
        (await server.SendAsync(HttpMethod.Get, $"{Path}/{network}", null, headers)).Error(404);
        var listed = (await server.SendAsync(HttpMethod.Get, Path, null, headers)).Is(200);
        Assert.Empty(listed["network_ip_availabilities"].AsArray());
    }

    [Fact]
    public async Task An_unknown_network_is_not_found()
    {
        var id = Guid.NewGuid().ToString();
        Assert.Equal(
            $"Network {id} could not be found.", (await server.GetAsync($"{Path}/{id}")).Error(404, "NetworkNotFound"));
    }

    private async Task<string> NetworkAsync(string name)
    {
        var network = await server.CreateNetworkAsync(name);
        await server.CreateSubnetAsync(network, "10.4.0.0/28");
        await server.CreateAsync("subnet", new JsonObject
        {
            ["network_id"] = network,
            ["cidr"] = "fd00:4::/64",
            ["ip_version"] = 6,
        });
        return network;
    }

    private async Task<IEnumerable<string>> IdsAsync(string query) =>
        (await server.ListAsync($"/v2.0/network_ip_availabilities?{query}", "network_id"))
        .Order(StringComparer.Ordinal);
}

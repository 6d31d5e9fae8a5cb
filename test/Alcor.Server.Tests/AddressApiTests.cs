using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>Where addresses come from, MAC and IP, in Alcor's own API.</summary>
public sealed class AddressApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Allocations = "/v1/ip-allocations";

    [Fact]
    public async Task Pools_say_how_many_addresses_of_ranges_and_of_the_settings_ports_have()
    {
        await using var own = new RunningServer();
        await own.InitializeAsync();
        var network = await own.CreateNetworkAsync();
        await own.CreatePortAsync(network);
        var range = (await own.PostAsync(
            "/v1/mac-ranges",
            """{"mac_range": {"name": "lab", "first": "02:00:00:00:00:00", "last": "02:00:00:00:00:0f"}}"""))
            .Is(201)["mac_range"];
        var port = await own.CreatePortAsync(network);
        Assert.StartsWith("02:00:00:00:00:0", (string?)port["mac_address"], StringComparison.Ordinal);
        // The same address in another network is the same address.
        await own.CreateAsync("port", new JsonObject
        {
            ["network_id"] = await own.CreateNetworkAsync(),
            ["mac_address"] = (string)port["mac_address"]!,
        });
        var pools = (await own.GetAsync("/v1/mac-pools?sort_key=first&sort_dir=asc")).Is(200)["mac_pools"].AsArray();
        Assert.Equal(
            [("lab", "active", 16, 1, 15), ("fa:16:3e:00:00:00/24", "inactive", 1 << 24, 1, (1 << 24) - 1)],
            pools.Select(pool => (
                (string)pool!["name"]!, (string)pool["state"]!, (int)pool["size"]!, (int)pool["allocated"]!,
                (int)pool["free"]!)));
        (await own.GetAsync($"/v1/mac-pools/{range["id"]}")).Is(200);
        (await own.DeleteAsync($"/v1/mac-ranges/{range["id"]}")).Error(409, "MacRangeInUse");
    }

    [Fact]
    public async Task Addresses_are_found_by_subnet_address_port_and_state()
    {
        var (network, subnet) = await SubnetAsync();
        var port = await server.CreatePortAsync(network);
        var reserved = (await server.PostAsync(Allocations, Reserve(subnet, "10.5.0.9"))).Is(201)["ip_allocation"];
        Assert.Equal(
            ($"10.5.0.9@{subnet}", network, "reserved", null),
            ((string?)reserved["id"], (string?)reserved["network_id"], (string?)reserved["state"],
                (string?)reserved["port_id"]));
        Assert.Equal(["10.5.0.2", "10.5.0.9"], await FindAsync($"subnet_id={subnet}"));
        Assert.Equal(["10.5.0.2", "10.5.0.9"], await FindAsync($"network_id={network}"));
        Assert.Equal(["10.5.0.9"], await FindAsync($"subnet_id={subnet}&state=reserved"));
        Assert.Equal(["10.5.0.2"], await FindAsync($"subnet_id={subnet}&state=allocated"));
        Assert.Equal(["10.5.0.2"], await FindAsync($"port_id={port["id"]}"));
        Assert.Equal(["10.5.0.9"], await FindAsync($"ip_address=10.5.0.9&subnet_id={subnet}"));
        Assert.Empty(await FindAsync($"ip_address=10.5.0.3&subnet_id={subnet}"));
        var shown = (await server.GetAsync($"{Allocations}/10.5.0.2@{subnet}")).Is(200)["ip_allocation"];
        Assert.Equal((string?)port["id"], (string?)shown["port_id"]);
        (await server.DeleteAsync($"{Allocations}/10.5.0.2@{subnet}")).Error(409, "IpAllocationInUse");
        (await server.DeleteAsync($"{Allocations}/10.5.0.3@{subnet}")).Error(404, "IpAllocationNotFound");
        Assert.Equal(["10.5.0.2"], await FindAsync($"subnet_id={subnet}&sort_key=ip_address&sort_dir=asc&limit=1"));
    }

    [Fact]
    public async Task Many_addresses_are_reserved_and_released_at_once_or_not_at_all()
    {
        var (_, subnet) = await SubnetAsync();
        var taken = await server.PostAsync(Allocations, $$"""
            {"ip_allocations": [{"subnet_id": "{{subnet}}"}, {"subnet_id": "{{subnet}}", "ip_address": "10.5.1.1"}]}
            """);
        taken.Error(400, "InvalidIpForSubnet");
        Assert.Equal("Item 1 of 'ip_allocations'.", (string?)taken["NeutronError"]["detail"]);
        Assert.Empty(await FindAsync($"subnet_id={subnet}"));
        var many = string.Join(',', Enumerable.Repeat($$"""{"subnet_id": "{{subnet}}"}""", 20));
        var made = (await server.PostAsync(Allocations, $$"""{"ip_allocations": [{{many}}]}""")).Is(201);
        var ids = made["ip_allocations"].AsArray().Select(one => (string)one!["id"]!).ToList();
        Assert.Equal(20, ids.Distinct().Count());
        await ReleaseAsync([.. ids, $"10.5.0.200@{subnet}"], 404);
        Assert.Equal(20, (await FindAsync($"subnet_id={subnet}")).Count);
        await ReleaseAsync([.. ids, ids[0]], 204);
        Assert.Empty(await FindAsync($"subnet_id={subnet}"));
        await ReleaseAsync([], 400);
    }

    [Fact]
    public async Task A_reserved_address_is_counted_and_keeps_its_subnet()
    {
        var (network, subnet) = await SubnetAsync();
        var id = (string)(await server.PostAsync(Allocations, Reserve(subnet, "10.5.0.9"))).Is(201)
            ["ip_allocation"]["id"]!;
        var row = (await server.GetAsync($"/v2.0/network-ip-availabilities/{network}")).Is(200);
        Assert.Equal(1, (int)row["network_ip_availability"]["used_ips"]!);
        Assert.Contains(
            "10.5.0.9",
            (await server.DeleteAsync($"/v2.0/subnets/{subnet}")).Error(409, "SubnetInUse"),
            StringComparison.Ordinal);
        (await server.DeleteAsync($"{Allocations}/{id}")).Is(204);
        (await server.DeleteAsync($"/v2.0/subnets/{subnet}")).Is(204);
    }

    [Fact]
    public async Task Segmentation_ranges_are_the_network_segment_ranges_with_what_of_them_is_used()
    {
        const string range = """
            {"segmentation_range": {"name": "lab", "network_type": "vlan", "physical_network": "lab", "minimum": 7,
             "maximum": 8}}
            """;
        var made = (await server.PostAsync("/v1/segmentation-ranges", range)).Is(201)["segmentation_range"];
        var id = (string)made["id"]!;
        await server.CreateAsync("network", new JsonObject
        {
            ["provider:network_type"] = "vlan",
            ["provider:physical_network"] = "lab",
        });
        var shown = (await server.GetAsync($"/v1/segmentation-ranges/{id}")).Is(200)["segmentation_range"];
        Assert.Equal((long[])[8], shown["available"]!.AsArray().Select(number => (long)number!));
        Assert.Equal(["7"], shown["used"]!.AsObject().Select(member => member.Key));
        Assert.Contains(id, await server.ListAsync("/v2.0/network_segment_ranges", "id"));
        (await server.DeleteAsync($"/v1/segmentation-ranges/{id}"))
            .Error(409, "NetworkSegmentRangeReferencedByProject");
    }

    private async Task<(string Network, string Subnet)> SubnetAsync()
    {
        var network = await server.CreateNetworkAsync();
        return (network, await server.CreateSubnetAsync(network, "10.5.0.0/24"));
    }

    private static string Reserve(string subnet, string address) =>
        $$$"""{"ip_allocation": {"subnet_id": "{{{subnet}}}", "ip_address": "{{{address}}}"}}""";

    private async Task ReleaseAsync(IEnumerable<string> ids, int status)
    {
        var body = new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]) };
        var answer = await server.PostAsync($"{Allocations}/release", body.ToJsonString());
        if (status == 204)
            answer.Is(204);
        else
            answer.Error(status);
    }

    private async Task<List<string>> FindAsync(string query) =>
    [
        .. (await server.GetAsync($"{Allocations}?{query}")).Is(200)["ip_allocations"].AsArray()
            .Select(one => (string)one!["ip_address"]!).Order(StringComparer.Ordinal),
    ];
}

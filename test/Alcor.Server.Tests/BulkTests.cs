using System.Text.Json.Nodes;
using Alcor.Kernel;

namespace Alcor.Server.Tests;

public sealed class BulkTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Regressions_12_and_13_every_port_of_a_bulk_has_its_own_addresses_and_keeps_the_named_ones()
    {
        var network = await server.CreateNetworkAsync();
        var subnet = await server.CreateSubnetAsync(network, "10.12.0.0/24");
        var named = new JsonObject
        {
            ["network_id"] = network,
            ["name"] = "named",
            ["mac_address"] = "fa:16:3e:00:00:63",
            ["fixed_ips"] = new JsonArray(new JsonObject { ["subnet_id"] = subnet, ["ip_address"] = "10.12.0.99" }),
        };
        var items = Enumerable.Range(0, 50).Select(i => (JsonNode)Port(network, $"port{i}")).ToList();
        items.Insert(20, named);

        var answer = await BulkAsync(items);

        var ports = answer.Is(201)["ports"].AsArray();
        Assert.Equal(items.Select(item => (string?)item["name"]), ports.Select(port => (string?)port!["name"]));
        Assert.Equal(51, ports.Select(port => (string?)port!["id"]).Distinct().Count());
        Assert.Equal(51, ports.Select(port => (string?)port!["mac_address"]).Distinct().Count());
        Assert.Equal(51, ports.Select(port => (string?)port!["fixed_ips"]![0]!["ip_address"]).Distinct().Count());
        Assert.Equal("fa:16:3e:00:00:63", (string?)ports[20]!["mac_address"]);
        Assert.Equal("10.12.0.99", (string?)ports[20]!["fixed_ips"]![0]!["ip_address"]);
    }

    [Fact]
    public async Task A_bulk_is_created_whole_or_not_at_all()
    {
        var network = await server.CreateNetworkAsync();
        await server.CreateSubnetAsync(network, "10.13.0.0/24");
        var bad = Port(network, "bad");
        bad["fixed_ips"] = new JsonArray(new JsonObject { ["ip_address"] = "192.0.2.1" });
        (await BulkAsync([Port(network, "good"), bad])).Error(400);
        Assert.Empty(await server.ListAsync($"/v2.0/ports?network_id={network}", "id"));
    }

    [Fact]
    public async Task A_refusal_names_the_item()
    {
        var network = await server.CreateNetworkAsync();
        var bad = Port(network, "bad");
        bad["mac_address"] = "nonsense";
        const string reason = "Invalid input for mac_address. Reason: 'nonsense' is not a valid MAC";
        var message = (await BulkAsync([Port(network, "good"), bad])).Error(400);
        Assert.StartsWith(reason, message, StringComparison.Ordinal);
        Assert.EndsWith("(item 1 of 'ports').", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Networks_are_created_in_bulk_too()
    {
        var answer = await server.PostAsync("/v2.0/networks", """{"networks": [{"name": "a"}, {"name": "b"}]}""");
        Assert.Equal(["a", "b"], answer.Is(201)["networks"].AsArray().Select(network => (string)network!["name"]!));
    }

    [Fact]
    public async Task An_answer_larger_than_the_buffer_is_whole()
    {
        var network = await server.CreateNetworkAsync();
        var items = Enumerable.Range(0, 400).Select(i => (JsonNode)Port(network, new string('x', 200) + i));
        var answer = await BulkAsync(items);
        Assert.Equal(400, answer.Is(201)["ports"].AsArray().Count);
        Assert.True(answer.Response.Headers.TransferEncodingChunked);
        Assert.Equal(400, (await server.ListAsync($"/v2.0/ports?network_id={network}", "id")).Count);
    }

    [Theory]
    [InlineData("""{"ports": []}""", "Resources required")]
    [InlineData("""{"ports": {}}""", "not a list")]
    [InlineData("""{"ports": [1]}""", "Object 'port' contains invalid data (item 0 of 'ports')")]
    [InlineData("""{"ports": [], "port": {}}""", "not both")]
    public async Task An_envelope_of_the_wrong_shape_is_refused(string body, string reason) =>
        Assert.Contains(reason, (await server.PostAsync("/v2.0/ports", body)).Error(400), StringComparison.Ordinal);

    [Fact]
    public async Task The_count_is_bounded()
    {
        var items = string.Join(',', Enumerable.Repeat("{}", Limits.BulkMax + 1));
        var message = (await server.PostAsync("/v2.0/networks", $$"""{"networks": [{{items}}]}""")).Error(400);
        Assert.Contains($"at most {Limits.BulkMax} are allowed", message, StringComparison.Ordinal);
    }

    private static JsonObject Port(string network, string name) => new() { ["network_id"] = network, ["name"] = name };

    private Task<Answer> BulkAsync(IEnumerable<JsonNode> items) =>
        server.PostAsync("/v2.0/ports", new JsonObject { ["ports"] = new JsonArray([.. items]) }.ToJsonString());
}

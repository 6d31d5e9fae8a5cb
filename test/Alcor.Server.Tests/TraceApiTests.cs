using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>Where packets go, by the API.</summary>
public sealed class TraceApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Far = TracedRegion.FarAddress;
    private static readonly (string, string)[] Mine = [("X-Project-Id", "mine"), ("X-Roles", "reader")];

    [Fact]
    public async Task A_packet_that_a_rule_allows_is_delivered_and_so_is_its_answer()
    {
        var region = await TracedRegion.CreateAsync(server);
        var trace = await TraceAsync(region.Near, $"{Far}&protocol=tcp&destination_port=80&reply=true");
        Assert.Equal("delivered", (string?)trace["verdict"]);
        Assert.Equal(region.Far, (string?)trace["to"]!["port_id"]);
        Assert.StartsWith("far-", (string?)trace["to"]!["host"]);
        Assert.Equal("delivered", (string?)trace["reply"]!["verdict"]);
        Assert.Equal(region.Near, (string?)trace["reply"]!["to"]!["port_id"]);
        var rule = Steps(trace).Last(step => (string?)step["table"] == "SecurityGroupRules");
        Assert.Equal("rule", (string?)rule["owner"]!["kind"]);
        Assert.Contains(
            $"ingress IPv4 tcp 80 from anywhere) of security group web-theirs ({region.Group})", (string?)rule["text"]);
        Assert.Contains(trace["flows"]!.AsArray(), line => ((string)line!).Contains("table=113"));
        // No agent has said that it has the ports.
        Assert.Equal(2, trace["notes"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_packet_that_no_rule_allows_is_dropped_on_the_host_of_the_target_by_its_groups()
    {
        var region = await TracedRegion.CreateAsync(server);
        var trace = await TraceAsync(region.Near, $"{Far}&protocol=tcp&destination_port=22&reply=true");
        Assert.Equal("dropped", (string?)trace["verdict"]);
        Assert.Null(trace["to"]);
        Assert.Null(trace["reply"]);
        var last = Steps(trace).Last();
        Assert.StartsWith("far-", (string?)last["host"]);
        Assert.Equal("IngressVerdict", (string?)last["table"]);
        Assert.Contains(
            $"no rule of security group web-theirs ({region.Group}) lets tcp 22 from {TracedRegion.NearAddress} enter",
            (string?)last["text"]);
    }

    [Fact]
    public async Task A_port_that_is_not_bound_sends_nothing()
    {
        var port = await server.CreatePortAsync(await server.CreateNetworkAsync());
        var trace = await TraceAsync((string)port["id"]!, "10.0.0.1");
        Assert.Equal("dropped", (string?)trace["verdict"]);
        Assert.EndsWith("is not bound to a host", (string?)Steps(trace).Single()["text"]);
    }

    [Fact]
    public async Task What_others_have_is_named_to_administrators_alone()
    {
        var region = await TracedRegion.CreateAsync(server);
        foreach (var port in new[] { 80, 22 })
        {
            var path = $"/v1/ports/{region.Near}/trace?destination={Far}&protocol=tcp&destination_port={port}";
            var answer = (await server.SendAsync(HttpMethod.Get, path, body: null, Mine)).Is(200);
            var text = answer.Json!.ToJsonString();
            Assert.Contains("of another project", text);
            Assert.All(
                [region.Far, region.Group, "web-theirs", "port-far", "\"far-", "\"near-", "192.0."],
                secret => Assert.DoesNotContain(secret, text));
            Assert.Empty(answer["trace"]["flows"]!.AsArray());
        }
        var theirs = $"/v1/ports/{region.Far}/trace?destination=10.7.0.10";
        (await server.SendAsync(HttpMethod.Get, theirs, body: null, Mine)).Error(404, "PortNotFound");
    }

    [Theory]
    [InlineData("protocol=tcp", "destination")]
    [InlineData("destination=10.0.0.300", "destination")]
    [InlineData("destination=10.1", "destination")]
    [InlineData("destination=224.0.0.5", "destination")]
    [InlineData("destination=10.0.0.1&destination=10.0.0.2", "destination")]
    [InlineData("destination=10.0.0.1&source=fe80::1", "source")]
    [InlineData("destination=10.0.0.1&protocol=tpc", "protocol")]
    [InlineData("destination=10.0.0.1&protocol=tcp", "destination_port")]
    [InlineData("destination=10.0.0.1&protocol=tcp&destination_port=65536", "destination_port")]
    [InlineData("destination=10.0.0.1&source_port=5", "source_port")]
    [InlineData("destination=10.0.0.1&protocol=udp&destination_port=5&icmp_type=8", "icmp_type")]
    [InlineData("destination=10.0.0.1&icmp_code=-1", "icmp_code")]
    [InlineData("destination=10.0.0.1&reply=yes", "reply")]
    [InlineData("destination=10.0.0.1&colour=red", "colour")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        var port = await server.CreatePortAsync(await server.CreateNetworkAsync());
        var answer = await server.GetAsync($"/v1/ports/{port["id"]}/trace?{query}");
        Assert.StartsWith($"Invalid input for {field}. Reason: ", answer.Error(400));
    }

    private async Task<JsonNode> TraceAsync(string port, string destination) =>
        (await server.GetAsync($"/v1/ports/{port}/trace?destination={destination}")).Is(200)["trace"];

    private static IEnumerable<JsonNode> Steps(JsonNode trace) => trace["steps"]!.AsArray().Select(step => step!);
}

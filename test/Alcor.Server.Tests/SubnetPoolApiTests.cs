using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

public sealed class SubnetPoolApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_pool_is_shown_as_Neutron_shows_it()
    {
        var pool = await PoolAsync(
            """{"name": "p", "prefixes": ["10.11.0.0/16", "10.10.0.0/16"], "min_prefixlen": "29"}""");
        Assert.Equal("29", (string?)pool["min_prefixlen"]);
        Assert.Equal("29", (string?)pool["default_prefixlen"]);
        Assert.Equal("32", (string?)pool["max_prefixlen"]);
        Assert.Equal(4, (int?)pool["ip_version"]);
        Assert.Null(pool["default_quota"]);
        Assert.Null(pool["address_scope_id"]);
        Assert.Equal("""["10.10.0.0/15"]""", pool["prefixes"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"name": "", "prefixes": ["10.0.0.0/8"]}""", "Blank strings are not permitted")]
    [InlineData("""{"name": "x", "prefixes": []}""", "Empty subnet pool prefix list")]
    [InlineData("""{"name": "x", "prefixes": ["nope"]}""", "'nope' is not a valid IP subnet")]
    [InlineData("""{"name": "x", "prefixes": ["10.0.0.0/8", "10.0.0.0/8"]}""", "Duplicate items in the list")]
    [InlineData("""{"name": "x", "prefixes": ["10.0.0.0/8"], "min_prefixlen": -1}""", "should be non-negative")]
    public async Task Requests_that_break_a_rule_are_refused(string pool, string message)
    {
        var answer = await server.PostAsync("/v2.0/subnetpools", $$"""{"subnetpool": {{pool}}}""");
        Assert.Contains(message, answer.Error(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Actions_answer_the_prefixes_and_the_subnets()
    {
        var id = (string)(await PoolAsync("""{"name": "p", "prefixes": ["10.0.0.0/16"]}"""))["id"]!;
        var added = await server.SendAsync(
            HttpMethod.Put, $"/v2.0/subnetpools/{id}/add_prefixes", """{"prefixes": ["10.1.0.0/16"]}""");
        Assert.Equal("""{"prefixes":["10.0.0.0/15"]}""", added.Is(200).Json!.ToJsonString());
        var network = await server.CreateNetworkAsync();
        var subnet = await server.CreateSubnetAsync(network, "10.9.0.0/24");
        var body = $$"""{"network_id": "{{network}}"}""";
        var path = $"/v2.0/subnetpools/{id}/onboard_network_subnets";
        var onboarded = (await server.SendAsync(HttpMethod.Put, path, body)).Is(200);
        Assert.Equal($$"""[{"id":"{{subnet}}","cidr":"10.9.0.0/24"}]""", onboarded.Json!.ToJsonString());
    }

    [Fact]
    public async Task A_scope_and_a_subnet_of_a_pool_in_it_are_created_and_shown()
    {
        var scope = (await server.PostAsync(
            "/v2.0/address-scopes", """{"address_scope": {"name": "s", "ip_version": 6}}""")).Is(201)["address_scope"]!;
        Assert.False((bool)scope["shared"]!);
        var pool = await PoolAsync(
            $$"""{"name": "p", "prefixes": ["fd00::/48"], "address_scope_id": "{{(string)scope["id"]!}}"}""");
        var network = await server.CreateNetworkAsync();
        var subnet = (await server.PostAsync(
            "/v2.0/subnets",
            $$$"""
            {"subnet": {"network_id": "{{{network}}}", "ip_version": 6, "subnetpool_id": "{{{(string)pool["id"]!}}}"}}
            """)).Is(201)["subnet"]!;
        Assert.Equal("fd00::/64", (string?)subnet["cidr"]);
        Assert.Null(subnet["segment_id"]);
        Assert.Empty(subnet["service_types"]!.AsArray());
        Assert.False(subnet.AsObject().ContainsKey("prefixlen"));
        var listed = await server.ListAsync($"/v2.0/subnetpools?address_scope_id={(string)scope["id"]!}", "id");
        Assert.Single(listed);
    }

    private async Task<JsonNode> PoolAsync(string pool) =>
        (await server.PostAsync("/v2.0/subnetpools", $$"""{"subnetpool": {{pool}}}""")).Is(201)["subnetpool"]!;
}

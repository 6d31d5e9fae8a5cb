using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

public sealed class CreateTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_created_resource_is_answered_with_all_its_attributes()
    {
        const string body = """{"network": {"name": "net1", "mtu": "1400"}}""";
        var answer = (await server.PostAsync("/v2.0/networks", body)).Is(201);
        var network = answer["network"];
        Assert.Equal("net1", (string?)network["name"]);
        Assert.Equal(1400, (int?)network["mtu"]);
        Assert.True((bool?)network["admin_state_up"]);
        Assert.Equal(["network"], answer.Json!.AsObject().Select(member => member.Key));
        Assert.Equal(answer.Response.Content.Headers.ContentLength, answer.Json.ToJsonString().Length);
        var shown = await server.GetAsync($"/v2.0/networks/{network["id"]}");
        Assert.True(JsonNode.DeepEquals(network, shown["network"]));
    }

    [Fact]
    public async Task Ids_are_uuids_that_sort_by_time()
    {
        var first = await server.CreateNetworkAsync();
        var second = await server.CreateNetworkAsync();
        Assert.Equal(7, Guid.ParseExact(first, "D").Version);
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("/v2.0/networks/")]
    [InlineData("/v2.0/networks.json")]
    public async Task A_collection_has_several_spellings(string path) =>
        (await server.PostAsync(path, """{"network": {}}""")).Is(201);

    [Theory]
    [InlineData("""{"network": {}}""", "caller")]
    [InlineData("""{"network": {"project_id": "named"}}""", "named")]
    [InlineData("""{"network": {"tenant_id": "named"}}""", "named")]
    [InlineData("""{"network": {"tenant_id": "named", "project_id": "named"}}""", "named")]
    public async Task The_owner_is_the_one_named_or_else_the_callers_project(string body, string owner)
    {
        var answer = await server.SendAsync(HttpMethod.Post, "/v2.0/networks", body, ("X-Project-Id", "caller"));
        Assert.Equal(owner, (string?)answer.Is(201)["network"]["project_id"]);
        Assert.Equal(owner, (string?)answer["network"]["tenant_id"]);
    }

    [Fact]
    public async Task Without_any_project_the_owner_is_empty() =>
        Assert.Equal("", (string?)(await server.CreateAsync("network", []))["project_id"]);

    [Fact]
    public async Task Two_owners_are_refused()
    {
        const string body = """{"network": {"tenant_id": "a", "project_id": "b"}}""";
        var message = (await server.PostAsync("/v2.0/networks", body)).Error(400);
        Assert.Contains("do not match", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_comes_back_as_it_was_sent()
    {
        const string name = "Zürich <\"&'> \u65e5\u672c \ud83d\ude00 \t\\";
        var network = await server.CreateAsync("network", new JsonObject { ["name"] = name });
        Assert.Equal(name, (string?)network["name"]);
        Assert.Equal([name], await server.ListAsync($"/v2.0/networks?name={Uri.EscapeDataString(name)}", "name"));
    }

    [Fact]
    public async Task Regression_7_an_absent_gateway_is_not_a_null_gateway()
    {
        var network = await server.CreateNetworkAsync();
        var subnet = await server.CreateSubnetAsync(network, "10.7.0.0/24");
        Assert.Equal("10.7.0.1", (string?)(await server.GetAsync($"/v2.0/subnets/{subnet}"))["subnet"]["gateway_ip"]);
        var renamed = await server.PutAsync($"/v2.0/subnets/{subnet}", """{"subnet": {"name": "renamed"}}""");
        Assert.Equal("10.7.0.1", (string?)renamed.Is(200)["subnet"]["gateway_ip"]);
        var removed = await server.PutAsync($"/v2.0/subnets/{subnet}", """{"subnet": {"gateway_ip": null}}""");
        Assert.Null(removed.Is(200)["subnet"].AsObject()["gateway_ip"]);
        var without = await server.CreateAsync("subnet", new JsonObject
        {
            ["network_id"] = network,
            ["cidr"] = "10.8.0.0/24",
            ["ip_version"] = 4,
            ["gateway_ip"] = null,
        });
        Assert.Null(without["gateway_ip"]);
    }
}

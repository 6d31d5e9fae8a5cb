using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>Show, update and delete, with and without If-Match.</summary>
public sealed class ChangeTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData(".json")]
    public async Task A_resource_has_several_spellings(string suffix)
    {
        var id = await server.CreateNetworkAsync();
        Assert.Equal(id, (string?)(await server.GetAsync($"/v2.0/networks/{id}{suffix}")).Is(200)["network"]["id"]);
    }

    [Theory]
    [InlineData("networks", "NetworkNotFound", "Network")]
    [InlineData("subnets", "SubnetNotFound", "Subnet")]
    [InlineData("ports", "PortNotFound", "Port")]
    [InlineData("agents", "AgentNotFound", "Agent")]
    public async Task Regression_36_a_missing_resource_is_not_found(string collection, string type, string name)
    {
        var message = $"{name} no-such could not be found.";
        Assert.Equal(message, (await server.GetAsync($"/v2.0/{collection}/no-such")).Error(404, type));
        var attribute = collection == "agents" ? "description" : "name";
        var body = $$$"""{"{{{collection[..^1]}}}": {"{{{attribute}}}": "x"}}""";
        Assert.Equal(message, (await server.PutAsync($"/v2.0/{collection}/no-such", body)).Error(404, type));
        Assert.Equal(message, (await server.DeleteAsync($"/v2.0/{collection}/no-such")).Error(404, type));
    }

    [Fact]
    public async Task Head_is_get_without_the_body()
    {
        var id = await server.CreateNetworkAsync();
        var get = await server.GetAsync($"/v2.0/networks/{id}");
        var head = await server.SendAsync(HttpMethod.Head, $"/v2.0/networks/{id}", body: null);
        Assert.Null(head.Is(200).Json);
        Assert.Equal(get.Response.Content.Headers.ContentLength, head.Response.Content.Headers.ContentLength);
        (await server.SendAsync(HttpMethod.Head, "/v2.0/networks", body: null)).Is(200);
        (await server.SendAsync(HttpMethod.Head, "/v2.0/networks/no-such", body: null)).Is(404);
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_nothing_else()
    {
        var attributes = new JsonObject { ["name"] = "old", ["description"] = "kept" };
        var network = await server.CreateAsync("network", attributes);
        var path = $"/v2.0/networks/{network["id"]}";
        var answer = await server.PutAsync(path, """{"network": {"name": "new"}}""");
        var updated = answer.Is(200)["network"].AsObject();
        Assert.Equal("new", (string?)updated["name"]);
        Assert.True((long)updated["revision_number"]! > (long)network["revision_number"]!);
        foreach (var (name, value) in network.AsObject())
        {
            if (name is not ("name" or "revision_number" or "updated_at"))
                Assert.True(JsonNode.DeepEquals(value, updated[name]), name);
        }
        Assert.True(JsonNode.DeepEquals(updated, (await server.GetAsync(path))["network"]));
    }

    [Fact]
    public async Task An_update_of_nothing_answers_with_the_resource()
    {
        var id = await server.CreateNetworkAsync("same");
        var answer = await server.PutAsync($"/v2.0/networks/{id}", """{"network": {}}""");
        Assert.Equal("same", (string?)answer.Is(200)["network"]["name"]);
    }

    [Fact]
    public async Task A_deleted_resource_is_gone()
    {
        var id = await server.CreateNetworkAsync();
        var deleted = await server.DeleteAsync($"/v2.0/networks/{id}");
        Assert.Null(deleted.Is(204).Json);
        (await server.GetAsync($"/v2.0/networks/{id}")).Error(404);
        (await server.DeleteAsync($"/v2.0/networks/{id}")).Error(404);
        Assert.Empty(await server.ListAsync($"/v2.0/networks?id={id}", "id"));
    }

    [Fact]
    public async Task What_is_in_use_is_not_deleted()
    {
        var network = await server.CreateNetworkAsync();
        var port = await server.CreatePortAsync(network);
        (await server.DeleteAsync($"/v2.0/networks/{network}")).Error(409, "NetworkInUse");
        (await server.DeleteAsync($"/v2.0/ports/{port["id"]}")).Is(204);
        (await server.DeleteAsync($"/v2.0/networks/{network}")).Is(204);
    }

    [Fact]
    public async Task If_match_guards_updates_and_deletions()
    {
        var network = await server.CreateAsync("network", []);
        var path = $"/v2.0/networks/{network["id"]}";
        var revision = (long)network["revision_number"]!;
        const string body = """{"network": {"name": "x"}}""";
        var refused = await server.PutAsync(path, body, $"revision_number={revision + 1}");
        refused.Error(412, "RevisionNumberConstraintFailed");
        var updated = await server.PutAsync(path, body, $"revision_number={revision}");
        Assert.Equal("x", (string?)updated.Is(200)["network"]["name"]);
        (await server.DeleteAsync(path, $"revision_number={revision}")).Error(412);
        (await server.DeleteAsync(path, $"revision_number={updated["network"]["revision_number"]}")).Is(204);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("revision_number=")]
    [InlineData("revision_number=x")]
    [InlineData("revision_number=-1")]
    [InlineData("revision_number=99999999999999999999")]
    public async Task An_if_match_of_another_form_is_refused(string header)
    {
        var id = await server.CreateNetworkAsync();
        var message = (await server.DeleteAsync($"/v2.0/networks/{id}", header)).Error(400);
        Assert.Contains("If-Match", message, StringComparison.Ordinal);
        (await server.GetAsync($"/v2.0/networks/{id}")).Is(200);
    }

    [Fact]
    public async Task Regression_37_what_cannot_be_done_says_so_and_does_nothing()
    {
        var id = await server.CreateNetworkAsync("kept");
        await MethodIsRefusedAsync(HttpMethod.Post, $"/v2.0/networks/{id}", "GET, HEAD, PUT, DELETE");
        await MethodIsRefusedAsync(HttpMethod.Patch, $"/v2.0/networks/{id}", "GET, HEAD, PUT, DELETE");
        await MethodIsRefusedAsync(HttpMethod.Put, "/v2.0/networks", "GET, HEAD, POST");
        await MethodIsRefusedAsync(HttpMethod.Delete, "/v2.0/networks/", "GET, HEAD, POST");
        await MethodIsRefusedAsync(HttpMethod.Post, "/v2.0/agents", "GET, HEAD");
        await MethodIsRefusedAsync(HttpMethod.Delete, "/v2.0/availability_zones/x", "GET, HEAD");
        await MethodIsRefusedAsync(HttpMethod.Post, "/v2.0/extensions", "GET, HEAD");
        await MethodIsRefusedAsync(HttpMethod.Delete, "/", "GET, HEAD");
        Assert.Equal("kept", (string?)(await server.GetAsync($"/v2.0/networks/{id}"))["network"]["name"]);
    }

    private async Task MethodIsRefusedAsync(HttpMethod method, string path, string allowed)
    {
        var answer = await server.SendAsync(method, path, """{"network": {}}""");
        answer.Error(405, "HTTPMethodNotAllowed");
        Assert.Equal(allowed, string.Join(", ", answer.Response.Content.Headers.Allow));
    }
}

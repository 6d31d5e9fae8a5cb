namespace Alcor.Server.Tests;

public sealed class LogApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Logs = "/v2.0/log/logs";
    private const string NoSuchId = "0e0e0e0e-0000-4000-8000-000000000000";

    [Fact]
    public async Task A_log_has_neutrons_shape_and_defaults_and_is_changed()
    {
        var log = (await CreateAsync("")).Is(201)["log"].AsObject();
        Assert.Equal(
            [
                "created_at", "description", "enabled", "event", "id", "name", "project_id", "resource_id",
                "resource_type", "revision_number", "target_id", "tenant_id", "updated_at",
            ],
            log.Select(member => member.Key).Order());
        Assert.Equal(
            ("", "security_group", null, null, "ALL", true),
            ((string)log["name"]!, (string)log["resource_type"]!, (string?)log["resource_id"],
                (string?)log["target_id"], (string)log["event"]!, (bool)log["enabled"]!));
        var changed = await server.PutAsync(
            $"{Logs}/{log["id"]}", """{"log": {"name": "n", "description": "d", "enabled": false}}""");
        Assert.Equal(
            ("n", "d", false),
            ((string)changed.Is(200)["log"]["name"]!, (string)changed["log"]["description"]!,
                (bool)changed["log"]["enabled"]!));
        (await server.PutAsync($"{Logs}/{log["id"]}", """{"log": {"event": "DROP"}}""")).Error(400, "HTTPBadRequest");
        (await server.DeleteAsync($"{Logs}/{log["id"]}")).Is(204);
        (await server.GetAsync($"{Logs}/{log["id"]}")).Error(404, "LogResourceNotFound");
    }

    [Fact]
    public async Task What_can_be_logged_is_listed() => Assert.Equal(
        """[{"type":"security_group"}]""",
        (await server.GetAsync("/v2.0/log/loggable-resources")).Is(200)["loggable_resources"].ToJsonString());

    [Theory]
    [InlineData($$"""{"resource_type": "security_group", "resource_id": "{{NoSuchId}}"}""", 404, "ResourceNotFound")]
    [InlineData(
        $$"""{"resource_type": "security_group", "target_id": "{{NoSuchId}}"}""", 404, "TargetResourceNotFound")]
    [InlineData("""{"resource_type": "snat"}""", 400, "InvalidLogResourceType")]
    [InlineData("""{"resource_type": "security_group", "event": "MAYBE"}""", 400, "HTTPBadRequest")]
    [InlineData("""{"resource_type": "security_group", "resource_id": "x"}""", 400, "HTTPBadRequest")]
    [InlineData("{}", 400, "HTTPBadRequest")]
    public async Task A_log_of_nothing_is_refused(string log, int status, string type) =>
        (await server.PostAsync(Logs, $$"""{"log": {{log}}}""")).Error(status, type);

    [Fact]
    public async Task A_log_ends_with_what_it_is_of()
    {
        var network = await server.CreateNetworkAsync();
        var group = (await server.PostAsync("/v2.0/security-groups", """{"security_group": {"name": "g"}}"""))
            .Is(201)["security_group"]["id"];
        var port = (string)(await server.CreatePortAsync(network))["id"]!;
        (await CreateAsync($", \"resource_id\": \"{group}\", \"target_id\": \"{port}\""))
            .Error(400, "InvalidResourceConstraint");
        var ofGroup = (await CreateAsync($", \"resource_id\": \"{group}\"")).Is(201)["log"]["id"];
        var ofPort = (await CreateAsync($", \"target_id\": \"{port}\"")).Is(201)["log"]["id"];
        Assert.Equal([$"{ofGroup}"], await ListAsync($"?resource_id={group}"));
        Assert.Equal([$"{ofPort}"], await ListAsync($"?target_id={port}"));
        (await server.DeleteAsync($"/v2.0/security-groups/{group}")).Is(204);
        (await server.DeleteAsync($"/v2.0/ports/{port}")).Is(204);
        Assert.Empty(await ListAsync($"?id={ofGroup}&id={ofPort}"));
    }

    [Fact]
    public async Task A_log_ends_with_the_router_interface_that_its_port_became()
    {
        var network = await server.CreateNetworkAsync();
        await server.CreateSubnetAsync(network, "10.1.0.0/24");
        var router = (await server.PostAsync("/v2.0/routers", """{"router": {}}""")).Is(201)["router"]["id"];
        var port = (string)(await server.CreatePortAsync(network))["id"]!;
        var log = (await CreateAsync($", \"target_id\": \"{port}\"")).Is(201)["log"]["id"];
        var body = $$"""{"port_id": "{{port}}"}""";
        (await server.PutAsync($"/v2.0/routers/{router}/add_router_interface", body)).Is(200);
        (await server.PutAsync($"/v2.0/routers/{router}/remove_router_interface", body)).Is(200);
        (await server.GetAsync($"{Logs}/{log}")).Error(404, "LogResourceNotFound");
    }

    [Fact]
    public async Task Packets_that_pass_the_switch_by_are_not_logged()
    {
        var network = await server.CreateNetworkAsync();
        var body = $$$"""{"port": {"network_id": "{{{network}}}", "binding:vnic_type": "direct"}}""";
        var port = (await server.PostAsync("/v2.0/ports", body)).Is(201)["port"]["id"];
        (await CreateAsync($", \"target_id\": \"{port}\"")).Error(409, "LoggingTypeNotSupported");
    }

    private Task<Answer> CreateAsync(string more) =>
        server.PostAsync(Logs, $$$"""{"log": {"resource_type": "security_group"{{{more}}} } }""");

    private async Task<IEnumerable<string>> ListAsync(string query) =>
        (await server.GetAsync($"{Logs}{query}")).Is(200)["logs"].AsArray().Select(log => (string)log!["id"]!);
}

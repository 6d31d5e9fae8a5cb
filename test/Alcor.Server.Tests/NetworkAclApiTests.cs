namespace Alcor.Server.Tests;

public sealed class NetworkAclApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly (string, string)[] Member = [("X-Roles", "member,reader"), ("X-Project-Id", "owner")];

    [Fact]
    public async Task A_member_makes_an_acl_and_its_rules_which_are_shown_in_it()
    {
        var id = await AclAsync();
        await AddAsync(id, 200, "deny");
        await AddAsync(id, 100, "allow");
        var acl = (await SendAsync(HttpMethod.Get, $"/v1/network-acls/{id}", null)).Is(200)["network_acl"];
        Assert.Equal(("owner", "deny"), ((string?)acl["project_id"], (string?)acl["default_action"]));
        Assert.Equal(
            [(100, "allow"), (200, "deny")],
            acl["rules"]!.AsArray().Select(rule => ((int)rule!["number"]!, (string)rule["action"]!)));
        Assert.Equal(
            ["100", "200"],
            await server.ListAsync(
                $"/v1/network_acl_rules?network_acl_id={id}&sort_key=number&sort_dir=asc", "number"));
        (await SendAsync(HttpMethod.Delete, $"/v1/network-acls/{id}", null)).Is(204);
        Assert.Empty(await server.ListAsync($"/v1/network_acl_rules?network_acl_id={id}", "id"));
    }

    [Theory]
    [InlineData("\"number\": 0")]
    [InlineData("\"number\": 32767")]
    [InlineData("\"number\": 5, \"action\": \"reject\"")]
    [InlineData("\"number\": 5, \"port_range_min\": 65536")]
    [InlineData("\"number\": 5, \"icmp_type\": 256")]
    public async Task What_no_rule_can_have_is_refused(string wrong)
    {
        var action = wrong.Contains("action", StringComparison.Ordinal) ? "" : "\"action\": \"allow\",";
        var body = $$$"""
            {"network_acl_rule": {"network_acl_id": "{{{await AclAsync()}}}", "direction": "egress", {{{action}}}
             {{{wrong}}}}}
            """;
        (await SendAsync(HttpMethod.Post, "/v1/network-acl-rules", body)).Error(400, "HTTPBadRequest");
    }

    [Fact]
    public async Task A_project_has_no_more_acls_and_rules_than_its_quotas()
    {
        (await server.PutAsync("/v2.0/quotas/few", """{"quota": {"network_acl": 1, "network_acl_rule": 1}}""")).Is(200);
        const string acl = """{"network_acl": {"project_id": "few"}}""";
        var id = (string)(await server.PostAsync("/v1/network-acls", acl)).Is(201)["network_acl"]["id"]!;
        Assert.Equal(
            "Quota exceeded for resources: ['network_acl'].",
            (await server.PostAsync("/v1/network-acls", acl)).Error(409, "OverQuota"));
        // A rule counts for the owner of its ACL, whoever makes it.
        (await server.PostAsync("/v1/network-acl-rules", Rule(id, 1, "allow"))).Is(201);
        (await server.PostAsync("/v1/network-acl-rules", Rule(id, 2, "allow"))).Error(409, "OverQuota");
    }

    [Fact]
    public async Task A_subnet_of_another_project_is_not_there_for_a_member()
    {
        var subnet = await server.CreateSubnetAsync(await server.CreateNetworkAsync(), "10.6.0.0/24");
        var body = $$$"""{"network_acl": {"subnet_ids": ["{{{subnet}}}"]}}""";
        (await SendAsync(HttpMethod.Post, "/v1/network-acls", body)).Error(404, "SubnetNotFound");
        var id = (string)(await server.PostAsync("/v1/network-acls", body)).Is(201)["network_acl"]["id"]!;
        Assert.Equal([id], await server.ListAsync($"/v1/network_acls?subnet_ids={subnet}", "id"));
        (await server.DeleteAsync($"/v2.0/subnets/{subnet}")).Is(204);
        Assert.Empty((await server.GetAsync($"/v1/network-acls/{id}")).Is(200)["network_acl"]["subnet_ids"]!.AsArray());
    }

    private async Task<string> AclAsync() => (string)(await SendAsync(
        HttpMethod.Post, "/v1/network-acls", """{"network_acl": {"name": "web"}}""")).Is(201)["network_acl"]["id"]!;

    private async Task AddAsync(string acl, int number, string action) =>
        (await SendAsync(HttpMethod.Post, "/v1/network-acl-rules", Rule(acl, number, action))).Is(201);

    private static string Rule(string acl, int number, string action) => $$$"""
        {"network_acl_rule": {"network_acl_id": "{{{acl}}}", "number": {{{number}}}, "direction": "ingress",
         "action": "{{{action}}}", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22}}
        """;

    private Task<Answer> SendAsync(HttpMethod method, string path, string? body) =>
        server.SendAsync(method, path, body, Member);
}

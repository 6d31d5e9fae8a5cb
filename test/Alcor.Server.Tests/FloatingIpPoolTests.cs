namespace Alcor.Server.Tests;

public sealed class FloatingIpPoolTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Pools = "/v2.0/floatingip_pools";

    [Fact]
    public async Task The_pools_are_the_ipv4_subnets_of_the_external_networks_that_one_sees()
    {
        var inside = await server.CreateNetworkAsync();
        await server.CreateSubnetAsync(inside, "10.0.0.0/24");
        var outside = (string)(await server.PostAsync(
            "/v2.0/networks", """{"network": {"router:external": true}}""")).Is(201)["network"]["id"]!;
        var subnet = await server.CreateSubnetAsync(outside, "203.0.113.0/24");
        var six = $$$"""{"subnet": {"network_id": "{{{outside}}}", "ip_version": 6, "cidr": "2001:db8::/64"}}""";
        (await server.PostAsync("/v2.0/subnets", six)).Is(201);
        (await server.PutAsync($"/v2.0/subnets/{subnet}", """{"subnet": {"name": "public"}}""")).Is(200);

        var pool = Assert.Single((await ListAsync("")).AsArray())!.AsObject();
        Assert.Equal(
            $$"""
            {"subnet_id":"{{subnet}}","subnet_name":"public","network_id":"{{outside}}","cidr":"203.0.113.0/24",
            "project_id":"tenant","tenant_id":"tenant"}
            """.ReplaceLineEndings(""),
            pool.ToJsonString());
        Assert.Single((await ListAsync($"?network_id={outside}")).AsArray());
        Assert.Empty((await ListAsync($"?network_id={inside}")).AsArray());

        var policies = (await server.GetAsync($"/v2.0/rbac-policies?object_id={outside}")).Is(200)["rbac_policies"];
        (await server.PutAsync(
            $"/v2.0/rbac-policies/{policies[0]!["id"]}", """{"rbac_policy": {"target_tenant": "friend"}}""")).Is(200);
        Assert.Empty((await ListAsync("")).AsArray());
        (await server.GetAsync($"{Pools}/{subnet}")).Is(200);
        (await AskAsync($"{Pools}/{subnet}")).Error(404);
    }

    private async Task<System.Text.Json.Nodes.JsonNode> ListAsync(string query) =>
        (await AskAsync($"{Pools}{query}")).Is(200)["floatingip_pools"];

    private Task<Answer> AskAsync(string path) => server.SendAsync(
        HttpMethod.Get, path, body: null, ("X-Project-Id", "tenant"), ("X-Roles", "member,reader"));
}

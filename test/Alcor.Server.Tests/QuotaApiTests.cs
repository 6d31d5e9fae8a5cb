using System.Text.Json.Nodes;
using Alcor.Network;
using Alcor.Network.Quotas;

namespace Alcor.Server.Tests;

public sealed class QuotaApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_project_has_the_default_quotas_until_it_has_its_own_and_again_afterwards()
    {
        const string defaults =
            "network 100, subnet 100, subnetpool -1, port 500, router 10, floatingip 50, rbac_policy 10, "
            + "security_group 10, security_group_rule 100, trunk -1, network_acl 10, network_acl_rule 100";
        Assert.Equal(defaults, Text(await QuotaAsync("fresh")));
        (await server.DeleteAsync("/v2.0/quotas/fresh")).Error(404, "TenantQuotaNotFound");
        Assert.Equal(7, (int?)(await SetAsync("fresh", """{"network": "7"}""")).Is(200)["quota"]["network"]);
        await SetAsync("fresh", """{"port": 0, "force": true}""");
        var listed = (await server.GetAsync("/v2.0/quotas")).Is(200)["quotas"].AsArray()
            .Single(quota => (string?)quota!["project_id"] == "fresh")!;
        Assert.Equal((7, 0, 100), ((int?)listed["network"], (int?)listed["port"], (int?)listed["subnet"]));
        Assert.Equal("fresh", (string?)listed["tenant_id"]);
        Assert.Equal(defaults, Text(await QuotaAsync("fresh/default")));
        (await server.DeleteAsync("/v2.0/quotas/fresh")).Is(204);
        Assert.Equal(defaults, Text(await QuotaAsync("fresh")));
    }

    [Theory]
    [InlineData("""{"network": -2}""", "HTTPBadRequest", "Reason: '-2' is too small - must be at least '-1'")]
    [InlineData("""{"network": 2147483648}""", "HTTPBadRequest", "must be no larger than '2147483647'")]
    [InlineData("""{"network": "x"}""", "InvalidInput", "'x' is not an integer")]
    [InlineData("""{"network": null}""", "InvalidInput", "'None' is not an integer")]
    [InlineData("""{"foo": 1}""", "HTTPBadRequest", "Unrecognized attribute(s) 'foo'")]
    [InlineData("3", "HTTPBadRequest", "Unable to find 'quota' in request body")]
    public async Task A_limit_that_is_none_is_refused(string quota, string type, string message) =>
        Assert.Contains(
            message, (await SetAsync("wrong", quota)).Error(400, type), StringComparison.Ordinal);

    [Fact]
    public async Task What_is_created_counts_and_is_refused_above_the_limit()
    {
        await SetAsync("full", """{"network": 2, "security_group": 2}""");
        const string network = """{"network": {"project_id": "full"}}""";
        (await server.PostAsync("/v2.0/networks", network)).Is(201);
        (await server.PostAsync("/v2.0/networks", network)).Is(201);
        var refused = await server.PostAsync("/v2.0/networks", network);
        Assert.Equal("Quota exceeded for resources: ['network'].", refused.Error(409, "OverQuota"));
        const string group = """{"security_group": {"project_id": "full"}}""";
        (await server.PostAsync("/v2.0/security-groups", group)).Is(201);
        (await server.PostAsync("/v2.0/security-groups", group)).Error(409, "OverQuota");
        var details = await QuotaAsync("full/details.json");
        Assert.Equal("""{"limit":2,"used":2,"reserved":0}""", details["network"]!.ToJsonString());
        Assert.Equal("""{"limit":2,"used":2,"reserved":0}""", details["security_group"]!.ToJsonString());
        Assert.Equal(6, (int?)details["security_group_rule"]!["used"]);
        Assert.Equal(
            "Quota limit 1 for network must be greater than or equal to already used 2",
            (await SetAsync("full", """{"network": 1, "check_limit": true}""")).Error(400, "HTTPBadRequest"));
        (await SetAsync("full", """{"network": 1}""")).Is(200);
        (await SetAsync("full", """{"network": 2, "check_limit": true}""")).Is(200);
    }

    [Theory]
    [InlineData("tenant")]
    [InlineData("project")]
    public async Task A_caller_learns_its_project(string name)
    {
        var answer = await server.SendAsync(HttpMethod.Get, $"/v2.0/quotas/{name}", null, ("X-Project-Id", "mine"));
        Assert.Equal($$$"""{"{{{name}}}":{"{{{name}}}_id":"mine"}}""", answer.Is(200).Json!.ToJsonString());
        (await server.GetAsync($"/v2.0/quotas/{name}")).Error(400, "QuotaMissingTenant");
    }

    [Fact]
    public void Options_replace_single_defaults()
    {
        var limits = QuotaLimit.Override(
            new NetworkSettings().Quotas, [QuotaLimit.Parse("port=1"), QuotaLimit.Parse("port=-1")]);
        Assert.Equal(new NetworkSettings().Quotas.Length, limits.Length);
        Assert.Equal([-1, 100], limits.Where(l => l.Type is "port" or "subnet").Select(l => l.Limit).Order());
        Assert.Throws<FormatException>(() => QuotaLimit.Parse("foo=1"));
        Assert.Throws<FormatException>(() => QuotaLimit.Parse("port=-2"));
        Assert.Throws<FormatException>(() => QuotaLimit.Parse("port"));
    }

    private static string Text(JsonNode quota) =>
        string.Join(", ", quota.AsObject().Select(limit => $"{limit.Key} {limit.Value}"));

    private async Task<JsonNode> QuotaAsync(string path) =>
        (await server.GetAsync($"/v2.0/quotas/{path}")).Is(200)["quota"];

    private Task<Answer> SetAsync(string project, string quota) =>
        server.PutAsync($"/v2.0/quotas/{project}", $$"""{"quota": {{quota}}}""");
}

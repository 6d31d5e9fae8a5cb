using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

public sealed class SecurityGroupApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_group_is_shown_with_its_rules_whole()
    {
        var group = await CreateAsync("""{"name": "web"}""");
        Assert.Equal(
            [
                "id", "name", "stateful", "tenant_id", "description", "shared", "security_group_rules", "tags",
                "created_at", "updated_at", "revision_number", "project_id",
            ],
            group.AsObject().Select(member => member.Key));
        var rule = (await server.PostAsync(
            "/v2.0/security-group-rules",
            $$$"""
            {"security_group_rule": {"security_group_id": "{{{group["id"]}}}", "direction": "ingress",
             "protocol": "tcp", "port_range_min": 22, "port_range_max": 22}}
            """)).Is(201)["security_group_rule"];
        Assert.Equal(22, (int?)rule["port_range_min"]);
        foreach (var path in (string[])[$"/v2.0/security-groups/{group["id"]}", "/v2.0/security-groups?name=web"])
        {
            var shown = (await server.GetAsync(path)).Is(200).Json!;
            var rules = (shown["security_group"] ?? shown["security_groups"]![0])!["security_group_rules"]!.AsArray();
            Assert.Equal(3, rules.Count);
            Assert.Contains(rules, one => JsonNode.DeepEquals(one, rule));
            // Nobody described the rules that a group comes with.
            Assert.Equal([null, null, ""], rules.Select(one => (string?)one!["description"]).Order());
        }
    }

    [Fact]
    public async Task A_list_has_the_default_group_of_the_project_that_asks_or_is_asked_for()
    {
        var listed = await server.SendAsync(
            HttpMethod.Get, "/v2.0/security-groups?project_id=blue", null, ("X-Project-Id", "red"));
        var group = Assert.Single(listed.Is(200)["security_groups"].AsArray())!;
        Assert.Equal(("default", "blue"), ((string?)group["name"], (string?)group["project_id"]));
        Assert.Equal(4, group["security_group_rules"]!.AsArray().Count);
        var rules = await server.SendAsync(
            HttpMethod.Get, "/v2.0/security-group-rules", null, ("X-Project-Id", "red"));
        Assert.Equal(4, rules.Is(200)["security_group_rules"].AsArray().Count(r => (string?)r!["project_id"] == "red"));
    }

    [Fact]
    public async Task Regression_items_of_a_list_may_be_in_the_envelope_of_a_single_one()
    {
        const string body = """{"security_groups": [{"security_group": {"name": "a"}}, {"name": "b"}]}""";
        var groups = (await server.PostAsync("/v2.0/security-groups", body)).Is(201)["security_groups"].AsArray();
        Assert.Equal(["a", "b"], groups.Select(group => (string?)group!["name"]));
    }

    [Theory]
    [InlineData("security-groups", "SecurityGroupNotFound")]
    [InlineData("security-group-rules", "SecurityGroupRuleNotFound")]
    [InlineData("address-groups", "AddressGroupNotFound")]
    public async Task What_is_not_there_is_told_with_its_own_type(string collection, string type)
    {
        (await server.GetAsync($"/v2.0/{collection}/nothing")).Error(404, type);
        (await server.DeleteAsync($"/v2.0/{collection}/nothing")).Error(404, type);
    }

    [Fact]
    public async Task Addresses_are_added_and_removed_by_actions()
    {
        var created = (await server.PostAsync(
            "/v2.0/address-groups", """{"address_group": {"addresses": ["10.0.0.1/24"]}}""")).Is(201)["address_group"];
        Assert.Equal(
            ["id", "name", "project_id", "addresses", "description", "tenant_id"],
            created.AsObject().Select(member => member.Key));
        var path = $"/v2.0/address-groups/{created["id"]}";
        var added = await server.PutAsync($"{path}/add_addresses", """{"addresses": ["192.0.2.1"]}""");
        Assert.Equal(
            """["10.0.0.0/24","192.0.2.1/32"]""", added.Is(200)["address_group"]["addresses"]!.ToJsonString());
        (await server.PutAsync($"{path}/add_addresses", """{"addresses": ["192.0.2.1/32"]}"""))
            .Error(400, "AddressesAlreadyExist");
        (await server.PutAsync($"{path}/remove_addresses", """{"addresses": ["192.0.2.2"]}"""))
            .Error(404, "AddressesNotFound");
        (await server.PutAsync(path, """{"address_group": {"addresses": []}}""")).Error(400);
        (await server.DeleteAsync(path)).Is(204);
    }

    [Theory]
    [InlineData("""["10.0.0.1"]""", "'10.0.0.1' isn't a recognized IP subnet cidr, '10.0.0.1/32' is recommended")]
    [InlineData("""["nowhere"]""", "'nowhere' is not a valid IP subnet")]
    [InlineData("""["10.0.0.0/8", "10.0.0.0/8"]""", "Duplicate items in the list: '10.0.0.0/8'")]
    [InlineData("\"10.0.0.0/8\"", "'10.0.0.0/8' is not a list")]
    public async Task Addresses_that_are_none_are_refused(string addresses, string reason)
    {
        var answer = await server.PostAsync(
            "/v2.0/address-groups", $$$"""{"address_group": {"addresses": {{{addresses}}}}}""");
        Assert.Equal($"Invalid input for addresses. Reason: {reason}.", answer.Error(400, "HTTPBadRequest"));
    }

    private async Task<JsonNode> CreateAsync(string attributes) => (await server.PostAsync(
        "/v2.0/security-groups", $$"""{"security_group": {{attributes}}}""")).Is(201)["security_group"];
}

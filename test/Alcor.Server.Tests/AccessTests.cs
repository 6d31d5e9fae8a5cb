namespace Alcor.Server.Tests;

/// <summary>What callers of several roles and projects may see and do, on the policy that Alcor comes with.</summary>
public sealed class AccessTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static (string Name, string Value)[] As(string roles, string project) =>
        [("X-Roles", roles), ("X-Project-Id", project)];

    [Fact]
    public async Task A_member_creates_and_sees_what_is_of_its_project()
    {
        var id = await CreateAsync("member,reader", "mine");
        (await server.SendAsync(HttpMethod.Get, $"/v2.0/networks/{id}", null, As("reader", "mine"))).Is(200);
        (await server.SendAsync(HttpMethod.Get, $"/v2.0/networks/{id}", null, As("admin", "another"))).Is(200);
    }

    [Fact]
    public async Task What_is_of_another_project_is_not_there()
    {
        var id = await CreateAsync("member,reader", "mine");
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            var body = method == HttpMethod.Put ? """{"network": {"name": "x"}}""" : null;
            (await server.SendAsync(method, $"/v2.0/networks/{id}", body, As("member,reader", "theirs")))
                .Error(404, "NetworkNotFound");
        }
        var listed = await server.SendAsync(
            HttpMethod.Get, $"/v2.0/networks?id={id}", null, As("member,reader", "theirs"));
        Assert.Empty(listed.Is(200)["networks"].AsArray());
    }

    [Fact]
    public async Task A_reader_may_look_and_not_touch()
    {
        var id = await CreateAsync("member,reader", "mine");
        var reader = As("reader", "mine");
        (await server.SendAsync(HttpMethod.Post, "/v2.0/networks", """{"network": {}}""", reader))
            .Error(403, "PolicyNotAuthorized");
        (await server.SendAsync(HttpMethod.Put, $"/v2.0/networks/{id}", """{"network": {"name": "x"}}""", reader))
            .Error(403, "PolicyNotAuthorized");
        (await server.SendAsync(HttpMethod.Delete, $"/v2.0/networks/{id}", null, reader))
            .Error(403, "PolicyNotAuthorized");
        (await server.SendAsync(HttpMethod.Put, $"/v2.0/networks/{id}/tags", """{"tags": []}""", reader))
            .Error(403, "PolicyNotAuthorized");
    }

    [Fact]
    public async Task A_qos_policy_is_used_tagged_and_taken_away_by_whom_it_is_shared_with()
    {
        var (admin, member) = (As("admin", "operators"), As("member,reader", "mine"));
        var policy = (await server.SendAsync(HttpMethod.Post, "/v2.0/qos/policies", """{"policy": {}}""", admin))
            .Is(201)["policy"]["id"];
        var rules = $"/v2.0/qos/policies/{policy}/dscp_marking_rules";
        const string mark = """{"dscp_marking_rule": {"dscp_mark": 8}}""";
        var rule = (await server.SendAsync(HttpMethod.Post, rules, mark, admin)).Is(201)["dscp_marking_rule"]["id"];
        var network = $"/v2.0/networks/{await CreateAsync("member,reader", "mine")}";
        (await server.SendAsync(
            HttpMethod.Put, network, $$$"""{"network": {"qos_policy_id": "{{{policy}}}"}}""", admin)).Is(200);
        const string none = """{"network": {"qos_policy_id": null}}""";
        const string tags = """{"tags": ["red"]}""";
        (await server.SendAsync(HttpMethod.Put, network, none, member)).Error(403, "PolicyRemoveAuthorizationError");
        (await server.SendAsync(HttpMethod.Get, $"{rules}/{rule}", null, member)).Error(404, "QosPolicyNotFound");
        (await server.SendAsync(HttpMethod.Put, $"/v2.0/policies/{policy}/tags", tags, member)).Error(404);
        (await server.SendAsync(
            HttpMethod.Put, $"/v2.0/qos/policies/{policy}", """{"policy": {"shared": true}}""", admin)).Is(200);
        (await server.SendAsync(HttpMethod.Get, $"{rules}/{rule}", null, member)).Is(200);
        (await server.SendAsync(HttpMethod.Put, $"/v2.0/policies/{policy}/tags", tags, member)).Is(200);
        (await server.SendAsync(HttpMethod.Put, network, none, member)).Is(200);
    }

    [Fact]
    public async Task A_page_may_begin_behind_what_its_reader_does_not_see()
    {
        var id = await CreateAsync("member,reader", "hidden");
        var page = await server.SendAsync(
            HttpMethod.Get, $"/v2.0/networks?limit=5&marker={id}", null, As("reader", "onlooker"));
        Assert.Empty(page.Is(200)["networks"].AsArray());
    }

    [Fact]
    public async Task Regression_a_shared_address_group_is_shown_but_not_there_to_be_updated()
    {
        var created = await server.SendAsync(
            HttpMethod.Post, "/v2.0/address-groups", """{"address_group": {}}""", As("member,reader", "mine"));
        var id = created.Is(201)["address_group"]["id"];
        var theirs = As("member,reader", "theirs");
        (await server.SendAsync(HttpMethod.Get, $"/v2.0/address-groups/{id}", null, theirs)).Error(404);
        var share = $$$"""
            {"rbac_policy": {"object_type": "address_group", "object_id": "{{{id}}}", "action": "access_as_shared",
             "target_tenant": "theirs"}}
            """;
        (await server.SendAsync(HttpMethod.Post, "/v2.0/rbac-policies", share, As("member,reader", "mine"))).Is(201);
        (await server.SendAsync(HttpMethod.Get, $"/v2.0/address-groups/{id}", null, theirs)).Is(200);
        (await server.SendAsync(
            HttpMethod.Put, $"/v2.0/address-groups/{id}", """{"address_group": {"name": "x"}}""", theirs))
            .Error(404, "HTTPNotFound");
        (await server.SendAsync(HttpMethod.Delete, $"/v2.0/address-groups/{id}", null, theirs))
            .Error(403, "PolicyNotAuthorized");
    }

    [Fact]
    public async Task Attributes_of_administrators_are_hidden_and_refused()
    {
        var id = await CreateAsync("member,reader", "mine");
        var member = As("member,reader", "mine");
        var shown = (await server.SendAsync(HttpMethod.Get, $"/v2.0/networks/{id}", null, member)).Is(200)["network"];
        Assert.Null(shown["provider:network_type"]);
        Assert.NotNull((await server.GetAsync($"/v2.0/networks/{id}")).Is(200)["network"]["provider:network_type"]);
        (await server.SendAsync(
            HttpMethod.Post, "/v2.0/networks", """{"network": {"provider:network_type": "vxlan"}}""", member))
            .Error(403, "PolicyNotAuthorized");
    }

    [Fact]
    public async Task Only_an_administrator_names_another_owner()
    {
        const string body = """{"network": {"project_id": "theirs"}}""";
        (await server.SendAsync(HttpMethod.Post, "/v2.0/networks", body, As("member,reader", "mine")))
            .Error(400, "HTTPBadRequest");
        (await server.SendAsync(HttpMethod.Post, "/v2.0/networks", body, As("admin", "mine"))).Is(201);
    }

    [Fact]
    public async Task A_share_shows_a_network_to_the_project_that_it_names()
    {
        var id = await CreateAsync("member,reader", "mine");
        var share = $$"""
            {"rbac_policy": {"object_type": "network", "object_id": "{{id}}", "action": "access_as_shared",
             "target_tenant": "friend"} }
            """;
        var policy = (await server.SendAsync(
            HttpMethod.Post, "/v2.0/rbac-policies", share, As("member,reader", "mine"))).Is(201)["rbac_policy"];
        (await server.SendAsync(HttpMethod.Get, $"/v2.0/networks/{id}", null, As("reader", "friend"))).Is(200);
        (await server.SendAsync(HttpMethod.Get, $"/v2.0/networks/{id}", null, As("reader", "other")))
            .Error(404, "NetworkNotFound");
        (await server.SendAsync(
            HttpMethod.Delete, $"/v2.0/rbac-policies/{policy["id"]}", null, As("member,reader", "mine"))).Is(204);
        (await server.SendAsync(HttpMethod.Get, $"/v2.0/networks/{id}", null, As("reader", "friend")))
            .Error(404, "NetworkNotFound");
    }

    [Fact]
    public async Task Regression_a_list_shows_as_shared_what_is_shared_with_the_caller()
    {
        var id = await CreateAsync("member,reader", "mine");
        var share = $$"""
            {"rbac_policy": {"object_type": "network", "object_id": "{{id}}", "action": "access_as_shared",
             "target_tenant": "friend"} }
            """;
        (await server.SendAsync(HttpMethod.Post, "/v2.0/rbac-policies", share, As("member,reader", "mine"))).Is(201);
        foreach (var (project, shared) in new[] { ("friend", true), ("mine", false) })
        {
            var listed = await server.SendAsync(HttpMethod.Get, $"/v2.0/networks?id={id}", null, As("reader", project));
            Assert.Equal(shared, (bool)Assert.Single(listed.Is(200)["networks"].AsArray())!["shared"]!);
        }
    }

    private async Task<string> CreateAsync(string roles, string project) =>
        (string)(await server.SendAsync(HttpMethod.Post, "/v2.0/networks", """{"network": {}}""", As(roles, project)))
            .Is(201)["network"]["id"]!;
}

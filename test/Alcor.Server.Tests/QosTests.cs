namespace Alcor.Server.Tests;

public sealed class QosTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_policy_and_its_rules_have_neutrons_shapes()
    {
        var policy = (await server.PostAsync("/v2.0/qos/policies", """{"policy": {"name": "gold"}}"""))
            .Is(201)["policy"]!.AsObject();
        Assert.Equal(
            [
                "created_at", "description", "id", "is_default", "name", "project_id", "revision_number", "rules",
                "shared", "tags", "tenant_id", "updated_at",
            ],
            policy.Select(member => member.Key).Order());
        var rules = $"/v2.0/qos/policies/{policy["id"]}/bandwidth_limit_rules";
        var rule = (await server.PostAsync(rules, """{"bandwidth_limit_rule": {"max_kbps": "1000"}}"""))
            .Is(201)["bandwidth_limit_rule"]!;
        var id = (string)rule["id"]!;
        var shown = $$"""{"max_kbps":1000,"max_burst_kbps":0,"direction":"egress","id":"{{id}}"}""";
        Assert.Equal(shown, rule.ToJsonString());
        Assert.Equal(
            $$"""[{{shown}}]""", (await server.GetAsync(rules)).Is(200)["bandwidth_limit_rules"].ToJsonString());
        Assert.Equal(
            $$"""[{{shown[..^1]}},"qos_policy_id":"{{policy["id"]}}","type":"bandwidth_limit"}]""",
            (await server.GetAsync($"/v2.0/qos/policies/{policy["id"]}"))["policy"]["rules"]!.ToJsonString());
    }

    [Fact]
    public async Task A_rule_is_found_changed_and_deleted_by_its_alias_too()
    {
        var (_, id) = await RuleAsync();
        var alias = $"/v2.0/qos/alias_dscp_marking_rules/{id}";
        Assert.Equal(8, (int)(await server.GetAsync(alias)).Is(200)["alias_dscp_marking_rule"]["dscp_mark"]!);
        var changed = await server.PutAsync(alias, """{"alias_dscp_marking_rule": {"dscp_mark": 10}}""");
        Assert.Equal(10, (int)changed.Is(200)["alias_dscp_marking_rule"]["dscp_mark"]!);
        (await server.DeleteAsync(alias)).Is(204);
        (await server.GetAsync(alias)).Error(404, "QosRuleNotFound");
    }

    [Fact]
    public async Task What_a_policy_guarantees_a_port_is_shown_to_administrators()
    {
        var policy = (string)(await server.PostAsync("/v2.0/qos/policies", """{"policy": {"shared": true}}"""))
            .Is(201)["policy"]["id"]!;
        await server.PostAsync(
            $"/v2.0/qos/policies/{policy}/minimum_packet_rate_rules",
            """{"minimum_packet_rate_rule": {"min_kpps": 7, "direction": "any"}}""");
        var network = await server.CreateNetworkAsync();
        var port = (await server.PostAsync(
            "/v2.0/ports",
            $$$"""
            {"port": {"network_id": "{{{network}}}", "qos_policy_id": "{{{policy}}}", "project_id": "mine"} }
            """))
            .Is(201)["port"];
        var group = (string)port["resource_request"]!["same_subtree"]![0]!;
        var expected = $$$"""
            {"request_groups":[{"id":"{{{group}}}","required":["CUSTOM_VNIC_TYPE_NORMAL"],
            "resources":{"NET_PACKET_RATE_KILOPACKET_PER_SEC":7}}],"same_subtree":["{{{group}}}"]}
            """;
        var listed = (await server.GetAsync($"/v2.0/ports?id={port["id"]}&fields=resource_request")).Is(200)["ports"];
        Assert.Equal(expected.ReplaceLineEndings(""), listed[0]!["resource_request"]!.ToJsonString());
        var member = await server.SendAsync(
            HttpMethod.Get, $"/v2.0/ports/{port["id"]}", null, ("X-Roles", "member,reader"), ("X-Project-Id", "mine"));
        Assert.False(member.Is(200)["port"]!.AsObject().ContainsKey("resource_request"));
        var changed = await server.PutAsync($"/v2.0/ports/{port["id"]}", """{"port": {"qos_policy_id": null}}""");
        Assert.Null(changed.Is(200)["port"]["resource_request"]);
    }

    [Fact]
    public async Task A_floating_ip_shows_the_policy_of_its_network_as_it_is()
    {
        var (policy, _) = await RuleAsync();
        var (own, _) = await RuleAsync();
        var network = (string)(await server.PostAsync(
            "/v2.0/networks", $$$"""{"network": {"router:external": true, "qos_policy_id": "{{{policy}}}"} }"""))
            .Is(201)["network"]["id"]!;
        await server.CreateSubnetAsync(network, "203.0.113.0/24");
        var created = (await server.PostAsync(
            "/v2.0/floatingips",
            $$$"""{"floatingip": {"floating_network_id": "{{{network}}}", "qos_policy_id": "{{{own}}}"} }"""))
            .Is(201)["floatingip"];
        Assert.Equal((own, policy), ((string?)created["qos_policy_id"], (string?)created["qos_network_policy_id"]));
        var one = $"/v2.0/floatingips/{created["id"]}";
        var outside = $"/v2.0/networks/{network}";
        (await server.PutAsync(outside, $$$"""{"network": {"qos_policy_id": "{{{own}}}"} }""")).Is(200);
        var shown = (await server.GetAsync($"{one}?fields=qos_network_policy_id")).Is(200)["floatingip"];
        Assert.Equal($$"""{"qos_network_policy_id":"{{own}}"}""", shown.ToJsonString());
        var listed = (await server.GetAsync($"/v2.0/floatingips?floating_network_id={network}")).Is(200)["floatingips"];
        Assert.Equal(own, (string?)listed[0]!["qos_network_policy_id"]);
        (await server.PutAsync(outside, """{"network": {"qos_policy_id": null}}""")).Is(200);
        Assert.Null((await server.GetAsync(one)).Is(200)["floatingip"]["qos_network_policy_id"]);
        (await server.PutAsync(one, $$$"""{"floatingip": {"qos_network_policy_id": "{{{own}}}"} }""")).Error(400);
    }

    [Fact]
    public async Task A_rule_is_only_below_its_own_policy()
    {
        var (policy, id) = await RuleAsync();
        var (other, _) = await RuleAsync();
        (await server.GetAsync($"/v2.0/qos/policies/{policy}/dscp_marking_rules/{id}")).Is(200);
        (await server.GetAsync($"/v2.0/qos/policies/{other}/dscp_marking_rules/{id}")).Error(404, "QosRuleNotFound");
        (await server.GetAsync($"/v2.0/qos/policies/missing/dscp_marking_rules/{id}")).Error(404, "QosPolicyNotFound");
        (await server.GetAsync($"/v2.0/qos/policies/{other}/dscp_marking_rules?limit=1&marker={id}"))
            .Error(404, "QosRuleNotFound");
        (await server.PostAsync("/v2.0/qos/policies/missing/dscp_marking_rules", Mark(8)))
            .Error(404, "QosPolicyNotFound");
        (await server.PostAsync($"/v2.0/qos/policies/{policy}/dscp_marking_rules", Mark(9)))
            .Error(400, "HTTPBadRequest");
    }

    [Fact]
    public async Task The_types_of_rules_are_listed_by_name_and_shown_with_what_they_can_say()
    {
        var list = (await server.GetAsync("/v2.0/qos/rule-types?all_rules=true")).Is(200)["rule_types"].AsArray();
        Assert.Equal(
            ["bandwidth_limit", "dscp_marking", "minimum_bandwidth", "minimum_packet_rate", "packet_rate_limit"],
            list.Select(type => (string)type!["type"]!));
        var one = (await server.GetAsync("/v2.0/qos/rule-types/minimum_packet_rate")).Is(200)["rule_type"];
        var parameters = one["drivers"]![0]!["supported_parameters"]!.AsArray();
        Assert.Equal(
            """{"start":0,"end":2147483647}""", parameters[0]!["parameter_values"]!.ToJsonString());
        Assert.Equal(
            """
            {"parameter_name":"direction","parameter_values":["any","ingress","egress"],"parameter_type":"choices"}
            """,
            parameters[1]!.ToJsonString());
        (await server.GetAsync("/v2.0/qos/rule-types/missing")).Error(404);
    }

    private static string Mark(int mark) => $$"""
        {
          "dscp_marking_rule": { "dscp_mark": {{mark}} }
        }
        """;

    private async Task<(string Policy, string Rule)> RuleAsync()
    {
        var policy = (string)(await server.PostAsync("/v2.0/qos/policies", """{"policy": {}}"""))["policy"]["id"]!;
        var rule = await server.PostAsync($"/v2.0/qos/policies/{policy}/dscp_marking_rules", Mark(8));
        return (policy, (string)rule.Is(201)["dscp_marking_rule"]["id"]!);
    }
}

namespace Alcor.Server.Tests.Coverage;

/// <summary>Security groups, address groups, quality of service, metering and logging.</summary>
internal static partial class CollectionCases
{
    private const string Policies = "/v2.0/qos/policies";
    private const string Labels = "/v2.0/metering/metering-labels";

    private static IEnumerable<CollectionCase> Groups =>
    [
        new("/v2.0/security-groups", "security_group", "SecurityGroupNotFound")
        {
            Create = _ => Text("""{"name": "group"}"""),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"name": "default"}""", 409, "SecurityGroupDefaultAlreadyExists"),
        },
        new("/v2.0/security-group-rules", "security_group_rule", "SecurityGroupRuleNotFound")
        {
            Create = async stage => $$"""
                {"security_group_id": "{{await stage.IdAsync("/v2.0/security-groups")}}", "direction": "ingress",
                 "protocol": "tcp"}
                """,
            ReadBy = Who.Owner,
            Refused = new(
                $$"""{"security_group_id": "{{Missing}}", "direction": "ingress"}""", 404, "SecurityGroupNotFound"),
        },
        new("/v2.0/address-groups", "address_group", "AddressGroupNotFound")
        {
            Create = _ => Text("""{"name": "group", "addresses": ["10.0.0.1/32"]}"""),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"addresses": ["nowhere"]}""", 400, "HTTPBadRequest"),
            Actions = Actions(
                ("add_addresses", (_, _) => Body("""{"addresses": ["10.0.0.2/32"]}""")),
                ("remove_addresses", (_, _) => Body("""{"addresses": ["10.0.0.1/32"]}"""))),
        },
    ];

    private static IEnumerable<CollectionCase> QualityOfService =>
    [
        new(Policies, "policy", "QosPolicyNotFound")
        {
            Create = _ => Text("""{"name": "policy"}"""),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"name": 5}""", 400, "HTTPBadRequest"),
            WriteBy = Who.Admin,
            TagBy = Who.Member,
        },
        .. Rule("bandwidth_limit_rule", """{"max_kbps": 1000}""", """{"max_kbps": 2000}"""),
        .. Rule("dscp_marking_rule", """{"dscp_mark": 8}""", """{"dscp_mark": 10}"""),
        .. Rule("minimum_bandwidth_rule", """{"min_kbps": 1000}""", """{"min_kbps": 2000}"""),
        .. Rule("minimum_packet_rate_rule", """{"min_kpps": 1000}""", """{"min_kpps": 2000}"""),
        .. Rule("packet_rate_limit_rule", """{"max_kpps": 1000}""", """{"max_kpps": 2000}""").Take(1),
    ];

    private static IEnumerable<CollectionCase> Metering =>
    [
        new(Labels, "metering_label", "MeteringLabelNotFound")
        {
            Create = _ => Text("{}"),
            Refused = new("""{"shared": "maybe"}""", 400, "InvalidInput"),
            WriteBy = Who.Admin,
        },
        new("/v2.0/metering/metering-label-rules", "metering_label_rule", "MeteringLabelRuleNotFound")
        {
            Create = async stage => $$"""
                {"metering_label_id": "{{await stage.IdAsync(Labels)}}", "direction": "ingress",
                 "remote_ip_prefix": "10.0.0.0/24"}
                """,
            Refused = new($$"""{"metering_label_id": "{{Missing}}", "direction": "ingress"}""", 400, "Invalid"),
            WriteBy = Who.Admin,
        },
        new("/v2.0/log/logs", "log", "LogResourceNotFound")
        {
            Create = _ => Text("""{"resource_type": "security_group"}"""),
            Update = """{"enabled": false}""",
            Refused = new("""{"resource_type": "planet"}""", 400, "InvalidLogResourceType"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
    ];

    /// <summary>The rules below their policies, and the same ones without these in the path.</summary>
    private static IEnumerable<CollectionCase> Rule(string name, string create, string update)
    {
        var path = $"{Policies}/{{policy_id}}/{name}s";
        yield return new(path, name, "QosRuleNotFound")
        {
            Parent = Policies,
            Create = _ => Text(create),
            Update = update,
            Refused = new(create.Replace("\": ", "\": -", StringComparison.Ordinal), 400, "HTTPBadRequest"),
            WriteBy = Who.Admin,
        };
        yield return new($"/v2.0/qos/alias_{name}s", $"alias_{name}", "QosRuleNotFound")
        {
            Existing = stage => stage.IdAsync(path),
            Update = update,
            WriteBy = Who.Admin,
        };
    }
}

using static System.Globalization.CultureInfo;

namespace Alcor.Server.Tests.Coverage;

/// <summary>Alcor's own API.</summary>
internal static partial class CollectionCases
{
    public const string Addresses = "/v1/ip-allocations";
    private const string Acls = "/v1/network-acls";
    private const string Pools = "/v1/mac-pools";

    private static IEnumerable<CollectionCase> Native =>
    [
        new("/v1/nodes", "node", "NodeNotFound")
        {
            Create = _ => Text(Node()),
            Update = """{"zone": "east"}""",
            Refused = new("""{"name": "a b", "tunnel_address": "192.0.2.1"}""", 400, "HTTPBadRequest"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
        new("/v1/mac-ranges", "mac_range", "MacRangeNotFound")
        {
            Create = _ => Text($$"""
                {"first": "{{Mac(Stage.Next())}}:00", "last": "{{Mac(Stage.Next())}}:ff", "state": "inactive"}
                """),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"first": "02:00:00:00:00:01", "last": "02:00:00:00:00:00"}""", 400, "HTTPBadRequest"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
        new(Pools, "mac_pool", "MacPoolNotFound")
        {
            Existing = async stage => (string)(await stage.SendAsync("GET", Pools, body: null, stage.Admin)).Is(200)
                ["mac_pools"][0]!["id"]!,
            ReadBy = Who.Admin,
        },
        new(Addresses, "ip_allocation", "IpAllocationNotFound")
        {
            Create = async stage => $$"""{"subnet_id": "{{await stage.IdAsync(Subnets)}}"}""",
            Refused = new($$"""{"subnet_id": "{{Missing}}"}""", 404, "SubnetNotFound"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
        new(Acls, "network_acl", "NetworkAclNotFound")
        {
            Create = _ => Text("""{"name": "acl"}"""),
            Update = """{"name": "renamed"}""",
            Refused = new($$"""{"subnet_ids": ["{{Missing}}"]}""", 404, "SubnetNotFound"),
        },
        new("/v1/network-acl-rules", "network_acl_rule", "NetworkAclRuleNotFound")
        {
            Create = async stage => Rule(await stage.IdAsync(Acls)),
            Update = """{"number": 7}""",
            Refused = new(Rule(Missing), 404, "NetworkAclNotFound"),
        },
        new("/v1/vpcs", "vpc", "NetworkNotFound")
        {
            Create = _ => Text("{}"),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"admin_state_up": "maybe"}""", 400, "InvalidInput"),
        },
        new("/v1/segmentation-ranges", "segmentation_range", "NetworkSegmentRangeNotFound")
        {
            Create = _ => Text($$"""
                {"network_type": "vlan", "physical_network": "own-{{Stage.Next()}}", "minimum": 1, "maximum": 9}
                """),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"network_type": "vlan", "minimum": 5, "maximum": 6}""", 400, "BadRequest"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
    ];

    /// <summary>The attributes of a node that nobody has announced.</summary>
    public static string Node() => $$"""{"name": "node-{{Stage.Next()}}", "tunnel_address": "192.0.2.1"}""";

    private static string Rule(string acl) =>
        $$"""{"network_acl_id": "{{acl}}", "number": 5, "direction": "ingress", "action": "allow"}""";

    /// <summary>Five octets that no other number has.</summary>
    private static string Mac(int number) => $"02:00:00:{(number >> 8).ToString("x2", InvariantCulture)}:"
        + (number & 255).ToString("x2", InvariantCulture);
}

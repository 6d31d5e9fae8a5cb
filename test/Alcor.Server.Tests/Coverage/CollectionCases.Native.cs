using System.Collections.Immutable;

namespace Alcor.Server.Tests.Coverage;

/// <summary>Alcor's own API.</summary>
internal static partial class CollectionCases
{
    private static ImmutableArray<CollectionCase> Native =>
    [
        new("/v1/nodes", "node", "NodeNotFound")
        {
            Create = _ =>
            {
                var unique = Stage.Next();
                return Text($$"""
                    {"name": "node-{{unique}}", "tunnel_address": "10.1.{{unique / 256}}.{{unique % 256}}"}
                    """);
            },
            Update = """{"zone": "east"}""",
            Refused = new("""{"name": "two words", "tunnel_address": "192.0.2.1"}""", 400, "HTTPBadRequest"),
            ReadBy = Who.Admin,
            WriteBy = Who.Admin,
        },
        new("/v1/vpcs", "vpc", "NetworkNotFound")
        {
            Create = _ => Text("{}"),
            Update = """{"name": "renamed"}""",
            Refused = new("""{"admin_state_up": "maybe"}""", 400, "InvalidInput"),
        },
    ];
}

using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>Two hosts, a network with a port on each, and a group that lets TCP 80 in from everywhere.</summary>
internal sealed record TracedRegion(string Network, string Group, string Near, string Far)
{
    public const string NearAddress = "10.7.0.10";
    public const string FarAddress = "10.7.0.20";
    private static int regions;

    /// <param name="project">Of the near port and its group; the far ones are another's, and the network a third
    /// one's.</param>
    public static async Task<TracedRegion> CreateAsync(RunningServer server, string project = "mine")
    {
        var number = Interlocked.Increment(ref regions);
        foreach (var (side, last) in new[] { ("near", 1), ("far", 2) })
        {
            var node = $$$"""
                {"node": {"name": "{{{side}}}-{{{number}}}", "tunnel_address": "192.0.{{{number}}}.{{{last}}}"}}
                """;
            (await server.PostAsync("/v1/nodes", node)).Is(201);
        }
        var network = (string)(await server.CreateAsync("network", new JsonObject
        {
            ["name"] = "shared", ["project_id"] = "common", ["shared"] = true,
        }))["id"]!;
        await server.CreateSubnetAsync(network, "10.7.0.0/24");
        var group = await GroupAsync(server, "theirs");
        var own = await GroupAsync(server, project);
        var near = await PortAsync(server, network, project, $"near-{number}", (NearAddress, own));
        var far = await PortAsync(server, network, "theirs", $"far-{number}", (FarAddress, group));
        return new TracedRegion(network, group, near, far);
    }

    private static async Task<string> GroupAsync(RunningServer server, string project)
    {
        var group = (string)(await server.CreateAsync("security_group", new JsonObject
        {
            ["name"] = $"web-{project}", ["project_id"] = project,
        }))["id"]!;
        await server.CreateAsync("security_group_rule", new JsonObject
        {
            ["security_group_id"] = group, ["direction"] = "ingress", ["protocol"] = "tcp",
            ["port_range_min"] = 80, ["port_range_max"] = 80, ["project_id"] = project,
        });
        return group;
    }

    private static async Task<string> PortAsync(
        RunningServer server, string network, string project, string host, (string Address, string Group) own) =>
        (string)(await server.CreateAsync("port", new JsonObject
        {
            ["network_id"] = network, ["project_id"] = project, ["binding:host_id"] = host, ["name"] = $"port-{host}",
            ["fixed_ips"] = new JsonArray(new JsonObject { ["ip_address"] = own.Address }),
            ["security_groups"] = new JsonArray(own.Group),
        }))["id"]!;
}

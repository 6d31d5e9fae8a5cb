using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>
/// Trunks by what their ports are, and ports with what their trunks are: neither is in what is listed itself.
/// </summary>
public sealed class TrunkListTests(RunningServer server) : IClassFixture<RunningServer>, IAsyncLifetime
{
    private const string Host = "lists";
    private const string Other = "spare";

    /// <summary>Of trunks of this test alone.</summary>
    private readonly string project = $"{Guid.NewGuid():N}";
    private readonly Dictionary<string, string> parents = [];
    private readonly Dictionary<string, string> carried = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var (host, last) in new[] { (Host, 1), (Other, 2) })
        {
            var node = $$$"""{"node": {"name": "{{{host}}}", "tunnel_address": "192.0.2.{{{last}}}"}}""";
            Assert.True((await server.PostAsync("/v1/nodes", node)).Status is 201 or 409);
        }
        await AddAsync("down", "");
        await AddAsync("built", Host);
        await AddAsync("lost", "nowhere");
        // No host has this physical network.
        await AddAsync("poor", Host, new JsonObject
        {
            ["provider:network_type"] = "flat", ["provider:physical_network"] = $"p{project}", ["mtu"] = 900,
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("status=DOWN", "down lost")]
    [InlineData("status=BUILD", "built")]
    [InlineData("status=DEGRADED", "poor")]
    [InlineData("status=ACTIVE", "")]
    [InlineData("status=BUILD&status=DEGRADED", "built poor")]
    [InlineData("status=DOWN&name=lost", "lost")]
    [InlineData("status=BUILD&name=lost", "")]
    [InlineData("status=DOWN&admin_state_up=false", "")]
    [InlineData("status=DOWN&fields=name", "down lost")]
    [InlineData("sort_key=status&sort_dir=asc", "built poor down lost")]
    [InlineData("sort_key=status&sort_dir=desc&sort_key=name&sort_dir=desc", "lost down poor built")]
    [InlineData("sort_key=status&sort_dir=asc&limit=2&marker=poor", "down lost")]
    [InlineData("sort_key=name&sort_dir=asc&status=DOWN&limit=1&marker=down", "lost")]
    [InlineData("sort_key=status&sort_dir=asc&limit=2&marker=down&page_reverse=True", "built poor")]
    public async Task Trunks_are_listed_by_their_status(string query, string names)
    {
        var all = (await server.GetAsync($"/v2.0/trunks?project_id={project}")).Is(200)["trunks"].AsArray();
        foreach (var trunk in all)
            query = query.Replace($"marker={trunk!["name"]}", $"marker={trunk["id"]}", StringComparison.Ordinal);
        var found = await server.ListAsync($"/v2.0/trunks?project_id={project}&{query}", "name");
        var isSorted = query.Contains("sort_key", StringComparison.Ordinal);
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), isSorted ? found : [.. found.Order()]);
    }

    [Fact]
    public async Task A_trunk_is_found_by_every_attribute_that_neutron_filters_by()
    {
        var trunk = (await server.GetAsync($"/v2.0/trunks?name=built&project_id={project}"))["trunks"][0]!.AsObject();
        foreach (var name in new[]
            {
                "id", "name", "port_id", "status", "admin_state_up", "description", "project_id", "tenant_id",
                "revision_number",
            })
        {
            var value = Uri.EscapeDataString($"{trunk[name]}");
            var found = await server.ListAsync($"/v2.0/trunks?{name}={value}&project_id={project}", "name");
            Assert.True(found.Contains("built"), $"{name}={value}");
        }
    }

    [Fact]
    public async Task What_an_action_answers_shows_the_status_that_the_trunk_has_then()
    {
        var id = Assert.Single(await server.ListAsync($"/v2.0/trunks?name=built&project_id={project}", "id"));
        var port = (string)(await server.CreatePortAsync(await server.CreateNetworkAsync()))["id"]!;
        var added = await server.PutAsync($"/v2.0/trunks/{id}/add_subports", SubPorts(port, 9).ToJsonString());
        Assert.Equal("BUILD", (string)added.Is(200)["status"]!);
    }

    [Fact]
    public async Task Trunk_details_are_the_same_wherever_a_port_is_shown()
    {
        var (parent, subport) = (parents["built"], carried["built"]);
        var shown = (await server.GetAsync($"/v2.0/ports/{parent}"))["port"]["trunk_details"]!.ToJsonString();
        Assert.Contains(subport, shown, StringComparison.Ordinal);
        var network = (await server.GetAsync($"/v2.0/ports/{parent}"))["port"]["network_id"];
        foreach (var query in new[]
            {
                $"id={parent}", $"id={parent}&fields=trunk_details", $"network_id={network}",
                $"network_id={network}&fields=id&fields=trunk_details", $"id={parent}&sort_key=name&sort_dir=desc",
                $"binding:host_id={Host}&network_id={network}&limit=1",
            })
        {
            var listed = (await server.GetAsync($"/v2.0/ports?{query}")).Is(200)["ports"].AsArray();
            Assert.Equal(shown, Assert.Single(listed)!["trunk_details"]!.ToJsonString());
        }
        var changed = await server.PutAsync($"/v2.0/ports/{parent}", """{"port": {"description": "carries"}}""");
        Assert.Equal(shown, changed.Is(200)["port"]["trunk_details"]!.ToJsonString());
        var others = (await server.GetAsync($"/v2.0/ports?id={subport}&fields=trunk_details&fields=id"))["ports"];
        Assert.Equal($$"""[{"id":"{{subport}}"}]""", others.ToJsonString());
    }

    [Fact]
    public async Task A_live_migration_shows_the_bindings_of_subports_beside_those_of_their_parent()
    {
        var (parent, subport) = (parents["built"], carried["built"]);
        await server.PutAsync($"/v2.0/ports/{parent}", """{"port": {"device_owner": "compute:nova"}}""");
        var bindings = $"/v2.0/ports/{parent}/bindings";
        (await server.PostAsync(bindings, $$$"""{"binding": {"host": "{{{Other}}}"}}""")).Is(201);
        Assert.Equal($"{Host} ACTIVE, {Other} INACTIVE", await BindingsAsync(subport));
        (await server.PutAsync($"{bindings}/{Other}/activate", "{}")).Is(200);
        Assert.Equal($"{Other} ACTIVE, {Host} INACTIVE", await BindingsAsync(subport));
        Assert.Equal(Other, (string?)(await server.GetAsync($"/v2.0/ports/{subport}"))["port"]["binding:host_id"]);
        (await server.DeleteAsync($"{bindings}/{Host}")).Is(204);
        Assert.Equal($"{Other} ACTIVE", await BindingsAsync(subport));
    }

    private async Task<string> BindingsAsync(string port) => string.Join(
        ", ",
        (await server.GetAsync($"/v2.0/ports/{port}/bindings")).Is(200)["bindings"].AsArray()
            .Select(binding => $"{binding!["host"]} {binding["status"]}")
            .OrderBy(text => text.Split(' ')[1], StringComparer.Ordinal));

    private async Task AddAsync(string name, string host, JsonObject? network = null)
    {
        var parent = (string)(await server.CreatePortAsync(await server.CreateNetworkAsync()))["id"]!;
        var made = await server.CreateAsync("network", network ?? []);
        var subport = (string)(await server.CreatePortAsync((string)made["id"]!))["id"]!;
        var request = SubPorts(subport, 5);
        (request["name"], request["port_id"], request["project_id"]) = (name, parent, project);
        await server.CreateAsync("trunk", request);
        var bind = $$$"""{"port": {"binding:host_id": "{{{host}}}"}}""";
        (await server.PutAsync($"/v2.0/ports/{parent}", bind)).Is(200);
        (parents[name], carried[name]) = (parent, subport);
    }

    private static JsonObject SubPorts(string port, int tag) => new()
    {
        ["sub_ports"] = new JsonArray(new JsonObject
        {
            ["port_id"] = port,
            ["segmentation_type"] = "vlan",
            ["segmentation_id"] = tag,
        }),
    };
}

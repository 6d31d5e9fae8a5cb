namespace Alcor.Server.Tests;

/// <summary>Topologies on request; each test has a region of its own, since that has one default network.</summary>
public sealed class TopologyApiTests : IAsyncLifetime
{
    private const string Project = "renter";

    private readonly RunningServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_topology_is_made_once_shown_as_neutron_shows_it_and_deleted()
    {
        await PrepareAsync();
        var first = (await AskAsync("GET", "None", Project)).Is(200)["auto_allocated_topology"];
        Assert.Equal(["id", "project_id", "tenant_id"], first.AsObject().Select(member => member.Key).Order());
        Assert.Equal(Project, (string?)first["tenant_id"]);
        var network = (await server.GetAsync($"/v2.0/networks/{first["id"]}")).Is(200)["network"];
        Assert.Equal(
            ("auto_allocated_network", true, Project),
            ((string)network["name"]!, (bool)network["admin_state_up"]!, (string)network["project_id"]!));
        Assert.Equal(
            ["auto_allocated_subnet_v4", "auto_allocated_subnet_v6"],
            (await server.ListAsync($"/v2.0/subnets?network_id={first["id"]}", "name")).Order());
        Assert.Equal(["auto_allocated_router"], await server.ListAsync("/v2.0/routers", "name"));
        var owners = await server.ListAsync($"/v2.0/ports?network_id={first["id"]}", "device_owner");
        Assert.Equal(["network:router_interface", "network:router_interface"], owners);

        var again = (await AskAsync("GET", Project, Project)).Is(200)["auto_allocated_topology"];
        Assert.Equal((string?)first["id"], (string?)again["id"]);
        Assert.Single(await server.ListAsync("/v2.0/routers", "id"));

        (await AskAsync("DELETE", "None", Project)).Is(204);
        (await AskAsync("DELETE", "None", Project)).Is(204);
        Assert.Empty(await server.ListAsync("/v2.0/networks?name=auto_allocated_network", "id"));
        Assert.Empty(await server.ListAsync("/v2.0/routers", "id"));
        Assert.Empty(await server.ListAsync("/v2.0/ports", "id"));
    }

    [Fact]
    public async Task Whoever_asks_at_the_same_time_gets_the_same_network()
    {
        await PrepareAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => AskAsync("GET", "None", Project)));
        Assert.Single(answers.Select(answer => (string)answer.Is(200)["auto_allocated_topology"]["id"]!).Distinct());
        Assert.Single(await server.ListAsync("/v2.0/networks?name=auto_allocated_network", "id"));
    }

    [Fact]
    public async Task Projects_that_ask_at_the_same_time_get_networks_of_their_own()
    {
        await PrepareAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => AskAsync("GET", "None", $"tenant-{i}")));
        var ids = answers.Select(answer => (string)answer.Is(200)["auto_allocated_topology"]["id"]!);
        Assert.Equal(12, ids.Distinct().Count());
    }

    [Fact]
    public async Task Without_its_network_a_topology_is_made_anew()
    {
        await PrepareAsync();
        var first = (await AskAsync("GET", "None", Project)).Is(200)["auto_allocated_topology"];
        var router = Assert.Single(await server.ListAsync("/v2.0/routers", "id"));
        foreach (var subnet in await server.ListAsync($"/v2.0/subnets?network_id={first["id"]}", "id"))
        {
            var body = $$"""{"subnet_id": "{{subnet}}"}""";
            (await server.PutAsync($"/v2.0/routers/{router}/remove_router_interface", body)).Is(200);
        }
        (await server.DeleteAsync($"/v2.0/networks/{first["id"]}")).Is(204);
        var second = (await AskAsync("GET", "None", Project)).Is(200)["auto_allocated_topology"];
        Assert.NotEqual((string?)first["id"], (string?)second["id"]);
    }

    [Fact]
    public async Task What_is_missing_is_named_and_nothing_is_left_behind()
    {
        Assert.Contains("No default router:external network", await FailureAsync(""), StringComparison.Ordinal);
        await ExternalAsync();
        Assert.Contains("No default subnetpools", await FailureAsync("?fields=dry-run"), StringComparison.Ordinal);
        Assert.Contains("tenant private network", await FailureAsync(""), StringComparison.Ordinal);
        await PoolAsync("10.1.0.0/16", shared: false);
        Assert.Contains("No default subnetpools", await FailureAsync("?fields=dry-run"), StringComparison.Ordinal);
        (await server.PutAsync($"/v2.0/quotas/{Project}", """{"quota": {"router": 0}}""")).Is(200);
        await PoolAsync("fd00::/48", shared: true);
        (await AskAsync("GET", "None", Project)).Error(409, "OverQuota");
        Assert.Empty(await server.ListAsync("/v2.0/networks?name=auto_allocated_network", "id"));
        Assert.Empty(await server.ListAsync("/v2.0/subnets?name=auto_allocated_subnet_v6", "id"));
        (await AskAsync("GET", "another", Project)).Error(403, "NotAuthorized");
        (await AskAsync("GET", "None?fields=name", Project)).Error(400, "BadRequest");
        (await AskAsync("GET", "None?fields=dry-run", Project)).Is(200);
    }

    private async Task<string> FailureAsync(string query) =>
        (await AskAsync("GET", $"None{query}", Project)).Error(409, "AutoAllocationFailure");

    private async Task PrepareAsync()
    {
        await ExternalAsync();
        await PoolAsync("10.0.0.0/8", shared: true, ", \"default_prefixlen\": 26");
        await PoolAsync("fd00::/48", shared: true);
    }

    private async Task ExternalAsync()
    {
        var network = await server.PostAsync(
            "/v2.0/networks", """{"network": {"router:external": true, "is_default": true}}""");
        await server.CreateSubnetAsync((string)network.Is(201)["network"]["id"]!, "203.0.113.0/24");
    }

    private async Task PoolAsync(string prefix, bool shared, string more = "")
    {
        var pool = $$"""
            {"subnetpool": {"name": "p", "is_default": true, "shared": {{(shared ? 1 : 0)}},
             "prefixes": ["{{prefix}}"]{{more}} } }
            """;
        (await server.PostAsync("/v2.0/subnetpools", pool)).Is(201);
    }

    private Task<Answer> AskAsync(string method, string project, string caller) => server.SendAsync(
        new HttpMethod(method),
        $"/v2.0/auto-allocated-topology/{project}",
        body: null,
        ("X-Project-Id", caller),
        ("X-Roles", "member,reader"));
}

using System.Text.Json.Nodes;
using Alcor.Lab;
using Alcor.Server.Tests;

namespace Alcor.Identity.Tests;

/// <summary>The whole way: the real client, a real Keystone, its catalogue, and the API over HTTP.</summary>
[Collection(RealCloudCollection.Name)]
public sealed class RealClientTests(RealCloud cloud)
{
    private const string Client = "/usr/bin/openstack";
    private const string Region = "RegionOfClient";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_real_client_finds_Alcor_in_the_catalogue_and_authenticates_with_a_password()
    {
        Assert.SkipUnless(File.Exists(Client), $"{Client} is not installed");
        await using var server = await StartAsync();
        await cloud.Api.CreateRegionAsync(Region);
        await cloud.Api.AddEndpointAsync("network", server.Server.Addresses[0], Region);
        var created = JsonNode.Parse(await RunAsync("alice", "demo", "network create -f json hers"))!;
        Assert.Equal(cloud.DemoProjectId, (string?)created["project_id"]);
        var listed = JsonNode.Parse(await RunAsync("alice", "demo", "network list -f json"))!;
        Assert.Equal("hers", (string?)Assert.Single(listed.AsArray())!["Name"]);
    }

    [Fact]
    public async Task The_owner_is_the_tokens_project_whatever_the_headers_say()
    {
        await using var server = await StartAsync();
        const string body = """{"network": {"name": "n"}}""";
        var answer = (await server.SendAsync(
            HttpMethod.Post,
            "/v2.0/networks",
            body,
            ("X-Auth-Token", await cloud.IssueAsync("alice", "demo")),
            ("X-Project-Id", "somebody"),
            ("X-Roles", "admin"))).Is(201);
        Assert.Equal(cloud.DemoProjectId, (string?)answer["network"]["project_id"]);
    }

    [Fact]
    public async Task Each_sees_the_own_project_and_the_administrator_all()
    {
        await using var server = await StartAsync();
        var (alice, bob) = (await cloud.IssueAsync("alice", "demo"), await cloud.IssueAsync("bob", "other"));
        var admin = await cloud.Api.IssueAsync(
            "admin", Testing.Keystone.KeystoneServer.AdminPassword, Testing.Keystone.IdentityApi.ProjectScope("admin"));
        await CreateAsync(server, alice, "of-alice");
        await CreateAsync(server, bob, "of-bob");
        Assert.Equal(["of-alice"], await ListAsync(server, alice));
        Assert.Equal(["of-bob"], await ListAsync(server, bob));
        Assert.Equal(["of-alice", "of-bob"], await ListAsync(server, admin));
        const string provider = """{"network": {"provider:network_type": "vxlan"}}""";
        (await server.SendAsync(HttpMethod.Post, "/v2.0/networks", provider, ("X-Auth-Token", alice))).Error(403);
        (await server.SendAsync(HttpMethod.Post, "/v2.0/networks", provider, ("X-Auth-Token", admin))).Is(201);
    }

    private static async Task CreateAsync(RunningServer server, string token, string name)
    {
        var body = new JsonObject { ["network"] = new JsonObject { ["name"] = name } }.ToJsonString();
        (await server.SendAsync(HttpMethod.Post, "/v2.0/networks", body, ("X-Auth-Token", token))).Is(201);
    }

    private static async Task<List<string?>> ListAsync(RunningServer server, string token)
    {
        var answer = await server.SendAsync(
            HttpMethod.Get, "/v2.0/networks?sort_key=name&sort_dir=asc", body: null, ("X-Auth-Token", token));
        return [.. answer.Is(200)["networks"].AsArray().Select(network => (string?)network!["name"])];
    }

    private async Task<RunningServer> StartAsync()
    {
        var server = new RunningServer(RunningServer.Options with { Keystone = cloud.Options });
        await server.InitializeAsync();
        return server;
    }

    private Task<string> RunAsync(string user, string project, string command) => new CommandLine(
        Client,
        [
            "--os-auth-type", "password",
            "--os-auth-url", cloud.Keystone.Url.AbsoluteUri,
            "--os-username", user,
            "--os-password", user,
            "--os-project-name", project,
            "--os-user-domain-name", "Default",
            "--os-project-domain-name", "Default",
            "--os-identity-api-version", "3",
            "--os-region-name", Region,
            .. command.Split(' '),
        ]).OutputAsync(Cancelled);
}

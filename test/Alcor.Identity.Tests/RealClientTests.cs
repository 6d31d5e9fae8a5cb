using System.Text.Json.Nodes;
using Alcor.Lab;
using Alcor.Server.Tests;

namespace Alcor.Identity.Tests;

/// <summary>The whole way: the real client, a real Keystone, its catalogue, and the API over HTTP.</summary>
[Collection(RealCloudCollection.Name)]
public sealed class RealClientTests(RealCloud cloud)
{
    private const string Client = "/usr/bin/openstack";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_real_client_finds_Alcor_in_the_catalogue_and_authenticates_with_a_password()
    {
        Assert.SkipUnless(File.Exists(Client), $"{Client} is not installed");
        await using var server = await StartAsync();
        await cloud.Api.AddEndpointAsync("network", server.Server.Addresses[0]);
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
            .. command.Split(' '),
        ]).OutputAsync(Cancelled);
}

using System.Text.Json.Nodes;
using Alcor.Lab;
using Alcor.Server.Identity;
using Alcor.Server.Tests;

namespace Alcor.Identity.Tests;

/// <summary>A server whose Keystone is down: nobody listens on port 1.</summary>
public sealed class GuardedServer : IAsyncLifetime
{
    public static readonly Uri Down = new("http://127.0.0.1:1");

    public RunningServer Server { get; } = new(RunningServer.Options with
    {
        Keystone = new KeystoneOptions(Down, "alcor", "alcor") { AuthenticateUri = "http://127.0.0.1:5000/v3" },
    });

    public ValueTask InitializeAsync() => Server.InitializeAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>What passes without a token, and how the rest is answered.</summary>
public sealed class GateTests(GuardedServer guarded) : IClassFixture<GuardedServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/versions", 200)]
    [InlineData("/openapi/neutron.json", 200)]
    [InlineData("/docs/index.html", 200)]
    [InlineData("/v2.0", 401)]
    [InlineData("/v2.0/", 401)]
    [InlineData("//v2.0/networks", 401)]
    [InlineData("/v2.0.json", 401)]
    [InlineData("/v2.0/networks", 401)]
    [InlineData("/v2.0/extensions", 401)]
    [InlineData("/v2.0/nothing", 401)]
    [InlineData("/V2.0/networks", 401)]
    [InlineData("/docs/../v2.0/networks", 401)]
    [InlineData("/docs/%2e%2e/v2.0/networks", 401)]
    [InlineData("/nothing", 401)]
    public async Task Only_versions_and_documentation_need_no_token(string path, int status)
    {
        // As it stands: a Uri would shorten it first.
        using var client = new System.Net.Sockets.TcpClient();
        var address = guarded.Server.Http.BaseAddress!;
        await client.ConnectAsync(address.Host, address.Port, Cancelled);
        await using var stream = client.GetStream();
        await using var writer = new StreamWriter(stream, leaveOpen: true);
        await writer.WriteAsync($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n");
        await writer.FlushAsync(Cancelled);
        using var reader = new StreamReader(stream);
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_are_those_of_auth_token()
    {
        Assert.SkipUnless(
            File.Exists("/usr/lib/python3/dist-packages/keystonemiddleware/__init__.py"),
            "python3-keystonemiddleware is not installed");
        var program = Path.Combine(SourceTree.Root, "test/Alcor.Identity.Tests/auth_token.py");
        var output = await new CommandLine("/usr/bin/python3", program, GuardedServer.Down.AbsoluteUri)
            .OutputAsync(Cancelled);
        var answers = JsonNode.Parse(output)!.AsArray();
        Assert.Equal([401, 401, 401, 503, 503], answers.Select(answer => (int)answer!["status"]!));
        foreach (var expected in answers.Select(answer => answer!))
            await CompareAsync(expected);
    }

    private async Task CompareAsync(JsonNode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2.0/networks");
        foreach (var (name, value) in expected["headers"]!.AsObject())
            request.Headers.Add(name, (string?)value);
        using var response = await guarded.Server.Http.SendAsync(request, Cancelled);
        Assert.Equal((int?)expected["status"], (int)response.StatusCode);
        Assert.Equal((string?)expected["type"], response.Content.Headers.ContentType?.ToString());
        Assert.Equal((string?)expected["challenge"] ?? "", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal((string?)expected["body"], await response.Content.ReadAsStringAsync(Cancelled));
    }
}

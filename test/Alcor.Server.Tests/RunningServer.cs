using System.Text;
using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>A server of its own, in memory, on a free port, and a client of it.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly ServerOptions options;

    public RunningServer()
        : this(Options)
    {
    }

    internal RunningServer(ServerOptions options) => this.options = options;

    public AlcorServer Server { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    /// <summary>How tests start servers: nothing of it is seen from outside this machine.</summary>
    public static ServerOptions Options { get; } = new()
    {
        Listen = ["http://127.0.0.1:0"],
        Southbound = ["http://127.0.0.1:0"],
        Roles = ServerRoles.Api,
    };

    public async ValueTask InitializeAsync()
    {
        Server = await AlcorServer.StartAsync(options, CancellationToken.None);
        Http.BaseAddress = new Uri(Server.Addresses[0]);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>What a request was answered with.</summary>
public sealed record Answer(int Status, JsonNode? Json, HttpResponseMessage Response)
{
    public JsonNode this[string member] => Json![member]!;

    /// <summary>The message of a NeutronError of the status; the answer must be one, whole.</summary>
    public string Error(int status, string? type = null)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Json?.ToJsonString()}");
        var error = Json!["NeutronError"]!.AsObject();
        Assert.Equal(["type", "message", "detail"], error.Select(member => member.Key));
        if (type is not null)
            Assert.Equal(type, (string?)error["type"]);
        Assert.Equal("application/json", Response.Content.Headers.ContentType?.MediaType);
        return (string)error["message"]!;
    }

    public Answer Is(int status)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Json?.ToJsonString()}");
        return this;
    }
}

/// <summary>The Networking API in the words of the tests.</summary>
public static class ApiCalls
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task<Answer> GetAsync(this RunningServer server, string path) =>
        server.SendAsync(HttpMethod.Get, path, body: null);

    public static Task<Answer> PostAsync(this RunningServer server, string path, string body) =>
        server.SendAsync(HttpMethod.Post, path, body);

    public static Task<Answer> PutAsync(this RunningServer server, string path, string body, string? ifMatch = null) =>
        server.SendAsync(HttpMethod.Put, path, body, ifMatch is null ? [] : [("If-Match", ifMatch)]);

    public static Task<Answer> DeleteAsync(this RunningServer server, string path, string? ifMatch = null) =>
        server.SendAsync(HttpMethod.Delete, path, body: null, ifMatch is null ? [] : [("If-Match", ifMatch)]);

    public static async Task<Answer> SendAsync(
        this RunningServer server,
        HttpMethod method,
        string path,
        string? body,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await server.Http.SendAsync(request, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        return new Answer((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response);
    }

    /// <summary>Creates one and gives its attributes.</summary>
    public static async Task<JsonNode> CreateAsync(this RunningServer server, string type, JsonObject attributes) =>
        (await server.PostAsync($"/v2.0/{type}s", new JsonObject { [type] = attributes }.ToJsonString())).Is(201)[type];

    public static async Task<string> CreateNetworkAsync(this RunningServer server, string name = "net") =>
        (string)(await server.CreateAsync("network", new JsonObject { ["name"] = name }))["id"]!;

    public static async Task<string> CreateSubnetAsync(this RunningServer server, string networkId, string cidr) =>
        (string)(await server.CreateAsync("subnet", new JsonObject
        {
            ["network_id"] = networkId,
            ["cidr"] = cidr,
            ["ip_version"] = 4,
        }))["id"]!;

    public static Task<JsonNode> CreatePortAsync(this RunningServer server, string networkId, string name = "") =>
        server.CreateAsync("port", new JsonObject { ["network_id"] = networkId, ["name"] = name });

    public static async Task<List<string>> ListAsync(this RunningServer server, string path, string attribute)
    {
        var answer = (await server.GetAsync(path)).Is(200);
        var collection = path.Split('/', '?')[2];
        return [.. answer[collection].AsArray().Select(item => item![attribute]!.ToString())];
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Alcor.Testing.Keystone;

/// <summary>The Identity API v3 in the words of the tests, as the administrator that bootstrap made.</summary>
internal sealed class IdentityApi(Uri url) : IDisposable
{
    // A WSGI server closes a connection after its answer without a word: one that is kept may be gone.
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    private string? adminToken;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A scope of the default domain's project of that name.</summary>
    public static JsonObject ProjectScope(string name) => new() { ["project"] = InDefaultDomain(name) };

    public static JsonObject DomainScope => new() { ["domain"] = new JsonObject { ["id"] = "default" } };

    public static JsonObject SystemScope => new() { ["system"] = new JsonObject { ["all"] = true } };

    /// <summary>A token for a user of the default domain.</summary>
    public async Task<string> IssueAsync(string user, string password, JsonObject scope)
    {
        var subject = InDefaultDomain(user);
        subject["password"] = password;
        var body = new JsonObject
        {
            ["auth"] = new JsonObject
            {
                ["identity"] = new JsonObject
                {
                    ["methods"] = new JsonArray("password"),
                    ["password"] = new JsonObject { ["user"] = subject },
                },
                ["scope"] = scope,
            },
        };
        using var request = Request(HttpMethod.Post, "auth/tokens", body);
        using var response = await http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.GetValues("X-Subject-Token").Single();
    }

    public async Task RevokeAsync(string token)
    {
        using var request = Request(HttpMethod.Delete, "auth/tokens", body: null);
        request.Headers.Add("X-Auth-Token", await AdminTokenAsync());
        request.Headers.Add("X-Subject-Token", token);
        using var response = await http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    /// <returns>The project's id.</returns>
    public Task<string> CreateProjectAsync(string name) =>
        CreateAsync("project", new JsonObject { ["name"] = name, ["domain_id"] = "default" });

    /// <returns>The user's id.</returns>
    public Task<string> CreateUserAsync(string name, string password) => CreateAsync(
        "user", new JsonObject { ["name"] = name, ["domain_id"] = "default", ["password"] = password });

    /// <summary>Gives a role, which is made if it is missing.</summary>
    /// <param name="target">Such as <c>projects/ID</c> or <c>domains/default</c>.</param>
    public async Task GrantAsync(string userId, string role, string target)
    {
        var found = (await SendAsync(HttpMethod.Get, $"roles?name={role}", body: null))!["roles"]!.AsArray();
        var roleId = found.Count > 0
            ? (string)found[0]!["id"]!
            : await CreateAsync("role", new JsonObject { ["name"] = role });
        await SendAsync(HttpMethod.Put, $"{target}/users/{userId}/roles/{roleId}", body: null);
    }

    public async Task<string> FindUserAsync(string name)
    {
        var found = (await SendAsync(HttpMethod.Get, $"users?name={name}&domain_id=default", body: null))!;
        return (string)Assert.Single(found["users"]!.AsArray())!["id"]!;
    }

    /// <summary>
    /// Enters a service and its public endpoint into the catalogue. The region has to be the caller's own: a client
    /// that finds several endpoints of a region takes any of them, also that of a test that has ended.
    /// </summary>
    public async Task AddEndpointAsync(string serviceType, string endpoint, string region)
    {
        var service = await CreateAsync("service", new JsonObject { ["type"] = serviceType, ["name"] = serviceType });
        await CreateAsync("endpoint", new JsonObject
        {
            ["service_id"] = service,
            ["interface"] = "public",
            ["region_id"] = region,
            ["url"] = endpoint,
        });
    }

    public Task CreateRegionAsync(string name) =>
        SendAsync(HttpMethod.Put, $"regions/{name}", new JsonObject { ["region"] = new JsonObject() });

    public void Dispose() => http.Dispose();

    private static JsonObject InDefaultDomain(string name) =>
        new() { ["name"] = name, ["domain"] = new JsonObject { ["id"] = "default" } };

    private async Task<string> CreateAsync(string type, JsonObject attributes) =>
        (string)(await SendAsync(HttpMethod.Post, $"{type}s", new JsonObject { [type] = attributes }))![type]!["id"]!;

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = Request(method, path, body);
        request.Headers.Add("X-Auth-Token", await AdminTokenAsync());
        using var response = await http.SendAsync(request, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    private async Task<string> AdminTokenAsync() =>
        adminToken ??= await IssueAsync("admin", KeystoneServer.AdminPassword, ProjectScope("admin"));

    private HttpRequestMessage Request(HttpMethod method, string path, JsonObject? body) => new(method, $"{url}/{path}")
    {
        Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
    };
}

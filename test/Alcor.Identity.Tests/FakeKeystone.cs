using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Alcor.Identity.Tests;

/// <summary>Issues and shows tokens as Keystone does, counts who asks, and misbehaves when a test says so.</summary>
internal sealed class FakeKeystone : IAsyncDisposable
{
    public const string Password = "swordfish";

    private readonly ConcurrentDictionary<string, JsonObject> tokens = new();
    private readonly SteppedTime time;
    private WebApplication? application;
    private int issued;
    private int shown;
    private int busy;
    private int busiest;

    private FakeKeystone(SteppedTime time) => this.time = time;

    public Uri Url { get; private set; } = null!;

    public int Issued => Volatile.Read(ref issued);

    public int Shown => Volatile.Read(ref shown);

    /// <summary>The most requests that were under way at a time.</summary>
    public int Busiest => Volatile.Read(ref busiest);

    /// <summary>What the last question had after its path.</summary>
    public string LastQuery { get; private set; } = "";

    public TimeSpan ServiceTokenLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Runs first; false when it has answered itself.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(true);

    public static async Task<FakeKeystone> StartAsync(SteppedTime time)
    {
        var keystone = new FakeKeystone(time);
        await keystone.StartAsync("http://127.0.0.1:0");
        return keystone;
    }

    /// <summary>A token as it would be issued to a user of a project; the text is the token.</summary>
    public string Add(string token, TimeSpan life, params string[] roles)
    {
        tokens[token] = Describe(life, roles);
        return token;
    }

    public void Revoke(string token) => tokens.TryRemove(token, out _);

    /// <summary>All tokens, that of the service user as well, as if the keys had been thrown away.</summary>
    public void RevokeAll() => tokens.Clear();

    public async Task StopAsync()
    {
        await application!.StopAsync(TestContext.Current.CancellationToken);
        await application.DisposeAsync();
        application = null;
    }

    public Task StartAgainAsync() => StartAsync(Url.AbsoluteUri);

    public async ValueTask DisposeAsync()
    {
        if (application is not null)
            await application.DisposeAsync();
    }

    private async Task StartAsync(string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Logging.ClearProviders();
        application = builder.Build();
        application.Run(AnswerAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        Url = new Uri(application.Urls.Single());
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var now = Interlocked.Increment(ref busy);
        for (var seen = busiest; now > seen; seen = busiest)
            Interlocked.CompareExchange(ref busiest, now, seen);
        try
        {
            Interlocked.Increment(ref http.Request.Method == "POST" ? ref issued : ref shown);
            LastQuery = http.Request.QueryString.Value ?? "";
            if (!await Before(http))
                return;
            await (http.Request.Method == "POST" ? IssueAsync(http) : ShowAsync(http));
        }
        finally
        {
            Interlocked.Decrement(ref busy);
        }
    }

    private async Task IssueAsync(HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body))!;
        var user = body["auth"]!["identity"]!["password"]!["user"]!;
        if ((string?)user["password"] != Password || (string?)user["domain"]!["name"] != "Default")
        {
            http.Response.StatusCode = 401;
            return;
        }
        var token = Add($"service-{Issued}", ServiceTokenLife, "service");
        http.Response.StatusCode = 201;
        http.Response.Headers["X-Subject-Token"] = token;
        await http.Response.WriteAsync(tokens[token].ToJsonString());
    }

    private async Task ShowAsync(HttpContext http)
    {
        var now = time.GetUtcNow();
        if (Find(http, "X-Auth-Token") is not { } own || ExpiresAt(own) < now)
        {
            http.Response.StatusCode = 401;
            return;
        }
        var allowExpired = http.Request.Query["allow_expired"] == "1";
        if (Find(http, "X-Subject-Token") is not { } token || (ExpiresAt(token) < now && !allowExpired))
        {
            http.Response.StatusCode = 404;
            return;
        }
        await http.Response.WriteAsync(token.ToJsonString());
    }

    private JsonObject? Find(HttpContext http, string header) =>
        tokens.TryGetValue(http.Request.Headers[header].ToString(), out var token) ? token : null;

    private static DateTimeOffset ExpiresAt(JsonObject token) => (DateTimeOffset)token["token"]!["expires_at"]!;

    private JsonObject Describe(TimeSpan life, string[] roles) => new()
    {
        ["token"] = new JsonObject
        {
            ["user"] = new JsonObject { ["id"] = "user-id", ["name"] = "user" },
            ["project"] = new JsonObject { ["id"] = "project-id", ["name"] = "project" },
            ["roles"] = new JsonArray([.. roles.Select(role => new JsonObject { ["id"] = "1", ["name"] = role })]),
            ["expires_at"] = time.GetUtcNow() + life,
        },
    };
}

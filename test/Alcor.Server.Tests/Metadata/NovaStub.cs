using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Alcor.Server.Tests.Metadata;

/// <summary>What Nova was asked.</summary>
internal sealed record Asked(string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>A small HTTP server in the place of Nova's metadata API.</summary>
internal sealed class NovaStub : IAsyncDisposable
{
    private readonly WebApplication _application;

    private NovaStub(WebApplication application) => _application = application;

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>What it answers; it has been kept what was asked.</summary>
    public RequestDelegate Answer { get; set; } = http => http.Response.WriteAsync("ami-id\n");

    public Uri Url => new(_application.Urls.Single());

    public static async Task<NovaStub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0,
            listen => listen.Protocols = HttpProtocols.Http1));
        var application = builder.Build();
        var nova = new NovaStub(application);
        application.Run(nova.HandleAsync);
        await application.StartAsync();
        return nova;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue(new Asked(
            http.Request.Method, http.Features.Get<IHttpRequestFeature>()!.RawTarget, body,
            http.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        await Answer(http);
    }
}

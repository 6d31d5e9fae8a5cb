using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Alcor.System.Tests.HostServices;

/// <summary>What Nova's metadata API was asked.</summary>
internal sealed record NovaRequest(
    string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>
/// A small HTTP server in the place of Nova's metadata API: it keeps what it is asked, and says who asked.
/// </summary>
internal sealed class FakeNova : IDisposable
{
    public const int Port = 8775;
    private readonly HttpListener _listener = new();

    public FakeNova(IPAddress address)
    {
        Url = $"http://{address}:{Port}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<NovaRequest> Requests { get; } = new();

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers.AllKeys.OfType<string>()
            .ToDictionary(name => name, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase);
        var request = new NovaRequest(context.Request.HttpMethod, context.Request.RawUrl!, body, headers);
        Requests.Enqueue(request);
        context.Response.Headers["X-From"] = "nova";
        var text = request.Target == "/latest/meta-data/large"
            ? new string('m', 300_000)
            : $"{headers.GetValueOrDefault("X-Instance-ID")} {headers.GetValueOrDefault("X-Forwarded-For")}";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        context.Response.Close();
    }
}

using System.Net;
using System.Text;
using Alcor.Agent.Metadata;
using Alcor.Agent.Services;
using Microsoft.AspNetCore.Http.Features;

namespace Alcor.Server.Metadata;

/// <summary>
/// Passes on to Nova what machines ask of the metadata service, and says there who asks: what Neutron's metadata agent
/// does. Method, path, query, body and the other headers stay as they are, and so does the answer.
/// </summary>
/// <param name="directory">Who is known now; null: the host has not been told everything yet.</param>
internal sealed class MetadataProxy(MetadataOptions options, Func<ServiceDirectory?> directory, TimeProvider time)
    : IDisposable
{
    private static readonly UriCreationOptions AsWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    private readonly string _root = options.Url.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private readonly HttpMessageInvoker _nova = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = MetadataLimits.ConnectTimeout,
        MaxConnectionsPerServer = MetadataLimits.UpstreamConnectionsMax,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    });

    public void Dispose() => _nova.Dispose();

    public async Task HandleAsync(HttpContext http)
    {
        if (directory() is not { } known)
            await RefuseAsync(http, 503, "This host does not know yet which machines it has.");
        else if (http.Connection.RemoteIpAddress is not { } from || known.ClientAt(Plain(from)) is not { } client)
            await RefuseAsync(http, 404, "No port of this host has the address that asks.");
        else if (client.MachineId.Length == 0)
            await RefuseAsync(http, 404, $"The port with the address {client.Address} is of no machine.");
        else if (ProxiedHeaders.PathOf(http) is not { } path)
            await RefuseAsync(http, 400, "The target of the request is not a path.");
        // The answer to TRACE holds what was asked, and so what Nova believes.
        else if (HttpMethods.IsTrace(http.Request.Method) || HttpMethods.IsConnect(http.Request.Method))
            await RefuseAsync(http, 405, $"The metadata service does not know the method {http.Request.Method}.");
        else
            await ForwardAsync(http, path, client);
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private async Task ForwardAsync(HttpContext http, string path, ServiceClient client)
    {
        using var patience = new CancellationTokenSource(options.AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, http.RequestAborted);
        try
        {
            using var request = await RequestAsync(http, path, client);
            using var response = await _nova.SendAsync(request, either.Token);
            await AnswerAsync(http, response, either.Token);
        }
        catch (BadHttpRequestException error)
        {
            await RefuseAsync(http, error.StatusCode, error.Message);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            await RefuseAsync(http, 504, "Nova has not answered in time.");
        }
        catch (OperationCanceledException)
        {
            // The machine has gone.
            http.Abort();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            await RefuseAsync(http, 502, "Nova cannot be reached.");
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpContext http, string path, ServiceClient client)
    {
        if (!Uri.TryCreate(_root + path, AsWritten, out var target))
            throw new BadHttpRequestException("The target of the request is not a path.");
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), target);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            request.Content = new ByteArrayContent(body.ToArray());
        }
        foreach (var (name, values) in ProxiedHeaders.OfRequest(http.Request.Headers))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        foreach (var (name, value) in MetadataIdentity.HeadersOf(client, options.Secret.Span))
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Via", "1.1 alcor");
        return request;
    }

    private static async Task AnswerAsync(
        HttpContext http, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in ProxiedHeaders.OfResponse(response))
            http.Response.Headers[name] = values.ToArray();
        http.Response.ContentLength = response.Content.Headers.ContentLength;
        if (!HttpMethods.IsHead(http.Request.Method) && response.StatusCode != HttpStatusCode.NotModified)
            await response.Content.CopyToAsync(http.Response.Body, cancellationToken);
    }

    private static async Task RefuseAsync(HttpContext http, int status, string reason)
    {
        if (http.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            http.Abort();
            return;
        }
        http.Response.Clear();
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        var body = Encoding.UTF8.GetBytes(reason + "\n");
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, CancellationToken.None);
    }
}

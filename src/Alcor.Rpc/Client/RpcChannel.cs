using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Alcor.Rpc;

/// <summary>
/// Calls methods of one server. Connects when needed and again when the connection was lost; calls that were on a lost
/// connection end with UNAVAILABLE and are not repeated. Safe for use by several threads.
/// </summary>
/// <remarks>
/// A caller's own cancelled token shows as <see cref="OperationCanceledException"/>, everything else that ends a call
/// as <see cref="RpcException"/>, deadlines included.
/// </remarks>
public sealed class RpcChannel : IDisposable
{
    private static readonly MediaTypeHeaderValue ContentType = new(MetadataHeaders.ContentType);
    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;

    /// <param name="address"><c>http://host:port</c> for HTTP/2 by prior knowledge, <c>https://…</c> for TLS.</param>
    /// <param name="options">Limits, TLS, clock; null for the defaults.</param>
    public RpcChannel(Uri address, RpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"{address} is neither http nor https", nameof(address));
        }

        _address = address;
        Options = options ?? new RpcChannelOptions();
        _http = new HttpMessageInvoker(CreateHandler(Options), disposeHandler: true);
    }

    internal RpcChannelOptions Options { get; }

    /// <summary>One request, one response.</summary>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions? options,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        method.RequireKind(RpcMethodKind.Unary);
        await using var call = ClientCall<TRequest, TResponse>.Open(
            this, method, options, Single(request), cancellationToken);
        return await call.ReadSingleAsync();
    }

    /// <summary>
    /// One request, a stream of responses. The call starts with the enumeration and is cancelled by leaving it.
    /// </summary>
    public async IAsyncEnumerable<TResponse> ServerStream<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        method.RequireKind(RpcMethodKind.ServerStream);
        await using var call = ClientCall<TRequest, TResponse>.Open(
            this, method, options, Single(request), cancellationToken);
        await foreach (var response in call.ReadAllAsync(CancellationToken.None))
        {
            yield return response;
        }
    }

    /// <summary>A stream of requests, one response. Stops sending as soon as the server has answered.</summary>
    public async Task<TResponse> ClientStreamAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        IAsyncEnumerable<TRequest> requests,
        RpcCallOptions? options,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(requests);
        method.RequireKind(RpcMethodKind.ClientStream);
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var call = ClientCall<TRequest, TResponse>.Open(
            this, method, options, content: null, cancellationToken);
        var sent = call.SendAllAsync(requests, sending.Token);
        var response = call.ReadSingleAsync();
        if (await Task.WhenAny(sent, response) == sent && sent.Exception?.InnerException is not (null or RpcException))
        {
            // The caller's own sequence failed: its exception is the news, and leaving cancels the call.
            await sent;
        }

        try
        {
            return await response;
        }
        finally
        {
            await sending.CancelAsync();
            await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Opens a call with streams both ways; <paramref name="cancellationToken"/> is of the call, not of the opening.
    /// Returns at once: that no server is there shows in the first send or read.
    /// </summary>
    public IDuplexCall<TRequest, TResponse> Duplex<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        RpcCallOptions? options,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        method.RequireKind(RpcMethodKind.Duplex, RpcMethodKind.ClientStream);
        return ClientCall<TRequest, TResponse>.Open(this, method, options, content: null, cancellationToken);
    }

    /// <summary>Closes the connections; calls under way end with UNAVAILABLE.</summary>
    public void Dispose() => _http.Dispose();

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    internal HttpRequestMessage CreateRequest(string path, HttpContent content, RpcCallOptions options)
    {
        content.Headers.ContentType = ContentType;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation(MetadataHeaders.AcceptEncoding, Frame.AcceptEncoding);
        if (options.Timeout is { } timeout)
        {
            request.Headers.TryAddWithoutValidation(MetadataHeaders.Deadline, Timeout.Format(timeout));
        }

        foreach (var (name, value) in options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private ReadOnlyMemoryContent Single(IMessage request)
    {
        var payload = new Payload(request);
        payload.RequireLength(Options.SendBytesMax);
        var frame = new System.Buffers.ArrayBufferWriter<byte>(Frame.HeaderBytes + (int)payload.Length);
        payload.WriteFrame(frame);
        return new ReadOnlyMemoryContent(frame.WrittenMemory);
    }

    private static SocketsHttpHandler CreateHandler(RpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = options.MultipleConnections,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (options.Tls is not null)
        {
            handler.SslOptions = options.Tls;
        }

        return handler;
    }
}

using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alcor.Rpc;

/// <summary>One call at the server, from its headers to its status.</summary>
internal sealed class ServerCall<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    private readonly HttpContext _http;
    private readonly RpcMethod<TRequest, TResponse> _method;
    private readonly RpcServerOptions _options;
    private readonly MessageWriter<TResponse> _writer;
    private MessageReader<TRequest>? _reader;
    private RpcContext? _context;
    private int _enumerated;

    public ServerCall(HttpContext http, RpcMethod<TRequest, TResponse> method, RpcServerOptions options)
    {
        _http = http;
        _method = method;
        _options = options;
        _writer = new MessageWriter<TResponse>(
            Task.FromResult(http.Response.BodyWriter), options.SendBytesMax, failure => ClientIsGone(failure))
        {
            Starting = () => ServerResponse.AddHeaders(http.Response, _context!.ResponseHeaders),
        };
    }

    public IRpcWriter<TResponse> Writer => _writer;

    public async Task RunAsync(Func<ServerCall<TRequest, TResponse>, RpcContext, Task> handler)
    {
        if (!ServerRequest.IsGrpc(_http))
        {
            return;
        }

        ServerResponse.Prepare(_http);
        if (ServerRequest.Examine(_http, _method.Path, out var timeout, out var gzip) is { } refused)
        {
            ServerResponse.End(_http, hasSent: false, RpcOutcome.From(refused));
            return;
        }

        using var deadline = timeout is { } time
            ? new CancellationTokenSource(time, _options.TimeProvider)
            : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _http.RequestAborted);
        _context = ServerRequest.ToContext(
            _http, _method.Path, _options.TimeProvider.GetUtcNow() + timeout, either.Token);
        _reader = new MessageReader<TRequest>(
            _http.Request.BodyReader, _method.RequestParser, new FrameRules(_options.ReceiveBytesMax, gzip));
        await ServeAsync(handler(this, _context), deadline.Token, either.Token);
    }

    /// <summary>The request of a method that takes exactly one.</summary>
    public async ValueTask<TRequest> ReadSingleAsync(CancellationToken cancellationToken)
    {
        var request = await ReadAsync(cancellationToken)
            ?? throw new RpcException(RpcStatus.Unimplemented, $"{_method} takes one request, none came");
        return await ReadAsync(cancellationToken) is null
            ? request
            : throw new RpcException(RpcStatus.Unimplemented, $"{_method} takes one request, more came");
    }

    public async IAsyncEnumerable<TRequest> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _enumerated, 1) == 1)
        {
            throw new InvalidOperationException("the requests of a call can be enumerated once");
        }

        while (await ReadAsync(cancellationToken) is { } request)
        {
            yield return request;
        }
    }

    public ValueTask SendLastAsync(TResponse response, CancellationToken cancellationToken) =>
        _writer.SendLastAsync(response, cancellationToken);

    private async ValueTask<TRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader!.ReadAsync(cancellationToken);
        }
        catch (IOException lost)
        {
            throw ClientIsGone(lost);
        }
    }

    private OperationCanceledException ClientIsGone(Exception? failure) =>
        new("the client cancelled the call or its connection was lost", failure, _http.RequestAborted);

    /// <summary>
    /// Answers when the handler has ended or its time is over, whichever is first; returns only when the handler has
    /// ended, since it holds on to the request until then.
    /// </summary>
    private async Task ServeAsync(Task handling, CancellationToken deadline, CancellationToken either)
    {
        RpcOutcome outcome;
        try
        {
            await handling.WaitAsync(either);
            outcome = new RpcOutcome(RpcStatus.Ok, "", []);
        }
        catch (Exception) when (deadline.IsCancellationRequested)
        {
            outcome = new RpcOutcome(RpcStatus.DeadlineExceeded, "the deadline passed", []);
        }
        catch (Exception) when (either.IsCancellationRequested || _http.RequestAborted.IsCancellationRequested)
        {
            outcome = new RpcOutcome(RpcStatus.Cancelled, "the client cancelled the call", []);
        }
        catch (RpcException chosen)
        {
            outcome = RpcOutcome.From(chosen);
        }
        catch (Exception failure)
        {
            Log(failure);
            outcome = new RpcOutcome(RpcStatus.Unknown, "the handler failed", []);
        }

        await EndAsync(outcome, early: !handling.IsCompleted, either);
        await handling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndAsync(RpcOutcome outcome, bool early, CancellationToken either)
    {
        if (_http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        try
        {
            using var grace = new CancellationTokenSource(RpcLimits.CloseGrace);
            await _writer.CloseAsync(outcome.Status == RpcStatus.Ok ? either : grace.Token);
        }
        catch (OperationCanceledException)
        {
            ServerResponse.Reset(_http);
            return;
        }

        if (!_writer.HasSent)
        {
            ServerResponse.AddHeaders(_http.Response, _context!.ResponseHeaders);
        }

        ServerResponse.End(_http, _writer.HasSent, Merge(outcome, _context!.ResponseTrailers));
        if (early)
        {
            await _http.Response.CompleteAsync();
        }
    }

    private static RpcOutcome Merge(RpcOutcome outcome, RpcMetadata trailers)
    {
        foreach (var (name, value) in outcome.Trailers)
        {
            trailers.AddReceived(name, value);
        }

        return outcome with { Trailers = trailers };
    }

    private void Log(Exception failure) =>
        _http.RequestServices.GetService<ILoggerFactory>()?.CreateLogger("Alcor.Rpc")
            .LogError(failure, "{Path} failed, the client sees UNKNOWN", _method.Path);
}

using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Alcor.Rpc;

/// <summary>
/// One call at the client. It ends once, with one outcome, whoever finds out first: the reader at the end of the
/// responses, the deadline, the caller's token, disposal or a broken connection. What ends it early also resets the
/// stream.
/// </summary>
internal sealed class ClientCall<TRequest, TResponse> : IDuplexCall<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: RpcLimits.BufferBytes);

    private readonly TaskCompletionSource<RpcOutcome> _outcome =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RpcMethod<TRequest, TResponse> _method;
    private readonly RpcChannel _channel;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _cancel;
    private readonly StreamedContent _requests = new();
    private readonly MessageWriter<TRequest> _writer;
    private readonly Task<HttpResponseMessage> _response;
    private readonly CancellationToken _ended;
    private MessageReader<TResponse>? _reader;
    private CancellationToken _readerToken;
    private int _enumerated;

    private ClientCall(
        RpcChannel channel,
        RpcMethod<TRequest, TResponse> method,
        RpcCallOptions options,
        HttpContent? content,
        CancellationToken caller)
    {
        _channel = channel;
        _method = method;
        _caller = caller;
        _deadline = options.Timeout is { } timeout
            ? new CancellationTokenSource(Clamp(timeout), channel.Options.TimeProvider)
            : new CancellationTokenSource();
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(caller, _deadline.Token);
        _ended = _cancel.Token;
        _writer = new MessageWriter<TRequest>(_requests.Opened, channel.Options.SendBytesMax, SendFailed);
        _response = OpenAsync(channel.CreateRequest(method.Path, content ?? _requests, options));
        ResponseHeaders = HeadersAsync();
        // Nobody has to look at the headers, nor at a response that the reader will look at.
        _ = ResponseHeaders.ContinueWith(t => t.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    public Task<RpcOutcome> Outcome => _outcome.Task;

    public Task<RpcMetadata> ResponseHeaders { get; }

    public static ClientCall<TRequest, TResponse> Open(
        RpcChannel channel,
        RpcMethod<TRequest, TResponse> method,
        RpcCallOptions? options,
        HttpContent? content,
        CancellationToken caller)
    {
        caller.ThrowIfCancellationRequested();
        var chosen = options ?? RpcCallOptions.None;
        var call = new ClientCall<TRequest, TResponse>(channel, method, chosen, content, caller);
        // With no one reading or sending, the deadline and the caller still end the call.
        call._ended.UnsafeRegister(static state => ((ClientCall<TRequest, TResponse>)state!).Cancelled(), call);
        return call;
    }

    public ValueTask SendAsync(TRequest message, CancellationToken cancellationToken) =>
        _outcome.Task.IsCompleted ? SendTooLate() : _writer.SendAsync(message, cancellationToken);

    public ValueTask SendEncodedAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken) =>
        _outcome.Task.IsCompleted ? SendTooLate() : _writer.SendEncodedAsync(message, cancellationToken);

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _writer.CloseAsync(cancellationToken);
        _requests.Close();
    }

    public async Task SendAllAsync(IAsyncEnumerable<TRequest> requests, CancellationToken cancellationToken)
    {
        await foreach (var request in requests.WithCancellation(cancellationToken))
        {
            await SendAsync(request, cancellationToken);
        }

        await CompleteAsync(cancellationToken);
    }

    public async IAsyncEnumerable<TResponse> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _enumerated, 1) == 1)
        {
            throw new InvalidOperationException("the responses of a call can be enumerated once");
        }

        _readerToken = cancellationToken;
        await using var registration = cancellationToken.UnsafeRegister(
            static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(), this);
        while (await ReadAsync() is { } response)
        {
            yield return response;
        }
    }

    /// <summary>The response of a method that gives exactly one.</summary>
    public async Task<TResponse> ReadSingleAsync()
    {
        var response = await ReadAsync() ?? throw Finish(new RpcException(
            RpcStatus.Unimplemented, $"{_method} gives one response, the server sent none"));
        return await ReadAsync() is null
            ? response
            : throw Finish(new RpcException(
                RpcStatus.Unimplemented, $"{_method} gives one response, the server sent more"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_outcome.Task.IsCompleted)
        {
            Finish(new RpcException(RpcStatus.Cancelled, "the caller disposed of the call"));
        }

        await ((Task)_response).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_response.IsCompletedSuccessfully)
        {
            _response.Result.Dispose();
        }

        _cancel.Dispose();
        _deadline.Dispose();
    }

    private static TimeSpan Clamp(TimeSpan timeout) =>
        timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout > RpcLimits.TimeoutMax ? RpcLimits.TimeoutMax : timeout;

    private ValueTask SendTooLate() => ValueTask.FromException(Ended(new IOException("the call has ended")));

    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request)
    {
        try
        {
            var response = await _channel.SendAsync(request, _ended);
            if (_ended.IsCancellationRequested)
            {
                response.Dispose();
                _ended.ThrowIfCancellationRequested();
            }

            return response;
        }
        catch (Exception failure)
        {
            throw Ended(failure);
        }
    }

    private async Task<RpcMetadata> HeadersAsync() => MetadataHeaders.From((await _response).Headers);

    /// <summary>The next response; null at the end with status OK.</summary>
    private async ValueTask<TResponse?> ReadAsync()
    {
        try
        {
            var response = await _response;
            if (_reader is null)
            {
                if (ResponseStatus.WithoutMessages(response) is { } early)
                {
                    return Finish(early);
                }

                _reader = await ReaderAsync(response);
            }

            return await _reader.ReadAsync(_ended) is { } message
                ? message
                : Finish(ResponseStatus.FromTrailers(response));
        }
        catch (Exception failure)
        {
            throw Ended(failure);
        }
    }

    private async Task<MessageReader<TResponse>> ReaderAsync(HttpResponseMessage response)
    {
        var rules = new FrameRules(_channel.Options.ReceiveBytesMax, ResponseStatus.IsGzip(response));
        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(_ended), ReaderOptions);
        return new MessageReader<TResponse>(pipe, _method.ResponseParser, rules);
    }

    /// <summary>Ends the call as the server said; the exception if that was not OK.</summary>
    private TResponse? Finish(RpcOutcome outcome)
    {
        _outcome.TrySetResult(outcome);
        _requests.Close();
        return outcome.Status == RpcStatus.Ok ? null : throw outcome.ToException();
    }

    /// <summary>Ends the call for a reason found here, unless it has ended; the server is told by a reset.</summary>
    private RpcException Finish(RpcException failure)
    {
        if (_outcome.TrySetResult(RpcOutcome.From(failure)))
        {
            _requests.Fail(failure);
            Cancel();
        }

        return failure;
    }

    private void Cancel()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Disposed of by another thread at this moment, which has ended everything.
        }
    }

    private void Cancelled()
    {
        Finish(_deadline.IsCancellationRequested
            ? new RpcException(RpcStatus.DeadlineExceeded, "the deadline passed")
            : new RpcException(RpcStatus.Cancelled, "the caller cancelled the call"));
        if (_response.IsCompletedSuccessfully)
        {
            _response.Result.Dispose();
        }
    }

    /// <summary>
    /// The exception for the caller: its own cancellation, the outcome if there is one, or what the transport said.
    /// </summary>
    private Exception Ended(Exception failure)
    {
        if (_caller.IsCancellationRequested || _readerToken.IsCancellationRequested)
        {
            Finish(new RpcException(RpcStatus.Cancelled, "the caller cancelled the call"));
            return new OperationCanceledException(
                "the caller cancelled the call", failure, _caller.IsCancellationRequested ? _caller : _readerToken);
        }

        if (_outcome.Task.IsCompleted)
        {
            var outcome = _outcome.Task.Result;
            return outcome.Status == RpcStatus.Ok
                ? new InvalidOperationException("the call has ended", failure)
                : outcome.ToException();
        }

        return Finish(_deadline.IsCancellationRequested
            ? new RpcException(RpcStatus.DeadlineExceeded, "the deadline passed", failure)
            : failure as RpcException ?? TransportFailure.ToException(failure));
    }

    /// <summary>
    /// A send failed. If the server has answered early, its status is behind the responses and the reader will find it:
    /// the sender must not end the call with a poorer one.
    /// </summary>
    private Exception SendFailed(Exception? failure)
    {
        failure ??= new IOException("the stream is closed");
        return _outcome.Task.IsCompleted || _ended.IsCancellationRequested
            ? Ended(failure)
            : failure as RpcException ?? TransportFailure.ToException(failure);
    }
}

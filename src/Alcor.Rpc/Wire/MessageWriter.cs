using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Alcor.Rpc;

/// <summary>
/// Frames messages into a pipe, one at a time. The transport's flush is never cancelled, since that would cut a frame
/// in two (or reset the stream): a cancelled sender only stops waiting, and the gate opens when the flush is done.
/// </summary>
/// <param name="sink">The pipe, once the transport has one.</param>
/// <param name="ended">Makes the exception for a peer that takes nothing any more.</param>
[SuppressMessage("Design", "CA1001", Justification = "The gate holds nothing until its wait handle is asked for.")]
internal sealed class MessageWriter<T>(
    Task<PipeWriter> sink, int bytesMax, Func<Exception?, Exception> ended) : IRpcWriter<T>
    where T : class, IMessage
{
    private readonly SemaphoreSlim _gate = new(1);
    private bool _closed;

    public bool HasSent { get; private set; }

    /// <summary>Runs before the first message, in its turn.</summary>
    public Action? Starting { get; init; }

    public ValueTask SendAsync(T message, CancellationToken cancellationToken) =>
        SendAsync(new Payload(message), flush: true, cancellationToken);

    public ValueTask SendEncodedAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken) =>
        SendAsync(new Payload(message), flush: true, cancellationToken);

    /// <summary>Frames a message that the end of the stream, which follows at once, will flush.</summary>
    public ValueTask SendLastAsync(T message, CancellationToken cancellationToken) =>
        SendAsync(new Payload(message), flush: false, cancellationToken);

    /// <summary>No message after this; waits for the one under way.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        _closed = true;
        _gate.Release();
    }

    private async ValueTask SendAsync(Payload payload, bool flush, CancellationToken cancellationToken)
    {
        payload.RequireLength(bytesMax);
        await _gate.WaitAsync(cancellationToken);
        Task flushing;
        try
        {
            flushing = await WriteAsync(payload, flush, cancellationToken);
        }
        catch
        {
            _gate.Release();
            throw;
        }

        await flushing.WaitAsync(cancellationToken);
    }

    /// <summary>Within the gate; the returned task opens it.</summary>
    private async ValueTask<Task> WriteAsync(Payload payload, bool flush, CancellationToken cancellationToken)
    {
        if (_closed)
        {
            throw new InvalidOperationException("the stream has been completed: nothing can be sent on it");
        }

        PipeWriter pipe;
        try
        {
            pipe = await sink.WaitAsync(cancellationToken);
            if (!HasSent)
            {
                Starting?.Invoke();
                HasSent = true;
            }

            payload.WriteFrame(pipe);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Part of a frame may be in the pipe: whatever followed would be read as the rest of it.
            _closed = true;
            throw ended(failure);
        }

        if (!flush)
        {
            _gate.Release();
            return Task.CompletedTask;
        }

        return FlushAsync(pipe);
    }

    private async Task FlushAsync(PipeWriter pipe)
    {
        FlushResult result;
        try
        {
            result = await pipe.FlushAsync(CancellationToken.None);
        }
        catch (Exception failure)
        {
            throw ended(failure);
        }
        finally
        {
            _gate.Release();
        }

        if (result.IsCompleted)
        {
            throw ended(null);
        }
    }
}

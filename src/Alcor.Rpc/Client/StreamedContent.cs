using System.IO.Pipelines;
using System.Net;

namespace Alcor.Rpc;

/// <summary>
/// The body of a request that is written while the response is read: it hands out the transport's stream as a pipe, and
/// stays open until told otherwise.
/// </summary>
internal sealed class StreamedContent : HttpContent
{
    private static readonly StreamPipeWriterOptions WriterOptions =
        new(minimumBufferSize: RpcLimits.BufferBytes, leaveOpen: true);

    private readonly TaskCompletionSource<PipeWriter> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The pipe, as soon as there is a connection with a stream on it.</summary>
    public Task<PipeWriter> Opened => _opened.Task;

    /// <summary>Ends the body (half-close).</summary>
    public void Close() => _closed.TrySetResult();

    /// <summary>
    /// Frees whoever waits for a stream that will not come. The body stays open: closing it here could show the server
    /// a half-close just before the reset, a good end where there was none.
    /// </summary>
    public void Fail(Exception failure)
    {
        if (_opened.TrySetException(failure))
        {
            _ = _opened.Task.Exception;
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The transport keeps the headers back for the first write otherwise; the server may be the one to speak first.
        await stream.FlushAsync(cancellationToken);
        if (!_opened.TrySetResult(PipeWriter.Create(stream, WriterOptions)))
        {
            // The transport tries again on another connection, but what was written to the first is gone.
            throw new IOException("a stream of requests cannot be repeated on another connection");
        }

        await _closed.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

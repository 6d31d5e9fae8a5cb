using Google.Protobuf;

namespace Alcor.Rpc;

/// <summary>
/// An open call with streams both ways, independent of each other. Disposing of it before its end cancels it: the
/// server sees RST_STREAM as a cancellation.
/// </summary>
public interface IDuplexCall<in TRequest, out TResponse> : IRpcWriter<TRequest>, IAsyncDisposable
    where TRequest : class, IMessage
    where TResponse : class, IMessage
{
    /// <summary>
    /// The end of the call; never faults. Since the status is behind the last message, it completes only when the
    /// responses have been read to their end, or the call failed, was cancelled or disposed of.
    /// </summary>
    Task<RpcOutcome> Outcome { get; }

    /// <summary>The server's custom headers, once they are there (usually with its first message).</summary>
    /// <exception cref="RpcException">The call ended before.</exception>
    Task<RpcMetadata> ResponseHeaders { get; }

    /// <summary>Half-closes: no more requests. Waits for sends under way; a second time does nothing.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The responses, to be enumerated once. Ends without an exception if the status is OK. Cancelling
    /// <paramref name="cancellationToken"/> cancels the whole call.
    /// </summary>
    /// <exception cref="RpcException">The call ended with another status.</exception>
    /// <exception cref="OperationCanceledException">The caller's own token was cancelled.</exception>
    IAsyncEnumerable<TResponse> ReadAllAsync(CancellationToken cancellationToken);
}

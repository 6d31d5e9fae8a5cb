namespace Alcor.Rpc;

/// <summary>The bounds of this library, each with its reason. Options start from them.</summary>
public static class RpcLimits
{
    /// <summary>
    /// Largest message sent or received, in bytes: what every gRPC implementation accepts by default.
    /// </summary>
    public const int MessageBytesMax = 4 * 1024 * 1024;

    /// <summary>
    /// Longest deadline: the longest a timer runs (2^32 ms is 49.7 days). A longer one is cut to this.
    /// </summary>
    public static readonly TimeSpan TimeoutMax = TimeSpan.FromDays(45);

    /// <summary>
    /// An idle connection is asked for a sign of life after this: below the idle limits of usual firewalls.
    /// </summary>
    public static readonly TimeSpan KeepAlivePingDelay = TimeSpan.FromSeconds(20);

    /// <summary>A connection without an answer to a ping for this long is dead.</summary>
    public static readonly TimeSpan KeepAlivePingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time to set up a connection, TLS included.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After a deadline, how long the server lets a write that the client does not take delay the status, before it
    /// resets the stream instead.
    /// </summary>
    internal static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Smallest piece asked of a buffer: the size of an HTTP/2 DATA frame, so that a frame is one write.
    /// </summary>
    internal const int BufferBytes = 16 * 1024;

    /// <summary>
    /// Longest <c>grpc-message</c> sent, in characters: trailers share the peer's limit on headers (8 KB is usual).
    /// </summary>
    internal const int DetailLengthMax = 1024;
}

namespace Alcor.Rpc;

/// <summary>
/// A call that ended with a status other than OK. Thrown by the client for what the peer or the connection answered;
/// thrown by a handler to answer with exactly this status, detail and these trailers.
/// </summary>
public sealed class RpcException : Exception
{
    public RpcException(RpcStatus status, string detail)
        : this(status, detail, innerException: null)
    {
    }

    public RpcException(RpcStatus status, string detail, Exception? innerException)
        : base($"{status}: {detail}", innerException)
    {
        if (status == RpcStatus.Ok)
        {
            throw new ArgumentOutOfRangeException(nameof(status), "OK is not an error");
        }

        Status = status;
        Detail = detail;
    }

    public RpcStatus Status { get; }

    /// <summary>The text for a human (<c>grpc-message</c>), any Unicode; empty if the peer gave none.</summary>
    public string Detail { get; }

    /// <summary>The custom trailers that came, or are to go, with the status.</summary>
    public RpcMetadata Trailers { get; init; } = [];
}

/// <summary>How a call ended: OK or not, with the text and the trailers that came with it.</summary>
public sealed record RpcOutcome(RpcStatus Status, string Detail, RpcMetadata Trailers)
{
    internal static RpcOutcome From(RpcException exception) =>
        new(exception.Status, exception.Detail, exception.Trailers);

    internal RpcException ToException() => new(Status, Detail) { Trailers = Trailers };
}

using System.Net.Sockets;

namespace Alcor.Rpc;

/// <summary>What HTTP/2 or the connection said, as a status (table "Errors" of "gRPC over HTTP2").</summary>
internal static class TransportFailure
{
    public static RpcException ToException(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (StatusOf(cause) is { } status)
            {
                return new RpcException(status, cause.Message, failure);
            }
        }

        return new RpcException(RpcStatus.Internal, failure.Message, failure);
    }

    private static RpcStatus? StatusOf(Exception cause) => cause switch
    {
        HttpProtocolException protocol => FromErrorCode(protocol),
        // A more exact cause is inside: RST_STREAM and GOAWAY arrive wrapped.
        { InnerException: HttpProtocolException or HttpIOException or SocketException } => null,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => RpcStatus.Internal,
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            RpcStatus.ResourceExhausted,
        HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => RpcStatus.Internal,
        HttpRequestException or IOException or SocketException or ObjectDisposedException => RpcStatus.Unavailable,
        OperationCanceledException => RpcStatus.Unavailable,
        _ => null,
    };

    /// <summary>RFC 9113 section 7. The same exception stands for RST_STREAM and for GOAWAY.</summary>
    private static RpcStatus FromErrorCode(HttpProtocolException protocol) => protocol.ErrorCode switch
    {
        // NO_ERROR: a server that shuts down in order.
        0x0 => RpcStatus.Unavailable,
        // REFUSED_STREAM: not processed at all.
        0x7 => RpcStatus.Unavailable,
        0x8 => RpcStatus.Cancelled,
        // ENHANCE_YOUR_CALM
        0xb => RpcStatus.ResourceExhausted,
        // INADEQUATE_SECURITY
        0xc => RpcStatus.PermissionDenied,
        // The only mark of GOAWAY is its text; where it is unknown, a reset is assumed.
        _ when protocol.Message.Contains("closed the connection", StringComparison.Ordinal) => RpcStatus.Unavailable,
        _ => RpcStatus.Internal,
    };
}

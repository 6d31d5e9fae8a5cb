using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Alcor.Rpc;

/// <summary>Judges the headers of a request.</summary>
internal static class ServerRequest
{
    /// <summary>False, and answered in terms of HTTP, if the request is no gRPC at all.</summary>
    public static bool IsGrpc(HttpContext http)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "h2c";
            return false;
        }

        if (!MetadataHeaders.IsContentType(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        return true;
    }

    /// <summary>The reason to refuse the call, or null.</summary>
    public static RpcException? Examine(HttpContext http, string path, out TimeSpan? timeout, out bool gzip)
    {
        timeout = null;
        gzip = false;
        var headers = http.Request.Headers;
        if (!string.Equals(http.Request.Path.Value, path, StringComparison.Ordinal))
        {
            // Routing ignores case, gRPC does not.
            return new RpcException(RpcStatus.Unimplemented, $"no method {http.Request.Path.Value}");
        }

        if (!headers.TE.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase))
        {
            return new RpcException(RpcStatus.Internal, "te: trailers is missing: something on the way drops trailers");
        }

        if (headers[MetadataHeaders.Encoding].ToString() is { Length: > 0 } encoding)
        {
            gzip = encoding == "gzip";
            if (!gzip && encoding != "identity")
            {
                return new RpcException(RpcStatus.Unimplemented, $"grpc-encoding {encoding} is not supported");
            }
        }

        if (headers[MetadataHeaders.Deadline].ToString() is { Length: > 0 } text)
        {
            if (!Timeout.TryParse(text, out var parsed))
            {
                return new RpcException(RpcStatus.Internal, $"grpc-timeout '{text}' is malformed");
            }

            timeout = parsed;
        }

        return null;
    }

    /// <summary>The context of the call, and Kestrel's limits for single uploads out of the way of streams.</summary>
    public static RpcContext ToContext(
        HttpContext http, string path, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        // A stream has no length and may be silent for hours; each message has its own limit, and pings find the dead.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>()
            is { } rate)
        {
            rate.MinDataRate = null;
        }

        return new RpcContext
        {
            Path = path,
            Deadline = deadline,
            CancellationToken = cancellationToken,
            Peer = $"{http.Connection.RemoteIpAddress}:{http.Connection.RemotePort}",
            PeerCertificate = http.Connection.ClientCertificate,
            RequestHeaders = MetadataHeaders.From(http.Request.Headers),
        };
    }
}

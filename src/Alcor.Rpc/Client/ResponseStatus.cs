using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Alcor.Rpc;

/// <summary>
/// Reads the status of a response (documents "gRPC over HTTP2" and "HTTP to gRPC Status Code Mapping").
/// </summary>
internal static class ResponseStatus
{
    /// <summary>The outcome, if the headers say already that no messages follow; else null.</summary>
    public static RpcOutcome? WithoutMessages(HttpResponseMessage response)
    {
        if (MetadataHeaders.Get(response.Headers, MetadataHeaders.Status) is not null)
        {
            return From(response.Headers);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return Failure(FromHttp(response.StatusCode), $"HTTP status {(int)response.StatusCode}");
        }

        var contentType = MetadataHeaders.Get(response.Content.Headers, "content-type");
        if (!MetadataHeaders.IsContentType(contentType))
        {
            return Failure(RpcStatus.Unknown, $"the response is '{contentType}', not {MetadataHeaders.ContentType}");
        }

        return MetadataHeaders.Get(response.Headers, MetadataHeaders.Encoding) is not (null or "identity" or "gzip")
            ? Failure(RpcStatus.Internal, "the server uses a grpc-encoding that was not offered")
            : null;
    }

    public static bool IsGzip(HttpResponseMessage response) =>
        MetadataHeaders.Get(response.Headers, MetadataHeaders.Encoding) == "gzip";

    public static RpcOutcome FromTrailers(HttpResponseMessage response) =>
        MetadataHeaders.Get(response.TrailingHeaders, MetadataHeaders.Status) is null
            ? Failure(RpcStatus.Unknown, "the response ended without a grpc-status")
            : From(response.TrailingHeaders);

    private static RpcOutcome From(HttpHeaders headers)
    {
        var text = MetadataHeaders.Get(headers, MetadataHeaders.Status);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            || !Enum.IsDefined((RpcStatus)code))
        {
            return Failure(RpcStatus.Unknown, $"grpc-status '{text}' is none");
        }

        var detail = StatusDetail.Decode(MetadataHeaders.Get(headers, MetadataHeaders.Message) ?? "");
        return new RpcOutcome((RpcStatus)code, detail, MetadataHeaders.From(headers));
    }

    private static RpcStatus FromHttp(HttpStatusCode status) => (int)status switch
    {
        400 => RpcStatus.Internal,
        401 => RpcStatus.Unauthenticated,
        403 => RpcStatus.PermissionDenied,
        404 => RpcStatus.Unimplemented,
        429 or 502 or 503 or 504 => RpcStatus.Unavailable,
        _ => RpcStatus.Unknown,
    };

    private static RpcOutcome Failure(RpcStatus status, string detail) => new(status, detail, []);
}

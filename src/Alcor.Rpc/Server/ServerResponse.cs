using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Alcor.Rpc;

/// <summary>Headers, status and trailers of a response.</summary>
internal static class ServerResponse
{
    // RFC 9113 section 7, CANCEL: the stream is no longer needed.
    private const int ErrorCodeCancel = 8;

    public static void Prepare(HttpContext http)
    {
        http.Response.ContentType = MetadataHeaders.ContentType;
        http.Response.Headers[MetadataHeaders.AcceptEncoding] = Frame.AcceptEncoding;
    }

    public static void AddHeaders(HttpResponse response, RpcMetadata metadata)
    {
        foreach (var (name, value) in metadata)
        {
            response.Headers.Append(name, value);
        }
    }

    /// <summary>The status: in trailers after messages, in the headers (Trailers-Only) if there were none.</summary>
    public static void End(HttpContext http, bool hasSent, RpcOutcome outcome)
    {
        var trailers = hasSent
            ? http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : http.Response.Headers;
        trailers[MetadataHeaders.Status] = ((int)outcome.Status).ToString(CultureInfo.InvariantCulture);
        if (outcome.Detail.Length > 0)
        {
            trailers[MetadataHeaders.Message] = StatusDetail.Encode(outcome.Detail);
        }

        foreach (var (name, value) in outcome.Trailers)
        {
            trailers.Append(name, value);
        }
    }

    public static void Reset(HttpContext http) => http.Features.Get<IHttpResetFeature>()?.Reset(ErrorCodeCancel);
}

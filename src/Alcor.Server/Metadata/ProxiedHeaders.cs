using Alcor.Agent.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Alcor.Server.Metadata;

/// <summary>Which headers go through a proxy (RFC 9110 section 7.6.1).</summary>
internal static class ProxiedHeaders
{
    // Those of one connection, and those that whoever sends the message on says itself.
    private static readonly HashSet<string> OfConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, "Proxy-Connection", HeaderNames.ProxyAuthenticate,
        HeaderNames.ProxyAuthorization, HeaderNames.TE, HeaderNames.Trailer, HeaderNames.TransferEncoding,
        HeaderNames.Upgrade, HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.Expect, "HTTP2-Settings",
    };

    /// <summary>Of a machine's request: not those that say who it is.</summary>
    public static IEnumerable<KeyValuePair<string, StringValues>> OfRequest(IHeaderDictionary headers)
    {
        var named = NamedBy(headers.Connection);
        return headers.Where(header => !OfConnection.Contains(header.Key) && !named.Contains(header.Key)
            && !MetadataIdentity.IsReserved(header.Key));
    }

    public static IEnumerable<KeyValuePair<string, IEnumerable<string>>> OfResponse(HttpResponseMessage response)
    {
        var named = NamedBy(response.Headers.TryGetValues(HeaderNames.Connection, out var values)
            ? values.ToArray()
            : StringValues.Empty);
        return response.Headers.Concat(response.Content.Headers)
            .Where(header => !OfConnection.Contains(header.Key) && !named.Contains(header.Key));
    }

    /// <summary>The path and query as the machine wrote them; null: it did not ask for a path.</summary>
    public static string? PathOf(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        // In absolute form (RFC 9112 section 3.2.2) it names a host, which is not for the machine to choose.
        if (target.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            var path = target.IndexOf('/', "http://".Length);
            target = path < 0 ? "/" : target[path..];
        }
        return target.StartsWith('/') ? target : null;
    }

    private static HashSet<string> NamedBy(StringValues connection) =>
        connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
}

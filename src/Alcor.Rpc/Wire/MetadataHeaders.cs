using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Alcor.Rpc;

/// <summary>Between custom metadata and the headers of HTTP, on either side.</summary>
internal static class MetadataHeaders
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Deadline = "grpc-timeout";
    public const string ContentType = "application/grpc";

    /// <summary>Names that the protocol or HTTP/2 keeps for itself.</summary>
    public static bool IsReserved(string name) =>
        name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(':')
        || name.ToLowerInvariant() is "te" or "content-type" or "content-length" or "host" or "connection"
            or "transfer-encoding" or "upgrade" or "trailer" or "date" or "server";

    /// <summary><c>application/grpc</c> or <c>application/grpc+proto</c>, parameters allowed.</summary>
    public static bool IsContentType(string? contentType) =>
        contentType is not null
        && contentType.Split(';')[0].Trim().ToLowerInvariant() is ContentType or ContentType + "+proto";

    public static RpcMetadata From(IHeaderDictionary headers)
    {
        var metadata = new RpcMetadata();
        foreach (var (name, values) in headers)
        {
            Receive(metadata, name, values);
        }

        return metadata;
    }

    public static RpcMetadata From(HttpHeaders headers)
    {
        var metadata = new RpcMetadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            Receive(metadata, name, values);
        }

        return metadata;
    }

    /// <summary>The single value of a header; null if it is absent.</summary>
    public static string? Get(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static void Receive(RpcMetadata metadata, string name, IEnumerable<string?> values)
    {
        if (IsReserved(name))
        {
            return;
        }

        foreach (var value in values)
        {
            metadata.AddReceived(name.ToLowerInvariant(), value ?? "");
        }
    }
}

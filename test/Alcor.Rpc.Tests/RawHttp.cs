using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Alcor.Rpc.Tests;

/// <summary>Requests below gRPC, to say what a proper client never says.</summary>
internal static class RawHttp
{
    public static HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false });

    public static HttpRequestMessage Request(Uri address, string path, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return request;
    }

    public static byte[] Frame(byte flag, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>The grpc-status, wherever it is; null if there is none.</summary>
    public static string? Status(HttpResponseMessage response) =>
        response.Headers.TryGetValues("grpc-status", out var early) ? early.Single()
        : response.TrailingHeaders.TryGetValues("grpc-status", out var late) ? late.Single()
        : null;
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Alcor.Bench.Http;

/// <summary>
/// One connection, one request at a time: sends bytes that were made beforehand, and reads of the response no more
/// than its status and length. HttpClient would cost more than the server does.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    private byte[] buffer = new byte[64 * 1024];
    private int bodyStart;
    private int bodyLength;

    public int Status { get; private set; }

    /// <summary>The body of the last response; until the next request.</summary>
    public ReadOnlyMemory<byte> Body => buffer.AsMemory(bodyStart, bodyLength);

    public static async Task<Connection> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var connection = new Connection();
        await connection.socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port, cancellationToken);
        return connection;
    }

    /// <summary>The project of whoever asks as a member of one.</summary>
    public const string MemberProject = "6c3a0c5e1f1b4c2f8f0d0a3b5c7d9e1f";

    /// <summary>What <see cref="Identity"/> is for a member of a project.</summary>
    public const string Member = $"X-Roles: member,reader\r\nX-Project-Id: {MemberProject}\r\n";

    /// <summary>
    /// Headers that say who asks, each with its line's end; empty: the administrator. Set before the first request.
    /// </summary>
    public static string Identity { get; set; } = "";

    /// <param name="identity">Who asks, if not <see cref="Identity"/>.</param>
    public static byte[] Request(string method, string path, string body = "", string? identity = null) =>
        Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: alcor\r\n{identity ?? Identity}Content-Type: application/json\r\n"
        + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n")
        + body);

    /// <summary>Sends a request and reads the whole response.</summary>
    /// <exception cref="IOException">The server closed the connection, or does not say how long the body
    /// is.</exception>
    public async ValueTask ExchangeAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var sent = await socket.SendAsync(request, SocketFlags.None, cancellationToken);
        while (sent < request.Length)
            sent += await socket.SendAsync(request[sent..], SocketFlags.None, cancellationToken);
        var filled = 0;
        var headEnd = -1;
        while (headEnd < 0)
        {
            filled += await ReceiveAsync(filled, cancellationToken);
            headEnd = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }
        bodyStart = headEnd + 4;
        var head = buffer.AsSpan(0, bodyStart);
        Status = int.Parse(head[9..12], NumberStyles.None, CultureInfo.InvariantCulture);
        if (Value(head, "\r\nContent-Length: "u8) is { } length)
        {
            bodyLength = length;
            Reserve(bodyStart + bodyLength);
            while (filled < bodyStart + bodyLength)
                filled += await ReceiveAsync(filled, cancellationToken);
        }
        else
        {
            await ReadChunksAsync(filled, cancellationToken);
        }
    }

    public void Dispose() => socket.Dispose();

    private static int? Value(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        if (head.IndexOf(name) is not (>= 0 and var at))
            return null;
        var rest = head[(at + name.Length)..];
        return int.Parse(rest[..rest.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Long lists come in chunks (RFC 9112 section 7.1); the body is joined where it stands.</summary>
    private async ValueTask ReadChunksAsync(int filled, CancellationToken cancellationToken)
    {
        var (read, end) = (bodyStart, bodyStart);
        while (true)
        {
            int lineLength;
            while ((lineLength = buffer.AsSpan(read, filled - read).IndexOf("\r\n"u8)) < 0)
                filled += await ReceiveAsync(filled, cancellationToken);
            var size = int.Parse(
                buffer.AsSpan(read, lineLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            read += lineLength + 2;
            Reserve(read + size + 2);
            while (filled < read + size + 2)
                filled += await ReceiveAsync(filled, cancellationToken);
            if (size == 0)
                break;
            buffer.AsSpan(read, size).CopyTo(buffer.AsSpan(end));
            end += size;
            read += size + 2;
        }
        bodyLength = end - bodyStart;
    }

    private async ValueTask<int> ReceiveAsync(int filled, CancellationToken cancellationToken)
    {
        Reserve(filled + 4096);
        var received = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancellationToken);
        return received > 0 ? received : throw new IOException("the server closed the connection");
    }

    private void Reserve(int bytes)
    {
        if (bytes > buffer.Length)
            Array.Resize(ref buffer, Math.Max(bytes, buffer.Length * 2));
    }
}

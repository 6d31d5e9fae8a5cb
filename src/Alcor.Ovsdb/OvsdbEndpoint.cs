using System.Net.Sockets;

namespace Alcor.Ovsdb;

/// <summary>Ways to dial a server.</summary>
public static class OvsdbEndpoint
{
    /// <summary>The server's unix socket, usually named <c>db.sock</c>.</summary>
    public static Func<CancellationToken, Task<Stream>> UnixSocket(string path) => cancellation =>
        ConnectAsync(
            new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
            socket => socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation));

    /// <summary>A server that listens on TCP; the registered port is 6640.</summary>
    public static Func<CancellationToken, Task<Stream>> Tcp(string host, int port) => cancellation =>
        ConnectAsync(
            new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
            socket => socket.ConnectAsync(host, port, cancellation));

    private static async Task<Stream> ConnectAsync(Socket socket, Func<Socket, ValueTask> connect)
    {
        try
        {
            await connect(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

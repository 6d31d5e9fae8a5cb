using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Alcor.System.Tests.HostServices;

/// <summary>
/// A resolver that says 192.0.2.77 for every name but those that begin with "long", of which it says "too long" by UDP
/// and a text by TCP.
/// </summary>
internal sealed class FakeResolver : IDisposable
{
    public const int Port = 5301;
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private int _asked;

    public FakeResolver(IPAddress address)
    {
        _datagrams.Bind(new IPEndPoint(address, Port));
        _listener.Bind(new IPEndPoint(address, Port));
        _listener.Listen();
        _ = ServeDatagramsAsync();
        _ = ServeConnectionsAsync();
    }

    public int Asked => Volatile.Read(ref _asked);

    public void Dispose()
    {
        _datagrams.Dispose();
        _listener.Dispose();
    }

    private async Task ServeDatagramsAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                var answer = Answer(buffer.AsSpan(0, received.ReceivedBytes), isUdp: true);
                await _datagrams.SendToAsync(answer, received.RemoteEndPoint);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    private async Task ServeConnectionsAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptAsync();
                await using var stream = new NetworkStream(socket);
                var prefix = new byte[2];
                await stream.ReadExactlyAsync(prefix);
                var asked = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(asked);
                var answer = Answer(asked, isUdp: false);
                BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)answer.Length);
                await stream.WriteAsync((byte[])[.. prefix, .. answer]);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // It was closed.
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> asked, bool isUdp)
    {
        Interlocked.Increment(ref _asked);
        var end = 12;
        while (asked[end] != 0)
            end += asked[end] + 1;
        var header = asked[..12].ToArray();
        header[2] = 0x81;
        header[3] = 0x80;
        header.AsSpan(6, 6).Clear();
        var question = asked[12..(end + 5)].ToArray();
        if (asked[13..].StartsWith("long"u8) && isUdp)
        {
            header[2] |= 2;
            return [.. header, .. question];
        }
        header[7] = 1;
        return [.. header, .. question, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 77];
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Alcor.Agent.Dns;

/// <summary>
/// Asks the resolvers of the host what is not for the host to know, one after the other until one answers. Each
/// question has an id and a source port that nobody can guess (RFC 5452), and goes the way it came, by UDP or TCP; all
/// else of it is passed on as it is, and so is the answer.
/// </summary>
internal sealed class DnsForwarder(IReadOnlyList<IPEndPoint> resolvers, TimeProvider time)
{
    private readonly IPEndPoint[] _resolvers = [.. resolvers.Take(DnsLimits.ResolversMax)];

    /// <summary>The answer, with the id of the question; null: nobody has answered.</summary>
    public async Task<byte[]?> AskAsync(
        ReadOnlyMemory<byte> message, DnsQuery query, bool isUdp, CancellationToken cancellationToken)
    {
        foreach (var resolver in _resolvers)
        {
            var asked = message.ToArray();
            RandomNumberGenerator.Fill(asked.AsSpan(0, 2));
            using var patience = new CancellationTokenSource(DnsLimits.ResolverTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                var answer = isUdp
                    ? await AskByUdpAsync(resolver, asked, query, either.Token)
                    : await AskByTcpAsync(resolver, asked, query, either.Token);
                if (answer is null)
                    continue;
                BinaryPrimitives.WriteUInt16BigEndian(answer, query.Id);
                return answer;
            }
            catch (Exception error) when (error is SocketException or IOException
                || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The next one, perhaps.
            }
        }
        return null;
    }

    private static async Task<byte[]?> AskByUdpAsync(
        IPEndPoint resolver, byte[] asked, DnsQuery query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // The operating system chooses the port, and lets in what comes from the resolver alone.
        await socket.ConnectAsync(resolver, cancellationToken);
        await socket.SendAsync(asked, cancellationToken);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken);
            // What answers another question was guessed, or comes late: the right one may come still.
            if (IsAnswer(buffer.AsSpan(0, length), asked, query))
                return buffer[..length];
        }
    }

    private static async Task<byte[]?> AskByTcpAsync(
        IPEndPoint resolver, byte[] asked, DnsQuery query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(resolver, cancellationToken);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await DnsStream.WriteAsync(stream, asked, cancellationToken);
        var answer = await DnsStream.ReadAsync(stream, ushort.MaxValue, cancellationToken);
        return answer is not null && IsAnswer(answer, asked, query) ? answer : null;
    }

    internal static bool IsAnswer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> asked, DnsQuery query) =>
        message.Length >= DnsQuery.HeaderLength
            && (message[2] & 0x80) != 0
            && message[..2].SequenceEqual(asked[..2])
            && (Repeats(message, asked, query) || IsErrorAlone(message));

    private static bool Repeats(ReadOnlySpan<byte> message, ReadOnlySpan<byte> asked, DnsQuery query) =>
        message.Length >= DnsQuery.HeaderLength + query.QuestionLength
            && message.Slice(DnsQuery.HeaderLength, query.QuestionLength)
                .SequenceEqual(asked.Slice(DnsQuery.HeaderLength, query.QuestionLength));

    /// <summary>Who cannot read a question does not repeat it.</summary>
    private static bool IsErrorAlone(ReadOnlySpan<byte> message) =>
        message.Length == DnsQuery.HeaderLength && (message[3] & 0xf) != 0 && message[4] == 0 && message[5] == 0;
}

/// <summary>Messages on a connection: each after its length (RFC 1035 section 4.2.2).</summary>
internal static class DnsStream
{
    /// <summary>Null: the other end has closed, or says more than may be.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    public static async Task<byte[]?> ReadAsync(Stream stream, int lengthMax, CancellationToken cancellationToken)
    {
        var prefix = new byte[2];
        if (await stream.ReadAtLeastAsync(prefix, 2, throwOnEndOfStream: false, cancellationToken) < 2)
            return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        if (message.Length > lengthMax)
            return null;
        var read = await stream.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancellationToken);
        return read == message.Length ? message : null;
    }

    /// <exception cref="IOException">The connection is broken.</exception>
    public static async Task WriteAsync(
        Stream stream, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed.AsMemory(2));
        await stream.WriteAsync(framed, cancellationToken);
    }
}

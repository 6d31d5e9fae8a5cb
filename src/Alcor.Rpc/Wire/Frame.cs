using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Alcor.Rpc;

/// <summary>Length-Prefixed-Message of "gRPC over HTTP2": a flag, a big-endian length, the message.</summary>
internal static class Frame
{
    public const int HeaderBytes = 5;

    /// <summary>What <c>grpc-accept-encoding</c> says: both sides send identity and understand gzip.</summary>
    public const string AcceptEncoding = "identity,gzip";

    /// <summary>
    /// Takes the first frame of the buffer; false if it is not there whole. <paramref name="rest"/> starts behind it.
    /// </summary>
    /// <exception cref="RpcException">Not a frame, over the limit, or compressed in a way nobody announced.</exception>
    public static bool TryRead(
        in ReadOnlySequence<byte> buffer,
        FrameRules rules,
        out ReadOnlySequence<byte> message,
        out SequencePosition rest)
    {
        message = default;
        rest = buffer.Start;
        if (buffer.Length < HeaderBytes)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        CheckFlag(header[0], rules);
        if (length > rules.BytesMax)
        {
            throw TooBig(rules.BytesMax);
        }

        if (buffer.Length < HeaderBytes + length)
        {
            return false;
        }

        message = buffer.Slice(HeaderBytes, length);
        rest = message.End;
        if (header[0] == 1)
        {
            message = new ReadOnlySequence<byte>(Inflate(message, rules.BytesMax));
        }

        return true;
    }

    private static void CheckFlag(byte flag, FrameRules rules)
    {
        if (flag > 1)
        {
            throw new RpcException(RpcStatus.Internal, $"the flag of a message is {flag}, neither 0 nor 1");
        }

        if (flag == 1 && !rules.Gzip)
        {
            throw new RpcException(
                RpcStatus.Internal, "a message is flagged as compressed, grpc-encoding names no encoding");
        }
    }

    private static RpcException TooBig(int bytesMax) =>
        new(RpcStatus.ResourceExhausted, $"received message is larger than the limit of {bytesMax} bytes");

    /// <summary>
    /// Stops at the first piece beyond the limit, so that a small bomb costs no more than a big message.
    /// </summary>
    private static byte[] Inflate(in ReadOnlySequence<byte> compressed, int bytesMax)
    {
        using var source = new MemoryStream(compressed.ToArray());
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        var piece = ArrayPool<byte>.Shared.Rent(RpcLimits.BufferBytes);
        try
        {
            int read;
            while ((read = gzip.Read(piece)) > 0)
            {
                inflated.Write(piece, 0, read);
                if (inflated.Length > bytesMax)
                {
                    throw TooBig(bytesMax);
                }
            }
        }
        catch (InvalidDataException broken)
        {
            throw new RpcException(RpcStatus.Internal, "a compressed message cannot be decompressed", broken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return inflated.ToArray();
    }
}

/// <summary>What a receiver accepts: the largest message, and whether the peer announced gzip.</summary>
internal readonly record struct FrameRules(int BytesMax, bool Gzip);

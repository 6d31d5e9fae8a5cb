using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>Messages of OpenFlow 1.3 and 1.4 to bytes and back.</summary>
public static class OpenFlowCodec
{
    public const int HeaderLength = 8;

    /// <summary>The length field of the header has 16 bits.</summary>
    public const int MaxMessageLength = ushort.MaxValue;

    /// <exception cref="ArgumentException">The message does not fit <see cref="MaxMessageLength"/>.</exception>
    public static byte[] Encode(OpenFlowFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var writer = new WireWriter();
        MessageWriter.Write(writer, frame.Version, frame.TransactionId, frame.Message);
        return writer.Written.ToArray();
    }

    /// <summary>The length of the message that starts here, or null when fewer than four bytes are there.</summary>
    /// <exception cref="OpenFlowFormatException">The length is less than a header.</exception>
    public static int? FrameLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) return null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return length >= HeaderLength ? length : throw new OpenFlowFormatException($"message of {length} bytes");
    }

    /// <summary>Decodes exactly one message.</summary>
    /// <exception cref="OpenFlowFormatException">Not exactly one well-formed message of a known version.</exception>
    public static OpenFlowFrame Decode(ReadOnlySpan<byte> bytes)
    {
        var header = new WireReader(bytes);
        var (version, type) = (header.Byte(), header.Byte());
        int length = header.UInt16();
        var transaction = header.UInt32();
        if (length != bytes.Length)
            throw new OpenFlowFormatException($"{length} bytes announced, {bytes.Length} there");
        // A HELLO names in its header the highest version of its sender, which may well be beyond ours.
        if (type == MessageType.Hello && version > (byte)OpenFlowVersion.OpenFlow14)
            version = (byte)OpenFlowVersion.OpenFlow14;
        if (version is not ((byte)OpenFlowVersion.OpenFlow13 or (byte)OpenFlowVersion.OpenFlow14))
            throw new OpenFlowFormatException($"version 0x{version:x2}");
        var known = (OpenFlowVersion)version;
        return new OpenFlowFrame(known, transaction, MessageReader.Read(known, type, transaction, header.TakeRest()));
    }
}

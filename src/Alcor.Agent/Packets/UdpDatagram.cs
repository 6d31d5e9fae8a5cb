using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Alcor.Agent.Packets;

/// <summary>A UDP datagram (RFC 768), as the payload of an <see cref="IpFrame"/>, which writes its checksum.</summary>
public sealed record UdpDatagram(ushort SourcePort, ushort DestinationPort, ReadOnlyMemory<byte> Data)
{
    internal const int HeaderLength = 8;

    /// <summary>Reads what an IP packet holds; false when it is no whole datagram.</summary>
    public static bool TryParse(IpFrame packet, [NotNullWhen(true)] out UdpDatagram? datagram)
    {
        ArgumentNullException.ThrowIfNull(packet);
        datagram = null;
        var udp = packet.Payload.Span;
        if (packet.Protocol != IpFrame.Udp || udp.Length < HeaderLength)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (length < HeaderLength || length > udp.Length)
            return false;
        datagram = new UdpDatagram(
            BinaryPrimitives.ReadUInt16BigEndian(udp), BinaryPrimitives.ReadUInt16BigEndian(udp[2..]),
            packet.Payload[HeaderLength..length]);
        return true;
    }

    /// <summary>Bytes on the wire, without a checksum.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[HeaderLength + Data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)bytes.Length);
        Data.Span.CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }
}

using System.Buffers.Binary;
using System.Net;

namespace Alcor.Agent.Packets;

/// <summary>The checksum of IP, UDP and ICMP (RFC 1071).</summary>
internal static class InternetChecksum
{
    public static ushort Of(ReadOnlySpan<byte> bytes) => Fold(Sum(bytes, 0));

    /// <summary>With the pseudo-header of UDP and ICMPv6 before the bytes (RFC 768, RFC 8200 section 8.1).</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes, IPAddress source, IPAddress destination, byte protocol)
    {
        var sum = Sum(source.GetAddressBytes(), protocol + (uint)bytes.Length);
        return Fold(Sum(bytes, Sum(destination.GetAddressBytes(), sum)));
    }

    private static uint Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + (uint)(bytes[0] << 8);
    }

    private static ushort Fold(uint sum)
    {
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}

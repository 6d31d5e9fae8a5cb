using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>The Internet checksum (RFC 1071), whole and by difference (RFC 1624).</summary>
internal static class Checksums
{
    public static uint Add(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (var i = 0; i + 1 < bytes.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return bytes.Length % 2 == 0 ? sum : sum + ((uint)bytes[^1] << 8);
    }

    public static ushort Fold(uint sum)
    {
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)sum;
    }

    /// <summary>
    /// The checksum after some bytes that it covers have changed; both begin at an even place of what it covers.
    /// </summary>
    public static ushort Adjusted(ushort checksum, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        (ushort)~Fold((uint)(ushort)~checksum + (ushort)~Fold(Add(before, 0)) + Fold(Add(after, 0)));

    /// <summary>Where a transport's checksum stands in its header; null when this library knows none.</summary>
    public static int? Place(int ipVersion, byte protocol) => (ipVersion, protocol) switch
    {
        (_, 6) => 16,
        (_, 17) => 6,
        (4, 1) or (6, 58) => 2,
        _ => null,
    };

    /// <summary>What the checksum of a transport covers beside its segment (RFC 793, RFC 8200 section 8.1).</summary>
    public static uint PseudoHeader(ReadOnlySpan<byte> frame, int network, int ipVersion, byte protocol, int length)
    {
        if (ipVersion == 4 && protocol == 1) return 0;
        var addresses = ipVersion == 4 ? frame.Slice(network + 12, 8) : frame.Slice(network + 8, 32);
        return Add(addresses, (uint)protocol + (uint)length);
    }

    /// <summary>
    /// Whether the checksums of a packet are right that ends with the frame and is no fragment. UDP over IPv4 may do
    /// without.
    /// </summary>
    public static bool AreRight(ReadOnlySpan<byte> frame, IpHeader header)
    {
        var network = header.Offset;
        if (header.Version == 4 && Fold(Add(frame[network..header.TransportOffset], 0)) != 0xffff) return false;
        if (header.TransportOffset > frame.Length) return false;
        var segment = frame[header.TransportOffset..];
        if (Place(header.Version, header.Protocol) is not { } at) return true;
        if (segment.Length < at + 2) return false;
        if (header is { Version: 4, Protocol: 17 } && (segment[at] | segment[at + 1]) == 0) return true;
        var pseudo = PseudoHeader(frame, network, header.Version, header.Protocol, segment.Length);
        return Fold(Add(segment, pseudo)) == 0xffff;
    }
}

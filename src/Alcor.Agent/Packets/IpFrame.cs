using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Packets;

/// <summary>
/// An IP packet of either version in Ethernet, whole: the agent writes no fragments, options or extension headers, and
/// reads none but IPv4 options, which it skips.
/// </summary>
public sealed record IpFrame
{
    internal const byte Icmp = 1;
    internal const byte Udp = 17;
    internal const byte Ipv6Icmp = 58;
    internal const int EthernetLength = 14;
    private const int Ipv4Length = 20;
    private const int Ipv6Length = 40;
    private const int UdpChecksumAt = 6;
    private const int IcmpChecksumAt = 2;
    // Of the word of flags and offset (RFC 791 section 3.1): where a fragment is, and whether more follow.
    private const ushort OffsetMask = 0x1fff;
    private const ushort WholeMask = 0x3fff;
    private const ushort Ipv4Type = 0x0800;
    private const ushort Ipv6Type = 0x86dd;

    public required MacAddress SourceMac { get; init; }

    public required MacAddress DestinationMac { get; init; }

    public required IPAddress Source { get; init; }

    public required IPAddress Destination { get; init; }

    public required byte Protocol { get; init; }

    /// <summary>TTL or hop limit.</summary>
    public byte HopLimit { get; init; } = 64;

    /// <summary>What follows the IP header. Its own checksum need not be right: it is written anew.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// Reads a frame; false when it is no whole IP packet. Checksums are not looked at: a guest whose network card is
    /// to compute them hands over frames without.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> frame, [NotNullWhen(true)] out IpFrame? parsed) =>
        TryParse(frame, WholeMask, out parsed);

    /// <summary>
    /// As <see cref="TryParse(ReadOnlyMemory{byte}, out IpFrame?)"/>, and true too for the fragment of IPv4 that a
    /// packet begins with: its protocol's header is there.
    /// </summary>
    public static bool TryParseFirst(ReadOnlyMemory<byte> frame, [NotNullWhen(true)] out IpFrame? parsed) =>
        TryParse(frame, OffsetMask, out parsed);

    private static bool TryParse(
        ReadOnlyMemory<byte> frame, ushort fragmentMask, [NotNullWhen(true)] out IpFrame? parsed)
    {
        parsed = null;
        if (frame.Length < EthernetLength)
            return false;
        var ip = frame[EthernetLength..];
        parsed = BinaryPrimitives.ReadUInt16BigEndian(frame.Span[12..]) switch
        {
            Ipv4Type => Ipv4(frame.Span, ip, fragmentMask),
            Ipv6Type => Ipv6(frame.Span, ip),
            _ => null,
        };
        return parsed is not null;
    }

    /// <summary>Bytes on the wire.</summary>
    public byte[] Encode()
    {
        var isIpv4 = Source.AddressFamily == AddressFamily.InterNetwork;
        var header = isIpv4 ? Ipv4Length : Ipv6Length;
        var frame = new byte[EthernetLength + header + Payload.Length];
        DestinationMac.Write(frame);
        SourceMac.Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), isIpv4 ? Ipv4Type : Ipv6Type);
        if (isIpv4)
            WriteIpv4(frame.AsSpan(EthernetLength));
        else
            WriteIpv6(frame.AsSpan(EthernetLength));
        var payload = frame.AsSpan(EthernetLength + header);
        Payload.Span.CopyTo(payload);
        WriteChecksum(payload);
        return frame;
    }

    private static IpFrame? Ipv4(ReadOnlySpan<byte> frame, ReadOnlyMemory<byte> packet, ushort fragmentMask)
    {
        var ip = packet.Span;
        if (ip.Length < Ipv4Length)
            return null;
        var header = (ip[0] & 0x0f) * 4;
        var total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & fragmentMask) != 0;
        if (ip[0] >> 4 != 4 || header < Ipv4Length || total < header || total > ip.Length || isFragment)
            return null;
        return new IpFrame
        {
            DestinationMac = MacAddress.Read(frame),
            SourceMac = MacAddress.Read(frame[6..]),
            Source = new IPAddress(ip[12..16]),
            Destination = new IPAddress(ip[16..20]),
            Protocol = ip[9],
            HopLimit = ip[8],
            Payload = packet[header..total],
        };
    }

    private static IpFrame? Ipv6(ReadOnlySpan<byte> frame, ReadOnlyMemory<byte> packet)
    {
        var ip = packet.Span;
        if (ip.Length < Ipv6Length || ip[0] >> 4 != 6)
            return null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(ip[4..]);
        if (length > ip.Length - Ipv6Length)
            return null;
        return new IpFrame
        {
            DestinationMac = MacAddress.Read(frame),
            SourceMac = MacAddress.Read(frame[6..]),
            Source = new IPAddress(ip[8..24]),
            Destination = new IPAddress(ip[24..40]),
            Protocol = ip[6],
            HopLimit = ip[7],
            Payload = packet.Slice(Ipv6Length, length),
        };
    }

    private void WriteIpv4(Span<byte> ip)
    {
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(Ipv4Length + Payload.Length));
        ip[8] = HopLimit;
        ip[9] = Protocol;
        Source.TryWriteBytes(ip[12..], out _);
        Destination.TryWriteBytes(ip[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], InternetChecksum.Of(ip[..Ipv4Length]));
    }

    private void WriteIpv6(Span<byte> ip)
    {
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)Payload.Length);
        ip[6] = Protocol;
        ip[7] = HopLimit;
        Source.TryWriteBytes(ip[8..], out _);
        Destination.TryWriteBytes(ip[24..], out _);
    }

    private void WriteChecksum(Span<byte> payload)
    {
        var at = Protocol switch { Udp => UdpChecksumAt, Icmp or Ipv6Icmp => IcmpChecksumAt, _ => -1 };
        if (at < 0)
            return;
        BinaryPrimitives.WriteUInt16BigEndian(payload[at..], 0);
        var checksum = Protocol == Icmp
            ? InternetChecksum.Of(payload)
            : InternetChecksum.Of(payload, Source, Destination, Protocol);
        // Zero on the wire means "none" in UDP (RFC 768).
        if (checksum == 0 && Protocol == Udp)
            checksum = ushort.MaxValue;
        BinaryPrimitives.WriteUInt16BigEndian(payload[at..], checksum);
    }
}

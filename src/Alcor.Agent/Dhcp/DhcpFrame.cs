using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Dhcp;

/// <summary>A DHCPv4 message in UDP, IPv4 and Ethernet.</summary>
public sealed record DhcpFrame
{
    internal const int ServerPort = 67;
    internal const int ClientPort = 68;
    internal const int HeadersLength = EthernetLength + IpLengthMin + UdpLength;
    private const int EthernetLength = 14;
    private const int IpLengthMin = 20;
    private const int UdpLength = 8;
    private const ushort Ipv4Type = 0x0800;
    private const byte UdpProtocol = 17;
    private const byte TimeToLive = 64;

    public required MacAddress SourceMac { get; init; }

    public required MacAddress DestinationMac { get; init; }

    public required IPAddress Source { get; init; }

    public required IPAddress Destination { get; init; }

    public required DhcpMessage Message { get; init; }

    /// <summary>
    /// Reads what a client (port 68) says to a server (port 67); false for everything else. Checksums are not looked
    /// at: a guest whose network card is to compute them hands over frames without.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out DhcpFrame? parsed)
    {
        parsed = null;
        if (frame.Length < HeadersLength || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != Ipv4Type)
            return false;
        var ip = frame[EthernetLength..];
        var headerLength = (ip[0] & 0x0f) * 4;
        var totalLength = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        if (ip[0] >> 4 != 4 || headerLength < IpLengthMin || totalLength > ip.Length)
            return false;
        var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x3fff) != 0;
        if (isFragment || ip[9] != UdpProtocol || totalLength < headerLength + UdpLength)
            return false;
        var udp = ip[headerLength..totalLength];
        var length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (length < UdpLength || length > udp.Length)
            return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(udp) != ClientPort
            || BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) != ServerPort
            || !DhcpMessage.TryParse(udp[UdpLength..length], out var message))
        {
            return false;
        }
        parsed = new DhcpFrame
        {
            DestinationMac = MacAddress.Read(frame),
            SourceMac = MacAddress.Read(frame[6..]),
            Source = new IPAddress(ip[12..16]),
            Destination = new IPAddress(ip[16..20]),
            Message = message,
        };
        return true;
    }

    /// <summary>
    /// Bytes on the wire. A reply goes from the server's port to the client's, a request the other way.
    /// </summary>
    public byte[] Encode()
    {
        var payload = Message.Encode();
        var frame = new byte[HeadersLength + payload.Length];
        DestinationMac.Write(frame);
        SourceMac.Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), Ipv4Type);
        WriteIp(frame.AsSpan(EthernetLength, IpLengthMin), (ushort)(IpLengthMin + UdpLength + payload.Length));
        var udp = frame.AsSpan(EthernetLength + IpLengthMin);
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)(Message.IsReply ? ServerPort : ClientPort));
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)(Message.IsReply ? ClientPort : ServerPort));
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[UdpLength..]);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], UdpChecksum(udp));
        return frame;
    }

    private void WriteIp(Span<byte> ip, ushort totalLength)
    {
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], totalLength);
        ip[8] = TimeToLive;
        ip[9] = UdpProtocol;
        Source.TryWriteBytes(ip[12..], out _);
        Destination.TryWriteBytes(ip[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Fold(Sum(ip, 0)));
    }

    private ushort UdpChecksum(ReadOnlySpan<byte> udp)
    {
        Span<byte> pseudo = stackalloc byte[12];
        Source.TryWriteBytes(pseudo, out _);
        Destination.TryWriteBytes(pseudo[4..], out _);
        pseudo[9] = UdpProtocol;
        BinaryPrimitives.WriteUInt16BigEndian(pseudo[10..], (ushort)udp.Length);
        var checksum = Fold(Sum(udp, Sum(pseudo, 0)));
        // Zero on the wire means "none" (RFC 768).
        return checksum == 0 ? ushort.MaxValue : checksum;
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

using System.Buffers.Binary;
using Alcor.OpenFlow;

namespace Alcor.Demo.InMemory;

/// <summary>The frames that a simulated machine sends besides DHCP.</summary>
internal static class Frames
{
    public const ushort ArpType = 0x0806;
    public const ushort Ipv4Type = 0x0800;
    public const byte IcmpProtocol = 1;
    public const byte EchoRequest = 8;
    public const byte EchoReply = 0;
    private const int EthernetLength = 14;
    private const int IpLength = 20;
    private const int SequenceAt = EthernetLength + IpLength + 6;

    // What ping(8) sends by default: 56 bytes after the header of ICMP.
    private const int EchoLength = 8 + 56;

    /// <summary>Who has <paramref name="target"/>? (RFC 826)</summary>
    public static Packet ArpRequest(MacAddress mac, Ipv4Address source, Ipv4Address target)
    {
        var frame = new byte[EthernetLength + 28];
        WriteEthernet(frame, MacAddress.Broadcast, mac, ArpType);
        ReadOnlySpan<byte> ethernetToIpv4 = [0, 1, 8, 0, 6, 4, 0, 1];
        ethernetToIpv4.CopyTo(frame.AsSpan(EthernetLength));
        return new Packet(frame)
            .With(Field.ArpSha, mac.Value).With(Field.ArpSpa, source.Value).With(Field.ArpTpa, target.Value);
    }

    /// <summary>An echo request (RFC 792) with a sequence number.</summary>
    public static Packet Echo((MacAddress Mac, Ipv4Address Ip) from, (MacAddress Mac, Ipv4Address Ip) to, ushort number)
    {
        var frame = new byte[EthernetLength + IpLength + EchoLength];
        WriteEthernet(frame, to.Mac, from.Mac, Ipv4Type);
        var ip = frame.AsSpan(EthernetLength);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], IpLength + EchoLength);
        ip[8] = 64;
        ip[9] = IcmpProtocol;
        ip[IpLength] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(SequenceAt), number);
        // Writing a field makes the checksums right.
        return new Packet(frame).With(Field.Ipv4Src, from.Ip.Value).With(Field.Ipv4Dst, to.Ip.Value);
    }

    /// <summary>The answer to an echo request.</summary>
    public static Packet Answer(Packet request) => request
        .With(Field.EthDst, request[Field.EthSrc]).With(Field.EthSrc, request[Field.EthDst])
        .With(Field.Ipv4Dst, request[Field.Ipv4Src]).With(Field.Ipv4Src, request[Field.Ipv4Dst])
        .With(Field.Icmpv4Type, EchoReply);

    public static ushort Sequence(Packet echo) => BinaryPrimitives.ReadUInt16BigEndian(echo.Bytes.Span[SequenceAt..]);

    private static void WriteEthernet(byte[] frame, MacAddress to, MacAddress from, ushort type)
    {
        to.Write(frame);
        from.Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
    }
}

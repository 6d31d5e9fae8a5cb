using System.Buffers.Binary;
using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Reachability.Tests;

/// <summary>
/// A probe as the bytes of an Ethernet frame, its checksums right. Made here byte by byte, so that none of the code
/// under test has a part in it.
/// </summary>
internal static partial class ProbeFrame
{
    private const int EthernetLength = 14;
    private static readonly byte[] Payload = "reachability"u8.ToArray();

    public static byte[] Encode(Probe probe) => probe.Content switch
    {
        IpContent { Version: 4 } ip => [.. Ethernet(probe, 0x0800), .. Ipv4(ip)],
        IpContent ip => [.. Ethernet(probe, 0x86dd), .. Ipv6(ip)],
        ArpRequest arp => [.. Ethernet(probe, 0x0806), .. Arp(1, (arp.SenderMac, arp.Sender), (default, arp.Sought))],
        ArpReply arp => [.. Ethernet(probe, 0x0806), .. Arp(2, (arp.SenderMac, arp.Sender), (arp.AskerMac, arp.Asker))],
        NeighborSolicitation it => [.. Ethernet(probe, 0x86dd), .. Ipv6(it.Source, it.Target, Discovery(it))],
        NeighborAdvertisement it => [.. Ethernet(probe, 0x86dd), .. Ipv6(it.Source, it.Target, Discovery(it))],
        OtherContent other => [.. Ethernet(probe, other.EtherType), .. new byte[46]],
        _ => throw new ArgumentException($"{probe.Content} has no frame", nameof(probe)),
    };

    private static byte[] Ethernet(Probe probe, int type) =>
        [.. Bytes(probe.TargetMac), .. Bytes(probe.SourceMac), (byte)(type >> 8), (byte)type];

    /// <summary>RFC 826 for Ethernet and IPv4.</summary>
    private static byte[] Arp(
        byte operation, (MacAddress Mac, IPAddress Ip) sender, (MacAddress Mac, IPAddress Ip) target) =>
    [
        0, 1, 0x08, 0, 6, 4, 0, operation,
        .. Bytes(sender.Mac), .. sender.Ip.GetAddressBytes(), .. Bytes(target.Mac), .. target.Ip.GetAddressBytes(),
    ];

    private static byte[] Ipv4(IpContent ip) => Ipv4(ip, Encode(ip), identification: 1, position: 0);

    private static byte[] Ipv4(IpContent ip, byte[] transport, int identification, int position)
    {
        byte[] header =
        [
            0x45, 0, .. Two(20 + transport.Length), .. Two(identification), .. Two(position),
            (byte)ip.HopLimit, (byte)ip.Protocol, 0, 0,
            .. ip.Source.GetAddressBytes(), .. ip.Target.GetAddressBytes(),
        ];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Checksum(header));
        return [.. header, .. transport];
    }

    private static byte[] Ipv6(IpContent ip)
    {
        var transport = Encode(ip);
        return
        [
            0x60, 0, 0, 0, .. Two(transport.Length), (byte)ip.Protocol, (byte)ip.HopLimit,
            .. ip.Source.GetAddressBytes(), .. ip.Target.GetAddressBytes(), .. transport,
        ];
    }

    /// <summary>Neighbour discovery, which no router forwards (RFC 4861 section 6.1).</summary>
    private static byte[] Ipv6(IPAddress source, IPAddress target, byte[] message)
    {
        byte[] pseudo =
        [
            .. source.GetAddressBytes(), .. target.GetAddressBytes(), 0, 0, .. Two(message.Length),
            0, Protocol.Ipv6Icmp,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum([.. pseudo, .. message]));
        return
        [
            0x60, 0, 0, 0, .. Two(message.Length), Protocol.Ipv6Icmp, 255,
            .. source.GetAddressBytes(), .. target.GetAddressBytes(), .. message,
        ];
    }

    private static byte[] Discovery(NeighborSolicitation asked) =>
        [135, 0, 0, 0, 0, 0, 0, 0, .. asked.Sought.GetAddressBytes(), .. LinkLayer(1, asked.LinkLayer)];

    private static byte[] Discovery(NeighborAdvertisement told)
    {
        var flags = (told.IsRouter ? 0x80 : 0) | (told.IsSolicited ? 0x40 : 0) | 0x20;
        return
        [
            136, 0, 0, 0, (byte)flags, 0, 0, 0, .. told.Sought.GetAddressBytes(), .. LinkLayer(2, told.LinkLayer),
        ];
    }

    private static byte[] LinkLayer(byte type, MacAddress? mac) => mac is null ? [] : [type, 1, .. Bytes(mac.Value)];

    private static byte[] Encode(IpContent ip)
    {
        var (bytes, checksumAt) = ip.Transport switch
        {
            Segment { Protocol: Protocol.Tcp } tcp => (Stream(tcp), 16),
            Segment udp => (Datagram(udp, ip.Fragments is null ? Payload : LargePayload), 6),
            Icmp icmp => (Message(icmp), 2),
            PortUnreachable error => (Message(error), 2),
            _ => ((byte[])[.. Payload], -1),
        };
        if (checksumAt >= 0)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(checksumAt), TransportChecksum(ip, bytes));
        return bytes;
    }

    /// <summary>Sequence numbers such that a SYN, its answer and the next segment fit together.</summary>
    private static byte[] Stream(Segment segment) =>
    [
        .. Two(segment.SourcePort), .. Two(segment.TargetPort),
        0, 0, 0, segment.Flags == TcpFlags.Ack ? (byte)2 : (byte)1,
        0, 0, 0, segment.Flags == TcpFlags.Syn ? (byte)0 : (byte)2,
        0x50, (byte)segment.Flags, 0xff, 0xff, 0, 0, 0, 0, .. segment.Flags == TcpFlags.Ack ? Payload : [],
    ];

    private static byte[] Datagram(Segment segment, byte[] payload) =>
        [.. Two(segment.SourcePort), .. Two(segment.TargetPort), .. Two(8 + payload.Length), 0, 0, .. payload];

    private static byte[] Message(Icmp icmp) =>
        [(byte)icmp.Type, (byte)icmp.Code, 0, 0, .. Two(icmp.Identifier), 0, 1, .. Payload];

    private static byte[] Message(PortUnreachable error) =>
    [
        (byte)error.Type, (byte)error.Code, 0, 0, 0, 0, 0, 0,
        .. error.Quoted.Version == 4 ? Ipv4(error.Quoted) : Ipv6(error.Quoted),
    ];

    private static ushort TransportChecksum(IpContent ip, byte[] transport)
    {
        if (ip is { Version: 4, Protocol: Protocol.Icmp })
            return Checksum(transport);
        byte[] pseudo =
        [
            .. ip.Source.GetAddressBytes(), .. ip.Target.GetAddressBytes(), 0, 0, .. Two(transport.Length),
            0, (byte)ip.Protocol,
        ];
        var checksum = Checksum([.. pseudo, .. transport]);
        // Zero on the wire means "none" in UDP (RFC 768).
        return ip.Protocol == Protocol.Udp && checksum == 0 ? ushort.MaxValue : checksum;
    }

    /// <summary>The Internet checksum (RFC 1071).</summary>
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i++)
            sum += (uint)bytes[i] << (i % 2 == 0 ? 8 : 0);
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static byte[] Two(int number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Bytes(MacAddress mac)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, mac.Bits);
        return bytes[2..];
    }
}

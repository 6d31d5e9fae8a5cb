using System.Buffers.Binary;
using System.Net;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tracing;

/// <summary>Frames that machines send, with right checksums.</summary>
internal static class MachineFrames
{
    private const byte Synchronize = 0x02;
    private const byte SynchronizeAndAcknowledge = 0x12;
    private const byte Ipv4EchoRequest = 8;
    private const byte Ipv6EchoRequest = 128;

    /// <summary>The first packet of a connection.</summary>
    public static ReadOnlyMemory<byte> Begin(TraceQuestion question)
    {
        var size = question.Size - (question.Destination.Alone().IsIpv4() ? 20 : 40);
        return question.Protocol switch
        {
            Protocols.Tcp => Filled(Segment(question.SourcePort, question.DestinationPort), size),
            Protocols.Udp => new UdpDatagram(question.SourcePort, question.DestinationPort,
                Filled("trace"u8.ToArray(), size - UdpDatagram.HeaderLength)).Encode(),
            Protocols.Icmp => Filled(Message(question, Ipv4EchoRequest), size),
            Protocols.Ipv6Icmp => Filled(Message(question, Ipv6EchoRequest), size),
            _ => Filled(new byte[16], size),
        };
    }

    /// <summary>What the receiver of an IP packet answers: ends exchanged, accepted, echoed.</summary>
    public static ReadOnlyMemory<byte> Answer(IpFrame received)
    {
        var payload = received.Payload.ToArray();
        switch (received.Protocol)
        {
            case Protocols.Tcp:
                Exchange(payload);
                payload[13] = SynchronizeAndAcknowledge;
                BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(8), 2);
                break;
            case Protocols.Udp or Protocols.Sctp:
                Exchange(payload);
                break;
            case Protocols.Icmp when payload[0] == Ipv4EchoRequest:
                payload[0] = 0;
                break;
            case Protocols.Ipv6Icmp when payload[0] == Ipv6EchoRequest:
                payload[0] = 129;
                break;
        }
        return payload;
    }

    public static Packet Ip(
        (MacAddress Mac, IPAddress Ip) from, (MacAddress Mac, IPAddress Ip) to, byte protocol,
        ReadOnlyMemory<byte> payload) =>
        new Packet(new IpFrame
        {
            SourceMac = from.Mac, DestinationMac = to.Mac, Source = from.Ip, Destination = to.Ip,
            Protocol = protocol, Payload = payload,
        }.Encode()).Summed();

    /// <summary>Asks everybody who has an address (RFC 826, RFC 4861 section 4.3).</summary>
    public static Packet Ask((MacAddress Mac, IPAddress Ip) asker, IPAddress target)
    {
        if (target.Alone().IsIpv4())
            return new Packet(ArpFrame.Question(asker.Mac, asker.Ip, target).Encode());
        var sought = target.GetAddressBytes();
        var mac = new byte[6];
        asker.Mac.Write(mac);
        // To the solicited-node address (RFC 4291 section 2.7.1) and its group in Ethernet (RFC 2464 section 7).
        var group = new IPAddress([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, .. sought[13..]]);
        var groupMac = new MacAddress(
            0x3333_ff00_0000UL | BinaryPrimitives.ReadUInt32BigEndian(sought.AsSpan(12)) & 0xff_ffff);
        byte[] solicitation = [135, 0, 0, 0, 0, 0, 0, 0, .. sought, 1, 1, .. mac];
        return new Packet(new IpFrame
        {
            SourceMac = asker.Mac, DestinationMac = groupMac, Source = asker.Ip, Destination = group,
            Protocol = Protocols.Ipv6Icmp, HopLimit = 255, Payload = solicitation,
        }.Encode()).Summed();
    }

    /// <summary>A SYN (RFC 9293 section 3.1).</summary>
    private static byte[] Segment(ushort source, ushort target)
    {
        var segment = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(segment, source);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), target);
        segment[7] = 1;
        segment[12] = 5 << 4;
        segment[13] = Synchronize;
        segment[14] = segment[15] = 0xff;
        return segment;
    }

    private static byte[] Message(TraceQuestion question, byte echo) =>
        [question.IcmpType ?? echo, question.IcmpCode, 0, 0, 0xa1, 0xc0, 0, 1, .. "trace"u8];

    private static byte[] Filled(byte[] bytes, int size)
    {
        Array.Resize(ref bytes, Math.Max(bytes.Length, size));
        return bytes;
    }

    private static void Exchange(Span<byte> payload)
    {
        Span<byte> source = stackalloc byte[2];
        payload[..2].CopyTo(source);
        payload[2..4].CopyTo(payload);
        source.CopyTo(payload[2..]);
    }
}

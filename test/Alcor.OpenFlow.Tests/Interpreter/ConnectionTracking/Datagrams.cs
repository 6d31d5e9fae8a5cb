using System.Buffers.Binary;

namespace Alcor.OpenFlow.Tests;

/// <summary>IP packets in frames, of either family, made by hand: no code under test makes them.</summary>
internal static class Datagrams
{
    public const byte Fin = 1;
    public const byte Syn = 2;
    public const byte Rst = 4;
    public const byte Ack = 16;

    /// <summary>A frame with an IP packet around a transport's segment, checksums right.</summary>
    public static byte[] Ip(string source, string target, byte protocol, ReadOnlySpan<byte> segment, byte ttl = 64)
    {
        var isIpv4 = Ipv4Address.TryParse(source, out _);
        var header = isIpv4 ? Ipv4Header(source, target, protocol, segment.Length, ttl)
            : Ipv6Header(source, target, protocol, segment.Length, ttl);
        var body = segment.ToArray();
        int? at = protocol switch { 6 => 16, 17 => 6, 1 or 58 => 2, _ => null };
        if (at is { } place)
        {
            var addresses = isIpv4 ? header.AsSpan(12, 8) : header.AsSpan(8, 32);
            var pseudo = protocol == 1 ? 0 : (uint)(ushort)~Sum(addresses, (uint)(protocol + body.Length));
            BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(place), 0);
            BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(place), Sum(body, pseudo));
        }

        byte[] ethernet = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, .. isIpv4 ? new byte[] { 8, 0 } : [0x86, 0xdd]];
        return [.. ethernet, .. header, .. body];
    }

    public static byte[] Udp(string source, string target, ushort from, ushort to, int payload = 4) =>
        Ip(source, target, 17, [.. Words(from, to, (ushort)(8 + payload), 0), .. Payload(payload)]);

    public static byte[] Tcp(
        string source, string target, (ushort From, ushort To) ports, byte flags,
        (uint Sequence, uint Acknowledgement, int Payload) at)
    {
        var header = new byte[20];
        Words(ports.From, ports.To).CopyTo(header, 0);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), at.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), at.Acknowledgement);
        (header[12], header[13]) = (0x50, flags);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), 8_000);
        return Ip(source, target, 6, [.. header, .. Payload(at.Payload)]);
    }

    /// <summary>An ICMP message of four bytes behind its header, and a body; of the family of the addresses.</summary>
    public static byte[] Icmp(string source, string target, byte type, byte code, params ReadOnlySpan<byte> rest) =>
        Ip(source, target, Ipv4Address.TryParse(source, out _) ? (byte)1 : (byte)58, [type, code, 0, 0, .. rest]);

    public static byte[] Echo(string source, string target, byte type, ushort identifier, int payload = 8) =>
        Icmp(source, target, type, 0, [.. Words(identifier, 1), .. Payload(payload)]);

    /// <summary>An error about a packet, which is quoted up to a length.</summary>
    public static byte[] Error(string source, byte type, byte code, byte[] about, int quoted = 48)
    {
        var target = Address(about, isSource: true);
        var packet = about.AsSpan(14, Math.Min(quoted, about.Length - 14));
        return Icmp(source, target, type, code, [0, 0, 0, 0, .. packet]);
    }

    /// <summary>The fragments of a packet whose payload is cut at multiples of 8.</summary>
    public static byte[][] Fragments(byte[] frame, int size, ushort identifier = 77)
    {
        var isIpv4 = frame[12] == 8;
        var start = 14 + (isIpv4 ? 20 : 40);
        var fragments = new List<byte[]>();
        for (var at = start; at < frame.Length; at += size)
        {
            var piece = frame[at..Math.Min(at + size, frame.Length)];
            var isLast = at + size >= frame.Length;
            fragments.Add(isIpv4 ? Ipv4Fragment(frame, piece, at - start, isLast, identifier)
                : Ipv6Fragment(frame, piece, at - start, isLast, identifier));
        }

        return [.. fragments];
    }

    private static byte[] Ipv4Fragment(byte[] frame, byte[] piece, int offset, bool isLast, ushort identifier)
    {
        var header = frame[14..34];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(20 + piece.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), identifier);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), (ushort)(offset / 8 | (isLast ? 0 : 0x2000)));
        (header[10], header[11]) = (0, 0);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Sum(header, 0));
        return [.. frame[..14], .. header, .. piece];
    }

    private static byte[] Ipv6Fragment(byte[] frame, byte[] piece, int offset, bool isLast, ushort identifier)
    {
        var header = frame[14..54];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)(8 + piece.Length));
        byte[] extension =
            [header[6], 0, .. Words((ushort)(offset | (isLast ? 0 : 1))), 0, 0, .. Words(identifier)];
        header[6] = 44;
        return [.. frame[..14], .. header, .. extension, .. piece];
    }

    private static string Address(byte[] frame, bool isSource) => frame[12] == 8
        ? new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(isSource ? 26 : 30))).ToString()
        : new Ipv6Address(BinaryPrimitives.ReadUInt128BigEndian(frame.AsSpan(isSource ? 22 : 38))).ToString();

    private static byte[] Ipv4Header(string source, string target, byte protocol, int length, byte ttl)
    {
        byte[] header = [0x45, 0, .. Words((ushort)(20 + length)), 0, 1, 0, 0, ttl, protocol, 0, 0, .. new byte[8]];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), Ipv4Address.Parse(source).Value);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), Ipv4Address.Parse(target).Value);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Sum(header, 0));
        return header;
    }

    private static byte[] Ipv6Header(string source, string target, byte protocol, int length, byte ttl)
    {
        byte[] header = [0x60, 0, 0, 0, .. Words((ushort)length), protocol, ttl, .. new byte[32]];
        BinaryPrimitives.WriteUInt128BigEndian(header.AsSpan(8), Ipv6Address.Parse(source).Value);
        BinaryPrimitives.WriteUInt128BigEndian(header.AsSpan(24), Ipv6Address.Parse(target).Value);
        return header;
    }

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    private static byte[] Words(params ReadOnlySpan<ushort> words)
    {
        var bytes = new byte[2 * words.Length];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), words[i]);
        return bytes;
    }

    private static ushort Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (var i = 0; i < bytes.Length; i++) sum += i % 2 == 0 ? (uint)bytes[i] << 8 : bytes[i];
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}

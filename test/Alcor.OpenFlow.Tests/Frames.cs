using System.Buffers.Binary;

namespace Alcor.OpenFlow.Tests;

/// <summary>Frames made by hand, byte by byte, so that no code under test makes them.</summary>
internal static class Frames
{
    public static byte[] Arp(ushort operation, string sender, string senderAddress, string target)
    {
        var frame = new byte[42];
        MacAddress.Broadcast.Write(frame);
        MacAddress.Parse(sender).Write(frame.AsSpan(6));
        byte[] fixedPart = [0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, (byte)operation];
        fixedPart.CopyTo(frame.AsSpan(12));
        MacAddress.Parse(sender).Write(frame.AsSpan(22));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(28), Ipv4Address.Parse(senderAddress).Value);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(38), Ipv4Address.Parse(target).Value);
        return frame;
    }

    /// <summary>An IPv4 packet with 8 to 20 bytes of transport header and a payload, checksums right.</summary>
    public static byte[] Ipv4(string source, string target, byte protocol, ushort from, ushort to, byte ttl = 64)
    {
        var transport = protocol == 6 ? 20 : 8;
        var frame = new byte[14 + 20 + transport + 6];
        MacAddress.Parse("02:00:00:00:00:02").Write(frame);
        MacAddress.Parse("02:00:00:00:00:01").Write(frame.AsSpan(6));
        frame[12] = 0x08;
        byte[] header = [0x45, 0, 0, (byte)(frame.Length - 14), 0, 1, 0, 0, ttl, protocol];
        header.CopyTo(frame.AsSpan(14));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(26), Ipv4Address.Parse(source).Value);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(30), Ipv4Address.Parse(target).Value);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), Sum(frame.AsSpan(14, 20), 0));
        Transport(frame, 34, protocol, from, to);
        return frame;
    }

    public static byte[] Ipv6(string source, string target, byte protocol, ushort from, ushort to)
    {
        var frame = new byte[14 + 40 + (protocol == 6 ? 20 : 8) + 6];
        MacAddress.Parse("02:00:00:00:00:02").Write(frame);
        MacAddress.Parse("02:00:00:00:00:01").Write(frame.AsSpan(6));
        (frame[12], frame[13]) = (0x86, 0xdd);
        byte[] header = [0x60, 0, 0, 0, 0, (byte)(frame.Length - 54), protocol, 64];
        header.CopyTo(frame.AsSpan(14));
        BinaryPrimitives.WriteUInt128BigEndian(frame.AsSpan(22), Ipv6Address.Parse(source).Value);
        BinaryPrimitives.WriteUInt128BigEndian(frame.AsSpan(38), Ipv6Address.Parse(target).Value);
        Transport(frame, 54, protocol, from, to);
        return frame;
    }

    public static byte[] Tagged(byte[] frame, ushort tag) =>
        [.. frame[..12], 0x81, 0, (byte)(tag >> 8), (byte)tag, .. frame[12..]];

    /// <summary>Whether the checksums of an IPv4 frame of <see cref="Ipv4"/> are right.</summary>
    public static bool IsSummed(byte[] frame)
    {
        var protocol = frame[23];
        return Sum(frame.AsSpan(14, 20), 0) == 0 && Sum(frame.AsSpan(34), Pseudo(frame, 34, protocol)) == 0;
    }

    private static void Transport(byte[] frame, int at, byte protocol, ushort from, ushort to)
    {
        var isIcmp = protocol is 1 or 58;
        if (isIcmp)
        {
            (frame[at], frame[at + 1]) = ((byte)from, (byte)to);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), from);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 2), to);
        }

        if (protocol == 6) frame[at + 12] = 0x50;
        if (protocol == 17) frame[at + 5] = (byte)(frame.Length - at);
        var sum = Sum(frame.AsSpan(at), Pseudo(frame, at, protocol));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + protocol switch { 6 => 16, 17 => 6, _ => 2 }), sum);
    }

    private static uint Pseudo(byte[] frame, int at, byte protocol)
    {
        if (protocol == 1) return 0;
        var addresses = at == 34 ? frame.AsSpan(26, 8) : frame.AsSpan(22, 32);
        return (uint)(ushort)~Sum(addresses, (uint)(protocol + frame.Length - at));
    }

    private static ushort Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (var i = 0; i < bytes.Length; i++) sum += i % 2 == 0 ? (uint)bytes[i] << 8 : bytes[i];
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}

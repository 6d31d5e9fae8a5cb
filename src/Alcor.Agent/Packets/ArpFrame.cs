using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Packets;

/// <summary>An ARP packet for IPv4 in Ethernet (RFC 826).</summary>
/// <param name="SenderMac">Also the source of the frame.</param>
public sealed record ArpFrame(bool IsReply, MacAddress SenderMac, IPAddress Sender, IPAddress Target)
{
    private const int Length = 14 + 28;
    private const ushort ArpType = 0x0806;

    /// <summary>Ethernet and IPv4, with addresses of 6 and 4 bytes.</summary>
    private static ReadOnlySpan<byte> Kind => [0, 1, 8, 0, 6, 4];

    /// <summary>Asks who has an address, of everybody.</summary>
    public static ArpFrame Question(MacAddress asker, IPAddress own, IPAddress target) =>
        new(IsReply: false, asker, own, target);

    /// <summary>Tells everybody who has an address, by asking for it (RFC 5227 section 3).</summary>
    public static ArpFrame Announcement(MacAddress owner, IPAddress address) =>
        new(IsReply: false, owner, address, address);

    public static bool TryParse(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out ArpFrame? parsed)
    {
        parsed = null;
        if (frame.Length < Length || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != ArpType
            || !frame.Slice(14, Kind.Length).SequenceEqual(Kind))
        {
            return false;
        }
        var operation = BinaryPrimitives.ReadUInt16BigEndian(frame[20..]);
        if (operation is not (1 or 2))
            return false;
        parsed = new ArpFrame(
            operation == 2, MacAddress.Read(frame[22..]), new IPAddress(frame[28..32]), new IPAddress(frame[38..42]));
        return true;
    }

    /// <summary>Bytes on the wire, to everybody.</summary>
    public byte[] Encode()
    {
        var frame = new byte[Length];
        MacAddress.Broadcast.Write(frame);
        SenderMac.Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), ArpType);
        Kind.CopyTo(frame.AsSpan(14));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), (ushort)(IsReply ? 2 : 1));
        SenderMac.Write(frame.AsSpan(22));
        Sender.TryWriteBytes(frame.AsSpan(28), out _);
        Target.TryWriteBytes(frame.AsSpan(38), out _);
        return frame;
    }
}

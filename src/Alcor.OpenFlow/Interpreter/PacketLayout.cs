using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>
/// Where some bits are: a number of <see cref="Length"/> bytes at <see cref="Offset"/>, shifted and cut.
/// </summary>
internal readonly record struct FieldLocation(int Offset, int Length, int Shift, int Width)
{
    public UInt128 Ones => UInt128.MaxValue >> (128 - Width);
}

/// <summary>
/// Which fields a frame has and where. A header that is cut short is not there, and a field is there only with its
/// header: that is how prerequisites are kept when actions read and write.
/// </summary>
internal sealed class PacketLayout
{
    private const int EthernetLength = 14;
    private const uint FirstFragment = 1;
    private const uint LaterFragment = 3;
    private readonly Dictionary<Field, FieldLocation> locations = [];

    public PacketLayout(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetLength) return;
        Whole(Field.EthDst, 0);
        Whole(Field.EthSrc, 6);
        NetworkOffset = EthernetLength;
        var type = UInt16(frame, 12);
        if (type is 0x8100 or 0x88a8 && frame.Length >= EthernetLength + 4)
        {
            IsTagged = true;
            NetworkOffset += 4;
            locations[Field.VlanVid] = new FieldLocation(14, 2, 0, 12);
            locations[Field.VlanPcp] = new FieldLocation(14, 2, 13, 3);
            type = UInt16(frame, 16);
        }

        Whole(Field.EthType, NetworkOffset - 2);
        if (type == 0x0800) ParseIpv4(frame);
        else if (type == 0x86dd) ParseIpv6(frame);
        else if (type == 0x0806) ParseArp(frame);
    }

    public bool IsTagged { get; }

    public int NetworkOffset { get; }

    /// <summary>4, 6, or 0 when the packet is not IP.</summary>
    public int IpVersion { get; private set; }

    /// <summary>0 when there is no whole transport header that this library knows, as in a later fragment.</summary>
    public int TransportOffset { get; private set; }

    /// <summary>Where the IP packet ends: the frame may have padding after it.</summary>
    public int End { get; private set; }

    public int Protocol { get; private set; }

    /// <summary>The value of <see cref="Field.IpFragment"/>.</summary>
    public uint Fragment { get; private set; }

    public FieldLocation? Find(Field field) => locations.TryGetValue(field, out var location) ? location : null;

    private static ushort UInt16(ReadOnlySpan<byte> frame, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);

    private void Whole(Field field, int offset) =>
        locations[field] = new FieldLocation(offset, field.Length, 0, field.Width);

    private void ParseArp(ReadOnlySpan<byte> frame)
    {
        var at = NetworkOffset;
        // Only for IPv4 over Ethernet do the addresses stand where the fields want them.
        if (frame.Length < at + 28 || BinaryPrimitives.ReadUInt64BigEndian(frame[at..]) >> 16 != 0x0001_0800_0604)
            return;
        Whole(Field.ArpOp, at + 6);
        Whole(Field.ArpSha, at + 8);
        Whole(Field.ArpSpa, at + 14);
        Whole(Field.ArpTha, at + 18);
        Whole(Field.ArpTpa, at + 24);
    }

    private void ParseIpv4(ReadOnlySpan<byte> frame)
    {
        var at = NetworkOffset;
        if (frame.Length < at + 20 || frame[at] >> 4 != 4) return;
        var header = (frame[at] & 15) * 4;
        int total = UInt16(frame, at + 2);
        if (header < 20 || total < header || frame.Length < at + total) return;
        (IpVersion, Protocol, End) = (4, frame[at + 9], at + total);
        locations[Field.IpDscp] = new FieldLocation(at + 1, 1, 2, 6);
        locations[Field.IpEcn] = new FieldLocation(at + 1, 1, 0, 2);
        Whole(Field.IpTtl, at + 8);
        Whole(Field.IpProto, at + 9);
        Whole(Field.Ipv4Src, at + 12);
        Whole(Field.Ipv4Dst, at + 16);
        var isLaterFragment = (UInt16(frame, at + 6) & 0x1fff) != 0;
        Fragment = isLaterFragment ? LaterFragment : (UInt16(frame, at + 6) & 0x2000) != 0 ? FirstFragment : 0;
        if (!isLaterFragment) ParseTransport(frame, at + header);
    }

    private void ParseIpv6(ReadOnlySpan<byte> frame)
    {
        const int header = 40;
        var at = NetworkOffset;
        if (frame.Length < at + header || frame[at] >> 4 != 6) return;
        End = at + header + UInt16(frame, at + 4);
        if (End > frame.Length) return;
        IpVersion = 6;
        locations[Field.IpDscp] = new FieldLocation(at, 2, 6, 6);
        locations[Field.IpEcn] = new FieldLocation(at, 2, 4, 2);
        Whole(Field.IpTtl, at + 7);
        Whole(Field.Ipv6Src, at + 8);
        Whole(Field.Ipv6Dst, at + 24);
        var (next, nextAt, offset) = ((int)frame[at + 6], at + 6, at + header);
        // Hop-by-hop, routing, fragment and destination options (RFC 8200 section 4).
        while (next is 0 or 43 or 44 or 60 && offset + 8 <= End)
        {
            if (next == 44)
            {
                var position = UInt16(frame, offset + 2);
                if ((position & 0xfff8) != 0) Fragment = LaterFragment;
                else if ((position & 1) != 0) Fragment = FirstFragment;
                // What follows is in the middle of something: Open vSwitch looks no further, and has this protocol.
                if (Fragment == LaterFragment) break;
            }

            var length = next == 44 ? 8 : (frame[offset + 1] + 1) * 8;
            (next, nextAt, offset) = (frame[offset], offset, offset + length);
        }

        Protocol = next;
        Whole(Field.IpProto, nextAt);
        if (Fragment != LaterFragment) ParseTransport(frame, offset);
    }

    private void ParseTransport(ReadOnlySpan<byte> frame, int at)
    {
        var length = End - at;
        switch (IpVersion, Protocol)
        {
            case (_, 6) when length >= 20:
                Whole(Field.TcpSrc, at);
                Whole(Field.TcpDst, at + 2);
                locations[Field.TcpFlags] = new FieldLocation(at + 12, 2, 0, 12);
                break;
            case (_, 17) when length >= 8:
                Whole(Field.UdpSrc, at);
                Whole(Field.UdpDst, at + 2);
                break;
            case (_, 132) when length >= 12:
                Whole(Field.SctpSrc, at);
                Whole(Field.SctpDst, at + 2);
                break;
            case (4, 1) when length >= 8:
                Whole(Field.Icmpv4Type, at);
                Whole(Field.Icmpv4Code, at + 1);
                break;
            case (6, 58) when length >= 8:
                Whole(Field.Icmpv6Type, at);
                Whole(Field.Icmpv6Code, at + 1);
                if (frame[at] is 135 or 136 && frame[at + 1] == 0 && length >= 24) ParseNeighbourDiscovery(frame, at);
                break;
            default:
                return;
        }

        TransportOffset = at;
    }

    private void ParseNeighbourDiscovery(ReadOnlySpan<byte> frame, int at)
    {
        Whole(Field.NdReserved, at + 4);
        Whole(Field.NdTarget, at + 8);
        if (at + 32 <= End) Whole(Field.NdOptionType, at + 24);
        for (var option = at + 24; option + 8 <= End && frame[option + 1] > 0; option += frame[option + 1] * 8)
        {
            if (frame[option + 1] != 1) continue;
            if (frame[option] == 1 && frame[at] == 135) Whole(Field.NdSll, option + 2);
            if (frame[option] == 2 && frame[at] == 136) Whole(Field.NdTll, option + 2);
        }
    }
}

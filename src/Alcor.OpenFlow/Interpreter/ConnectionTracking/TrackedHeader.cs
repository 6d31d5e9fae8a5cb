using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>
/// What the tracking of connections reads of a packet. An ICMP error has the key of the packet that it quotes, as if it
/// came from that one's receiver, and is related to its connection.
/// </summary>
internal readonly record struct TrackedHeader(ConnectionKey Key, bool IsRelated, TcpSegment? Tcp)
{
    // Of a packet that an error quotes, as many bytes behind its IP header are there at least (RFC 792). In ICMPv6 it
    // is as much as fits (RFC 4443), so that the whole header of a transport is expected.
    private const int QuotedLength = 8;

    /// <summary>
    /// Null when the packet belongs to no connection and begins none: a fragment, or not well formed.
    /// </summary>
    public static TrackedHeader? Read(Packet packet, ushort zone)
    {
        var layout = packet.Layout;
        if (layout.IpVersion == 0) return null;
        var frame = packet.Bytes.Span[..layout.End];
        if (IpHeader.Read(frame, layout.NetworkOffset, layout.IpVersion) is not { IsFragment: false } header
            || !Checksums.AreRight(frame, header)) return null;
        var segment = frame[header.TransportOffset..];
        if (!IsWhole(header.Protocol, segment)) return null;
        if (Ends(header, segment, segment.Length) is var (source, target))
        {
            var tcp = header.Protocol == 6 ? TcpSegment.Read(segment) : (TcpSegment?)null;
            var key = new ConnectionKey(zone, header.Version, header.Protocol, source, target);
            return new TrackedHeader(key, false, tcp);
        }

        return ReadQuoted(frame, header, zone);
    }

    /// <summary>Whether its first packet may begin a connection.</summary>
    public bool MayBegin => Key.IsIcmp
        ? Key.IpVersion == 4 ? Key.Source.IcmpType is 8 or 13 or 15 : Key.Source.IcmpType == 128
        : Tcp is not { } segment || !segment.IsImpossible && !(segment.HasSyn && segment.HasAck);

    /// <summary>The header that an ICMP error quotes; null when the packet is none.</summary>
    public static IpHeader? Quoted(ReadOnlySpan<byte> frame, IpHeader header)
    {
        if (frame.Length < header.TransportOffset + 8) return null;
        var type = frame[header.TransportOffset];
        var isError = header.Version == 4
            ? header.Protocol == 1 && type is 3 or 4 or 5 or 11 or 12
            : header.Protocol == 58 && type is >= 1 and <= 4;
        return isError ? IpHeader.Read(frame, header.TransportOffset + 8, header.Version) : null;
    }

    private static TrackedHeader? ReadQuoted(ReadOnlySpan<byte> frame, IpHeader header, ushort zone)
    {
        if (Quoted(frame, header) is not { IsFragment: false } quoted) return null;
        // The one who sent the packet is told of the error.
        if (quoted.Source != header.Target) return null;
        var segment = frame[Math.Min(quoted.TransportOffset, frame.Length)..];
        var lengthMin = (quoted.Version, quoted.Protocol) switch { (6, 6) => 20, (6, 132) => 12, _ => QuotedLength };
        if (Ends(quoted, segment, lengthMin) is not var (source, target)) return null;
        var key = new ConnectionKey(zone, quoted.Version, quoted.Protocol, source, target);
        return new TrackedHeader(key.Reversed, true, null);
    }

    private static bool IsWhole(byte protocol, ReadOnlySpan<byte> segment)
    {
        if (protocol == 6)
            return segment.Length >= 20 && (segment[12] >> 4) * 4 is var length && length >= 20
                && length <= segment.Length;
        if (protocol != 17) return true;
        return segment.Length >= 8
            && BinaryPrimitives.ReadUInt16BigEndian(segment[4..]) is var said && said >= 8 && said <= segment.Length;
    }

    private static (ConnectionEnd Source, ConnectionEnd Target)? Ends(
        IpHeader header, ReadOnlySpan<byte> segment, int lengthMin)
    {
        if (header is { Version: 4, Protocol: 1 } or { Version: 6, Protocol: 58 }) return Query(header, segment);
        if (header.Protocol is not (6 or 17 or 132))
            return (new ConnectionEnd(header.Source, 0), new ConnectionEnd(header.Target, 0));
        if (segment.Length < Math.Max(lengthMin, 4)) return null;
        var (from, to) = (BinaryPrimitives.ReadUInt16BigEndian(segment),
            BinaryPrimitives.ReadUInt16BigEndian(segment[2..]));
        return (new ConnectionEnd(header.Source, from), new ConnectionEnd(header.Target, to));
    }

    /// <summary>ICMP is told apart by the identifier of question and answer.</summary>
    private static (ConnectionEnd Source, ConnectionEnd Target)? Query(IpHeader header, ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 8 || segment[1] != 0) return null;
        byte? answer = (header.Version, segment[0]) switch
        {
            (4, 8) => 0,
            (4, 0) => 8,
            (4, 13) => 14,
            (4, 14) => 13,
            (4, 15) => 16,
            (4, 16) => 15,
            (6, 128) => 129,
            (6, 129) => 128,
            _ => null,
        };
        if (answer is not { } opposite) return null;
        var identifier = BinaryPrimitives.ReadUInt16BigEndian(segment[4..]);
        return (new ConnectionEnd(header.Source, identifier, segment[0]),
            new ConnectionEnd(header.Target, identifier, opposite));
    }
}

using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>
/// Fragments that wait for the rest of their packets, zone by zone.
/// </summary>
internal sealed class FragmentTable
{
    // What Open vSwitch takes for too small to be the work of an honest sender, whole frames (ovs-vswitchd.conf.db).
    private const int Ipv4LengthMin = 1200;
    private const int Ipv6LengthMin = 1280;
    private readonly Dictionary<PacketKey, List<Piece>> waiting = [];

    /// <summary>The header of a fragment; null of any other packet.</summary>
    public static IpHeader? Fragment(Packet packet)
    {
        var layout = packet.Layout;
        if (layout.Fragment == 0) return null;
        return IpHeader.Read(packet.Bytes.Span[..layout.End], layout.NetworkOffset, layout.IpVersion);
    }

    public static bool IsRefused(Packet packet, IpHeader header)
    {
        var frame = packet.Bytes.Span;
        if (header.Version == 4
            && Checksums.Fold(Checksums.Add(frame[header.Offset..header.TransportOffset], 0)) != 0xffff) return true;
        return header.HasMoreFragments && frame.Length < (header.Version == 4 ? Ipv4LengthMin : Ipv6LengthMin);
    }

    /// <summary>Null when the fragment is refused: it overlaps what is there already.</summary>
    public Arrival? Add(TrackedPacket packet, IpHeader header, ushort zone)
    {
        var key = new PacketKey(zone, header.Version, header.Source, header.Target, header.Identification);
        var piece = new Piece(packet, header, packet.Packet.Layout.End - header.TransportOffset);
        if (!waiting.TryGetValue(key, out var pieces)) waiting[key] = pieces = [];
        if (pieces.Exists(other => other.Start < piece.End && piece.Start < other.End)) return null;
        pieces.Add(piece);
        pieces.Sort((left, right) => left.Start.CompareTo(right.Start));
        if (!IsComplete(pieces)) return new Arrival(null);
        waiting.Remove(key);
        return new Arrival(new Complete(Whole(pieces), [.. pieces.Select(one => one.Packet)]));
    }

    private static bool IsComplete(List<Piece> pieces)
    {
        var end = 0;
        foreach (var piece in pieces)
        {
            if (piece.Start != end) return false;
            end = piece.End;
        }

        return !pieces[^1].Header.HasMoreFragments;
    }

    private static Packet Whole(List<Piece> pieces)
    {
        var header = pieces[0].Header;
        var head = pieces[0].Packet.Packet.Bytes.Span[..header.TransportOffset];
        var bytes = new List<byte>([.. head]);
        foreach (var piece in pieces) bytes.AddRange(piece.Payload.Span);
        var whole = bytes.ToArray();
        var network = whole.AsSpan(header.Offset);
        if (header.Version == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(network[2..], (ushort)network.Length);
            BinaryPrimitives.WriteUInt16BigEndian(network[6..], 0);
            var sum = Checksums.Add(network[..(header.TransportOffset - header.Offset)], 0)
                - BinaryPrimitives.ReadUInt16BigEndian(network[10..]);
            BinaryPrimitives.WriteUInt16BigEndian(network[10..], (ushort)~Checksums.Fold(sum));
        }
        else
        {
            // A fragment header that says there are no others is a whole packet's too (RFC 6946).
            BinaryPrimitives.WriteUInt16BigEndian(network[4..], (ushort)(network.Length - 40));
            BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(header.TransportOffset - 6), 0);
        }

        return new Packet(whole);
    }

    /// <summary>The packet that the fragments are, and they themselves in their order.</summary>
    public sealed record Complete(Packet Whole, IReadOnlyList<TrackedPacket> Fragments);

    /// <summary>A fragment was taken; <paramref name="All"/> is there when it was the last that was missing.</summary>
    public readonly record struct Arrival(Complete? All);

    private readonly record struct PacketKey(
        ushort Zone, int Version, UInt128 Source, UInt128 Target, uint Identification);

    private sealed record Piece(TrackedPacket Packet, IpHeader Header, int Length)
    {
        public int Start => Header.FragmentOffset;

        public int End => Start + Length;

        public ReadOnlyMemory<byte> Payload => Packet.Packet.Bytes.Slice(Header.TransportOffset, Length);
    }
}

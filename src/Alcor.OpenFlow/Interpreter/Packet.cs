using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>
/// An Ethernet frame as an immutable value with fields. Writing a field yields a new frame whose IPv4, TCP, UDP, ICMP
/// and ICMPv6 checksums are right again.
/// </summary>
public sealed class Packet : IEquatable<Packet>
{
    /// <summary>A jumbo frame of 64 KB and its header: nothing longer crosses a port.</summary>
    public const int LengthMax = 65_536 + 18;

    private readonly byte[] frame;
    private readonly PacketLayout layout;

    /// <exception cref="ArgumentException">Longer than <see cref="LengthMax"/>.</exception>
    public Packet(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LengthMax) throw new ArgumentException($"a frame of {bytes.Length} bytes", nameof(bytes));
        frame = bytes.ToArray();
        layout = new PacketLayout(frame);
    }

    public ReadOnlyMemory<byte> Bytes => frame;

    internal PacketLayout Layout => layout;

    /// <summary>The value of a header field; 0 when the packet has no such header.</summary>
    public UInt128 this[Field field]
    {
        get
        {
            if (field == Field.IpFragment) return layout.Fragment;
            if (layout.Find(field) is not { } location) return 0;
            var value = Number(location) >> location.Shift & location.Ones;
            return field == Field.VlanVid ? value | Match.VlanPresent : value;
        }
    }

    /// <summary>Whether the packet has the header that the field is in.</summary>
    public bool Has(Field field) =>
        field == Field.IpFragment ? layout.IpVersion != 0 : layout.Find(field) is not null;

    /// <summary>The packet with another value in a field; the same packet when it has no such field.</summary>
    public Packet With(Field field, UInt128 value)
    {
        if (layout.Find(field) is not { } location) return this;
        var ones = location.Ones << location.Shift;
        var bytes = frame.ToArray();
        var whole = Number(location) & ~ones | value << location.Shift & ones;
        for (var i = location.Length - 1; i >= 0; i--, whole >>= 8) bytes[location.Offset + i] = (byte)whole;
        if (location.Offset >= layout.NetworkOffset) Sum(bytes, location);
        return new Packet(bytes);
    }

    /// <summary>The packet with its checksums made anew.</summary>
    public Packet Summed()
    {
        var bytes = frame.ToArray();
        Sum(bytes, null);
        return new Packet(bytes);
    }

    /// <summary>The packet with an outer tag of identifier 0, before any that it has.</summary>
    public Packet PushVlan(ushort type)
    {
        if (frame.Length < 14) return this;
        var bytes = new byte[frame.Length + 4];
        frame.AsSpan(0, 12).CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), type);
        frame.AsSpan(12).CopyTo(bytes.AsSpan(16));
        return new Packet(bytes);
    }

    /// <summary>The packet without its outer tag, if it has one.</summary>
    public Packet PopVlan() => layout.IsTagged ? new Packet([.. frame[..12], .. frame[16..]]) : this;

    public bool Equals(Packet? other) => other is not null && frame.AsSpan().SequenceEqual(other.frame);

    public override bool Equals(object? obj) => Equals(obj as Packet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(frame);
        return hash.ToHashCode();
    }

    public static bool operator ==(Packet? left, Packet? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Packet? left, Packet? right) => !(left == right);

    /// <summary>Its fields in the words of a match.</summary>
    public override string ToString()
    {
        var match = Match.Empty;
        foreach (var field in Field.All)
            if (Has(field))
                match = match.With(field, this[field]);
        return match.ToString();
    }

    private UInt128 Number(FieldLocation location)
    {
        UInt128 value = 0;
        foreach (var part in frame.AsSpan(location.Offset, location.Length)) value = value << 8 | part;
        return value;
    }

    private void Sum(Span<byte> bytes, FieldLocation? changed)
    {
        var network = layout.NetworkOffset;
        if (layout.IpVersion == 4)
        {
            var header = bytes.Slice(network, (bytes[network] & 15) * 4);
            header[10] = header[11] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)~Checksums.Fold(Checksums.Add(header, 0)));
        }

        if (layout.TransportOffset == 0 || layout.IpVersion == 0) return;
        var segment = bytes[layout.TransportOffset..layout.End];
        if (Checksums.Place(layout.IpVersion, (byte)layout.Protocol) is not { } at) return;
        // UDP without a checksum stays without.
        if (layout.Protocol == 17 && (segment[6] | segment[7]) == 0) return;
        // A checksum over the whole packet cannot be made from its first fragment.
        ushort? sum = layout.Fragment == 0 ? Whole(bytes, segment, at) : Adjusted(bytes, segment, at, changed);
        if (sum is { } value)
            BinaryPrimitives.WriteUInt16BigEndian(
                segment[at..], layout.Protocol == 17 && value == 0 ? ushort.MaxValue : value);
    }

    private ushort Whole(ReadOnlySpan<byte> bytes, Span<byte> segment, int at)
    {
        segment[at] = segment[at + 1] = 0;
        var pseudo = Checksums.PseudoHeader(
            bytes, layout.NetworkOffset, layout.IpVersion, (byte)layout.Protocol, segment.Length);
        return (ushort)~Checksums.Fold(Checksums.Add(segment, pseudo));
    }

    /// <summary>Null when the checksum does not cover what was changed.</summary>
    private ushort? Adjusted(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> segment, int at, FieldLocation? changed)
    {
        if (changed is not { } location) return null;
        var addresses = layout.NetworkOffset + (layout.IpVersion == 4 ? 12 : 8);
        var isAddress = location.Offset >= addresses && location.Offset < layout.TransportOffset
            && location.Length >= 4;
        var isIpv4Icmp = layout is { IpVersion: 4, Protocol: 1 };
        if (location.Offset < layout.TransportOffset && (!isAddress || isIpv4Icmp)) return null;
        // Whole words, counted from the start of the segment; addresses stand at even places too.
        var start = location.Offset - (location.Offset - layout.TransportOffset & 1);
        var end = location.Offset + location.Length + (location.Offset + location.Length - start & 1);
        return Checksums.Adjusted(
            BinaryPrimitives.ReadUInt16BigEndian(segment[at..]), frame.AsSpan(start..end), bytes[start..end]);
    }
}

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
        if (location.Offset >= layout.NetworkOffset) Sum(bytes);
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

    private void Sum(Span<byte> bytes)
    {
        var network = layout.NetworkOffset;
        if (layout.IpVersion == 4)
        {
            var header = bytes.Slice(network, (bytes[network] & 15) * 4);
            Store(header, 10, Checksum(header, 0));
        }

        if (layout.TransportOffset == 0 || layout.IpVersion == 0) return;
        var segment = bytes[layout.TransportOffset..layout.End];
        // A checksum over the whole cannot be made from a first fragment.
        var isFragment =
            layout.IpVersion == 4 && (BinaryPrimitives.ReadUInt16BigEndian(bytes[(network + 6)..]) & 0x3fff) != 0;
        if (isFragment) return;
        var addresses = layout.IpVersion == 4 ? bytes.Slice(network + 12, 8) : bytes.Slice(network + 8, 32);
        var pseudo = Add(addresses, (uint)layout.Protocol + (uint)segment.Length);
        var at = layout.Protocol switch { 6 => 16, 17 => 6, _ => 2 };
        // UDP without a checksum stays without.
        if (layout.Protocol == 17 && (segment[6] | segment[7]) == 0) return;
        var sum = Checksum(segment, layout.Protocol == 1 ? 0 : pseudo, at);
        Store(segment, at, layout.Protocol == 17 && sum == 0 ? ushort.MaxValue : sum);
    }

    private static void Store(Span<byte> bytes, int at, ushort sum) =>
        BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], sum);

    /// <summary>The Internet checksum (RFC 1071) with the two bytes at <paramref name="at"/> taken as zero.</summary>
    private static ushort Checksum(Span<byte> bytes, uint start, int at = 10)
    {
        bytes[at] = bytes[at + 1] = 0;
        var sum = Add(bytes, start);
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Add(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (var i = 0; i + 1 < bytes.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return bytes.Length % 2 == 0 ? sum : sum + ((uint)bytes[^1] << 8);
    }
}

using System.Buffers.Binary;

namespace Alcor.OpenFlow;

/// <summary>
/// Network address translation: which address and port a connection gets, and what that makes of packets.
/// </summary>
internal static class Translation
{
    /// <summary>
    /// The key of the replies to a connection whose addresses are translated so; null when nothing is free.
    /// </summary>
    public static ConnectionKey? Choose(ConnectionKey key, FlowAction.Nat nat, Predicate<ConnectionKey> isTaken)
    {
        var isSource = nat.Kind == NatKind.Source;
        var end = isSource ? key.Source : key.Target;
        foreach (var address in Addresses(nat, end.Address))
            foreach (var port in Ports(key, nat, end.Port))
            {
                var translated = end with { Address = address, Port = port };
                var reply = (isSource ? key with { Source = translated } : key with { Target = translated }).Reversed;
                if (!isTaken(reply)) return reply;
            }

        return null;
    }

    /// <summary>What ct_state says of a packet in this direction.</summary>
    public static CtState State(Connection connection, bool isReply) => connection.Nat switch
    {
        NatKind.Existing => CtState.None,
        NatKind.Source => isReply ? CtState.DestinationTranslated : CtState.SourceTranslated,
        _ => isReply ? CtState.SourceTranslated : CtState.DestinationTranslated,
    };

    /// <summary>
    /// The packet as it leaves. An ICMP error is translated in its header, and what it quotes becomes what its receiver
    /// had sent.
    /// </summary>
    public static Packet Applied(Packet packet, Connection connection, bool isReply, bool isRelated)
    {
        var (source, target) = isReply
            ? (connection.Key.Target, connection.Key.Source)
            : (connection.Reply.Target, connection.Reply.Source);
        var isSource = State(connection, isReply) == CtState.SourceTranslated;
        packet = isSource ? WithSource(packet, source.Address) : WithTarget(packet, target.Address);
        if (isRelated) return WithQuoted(packet, connection, isReply);
        return WithPorts(packet, source.Port, target.Port);
    }

    /// <summary>A fragment with what was translated of its whole packet, which it is a part of.</summary>
    public static Packet Copied(Packet translated, Packet whole, Packet fragment)
    {
        if (translated == whole) return fragment;
        var fields = whole.Layout.IpVersion == 4
            ? [Field.Ipv4Src, Field.Ipv4Dst]
            : new[] { Field.Ipv6Src, Field.Ipv6Dst };
        foreach (var field in fields.Concat([Field.TcpSrc, Field.TcpDst, Field.UdpSrc, Field.UdpDst]))
            if (translated.Has(field) && translated[field] != whole[field])
                fragment = fragment.With(field, translated[field]);
        return fragment;
    }

    private static IEnumerable<UInt128> Addresses(FlowAction.Nat nat, UInt128 own)
    {
        if (nat.Ipv4 is { } ipv4)
            for (UInt128 value = ipv4.First.Value; value <= ipv4.Last.Value; value++) yield return value;
        else if (nat.Ipv6 is { } ipv6)
            for (var value = ipv6.First.Value; value <= ipv6.Last.Value; value++) yield return value;
        else yield return own;
    }

    /// <summary>Without a range a source port stays, or becomes one of those that are worth as much.</summary>
    private static IEnumerable<ushort> Ports(ConnectionKey key, FlowAction.Nat nat, ushort own)
    {
        if (key.Protocol is not (6 or 17)) return [own];
        if (nat.Ports is { } range) return Between(range.First, range.Last);
        if (nat.Kind == NatKind.Destination) return [own];
        return own switch
        {
            < 512 => [own, .. Between(1, 511)],
            < 1024 => [own, .. Between(600, 1023)],
            _ => Between(1024, ushort.MaxValue).Prepend(own),
        };
    }

    private static IEnumerable<ushort> Between(ushort first, ushort last) =>
        Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(port => (ushort)port);

    private static Packet WithSource(Packet packet, UInt128 address) =>
        packet.With(packet.Layout.IpVersion == 4 ? Field.Ipv4Src : Field.Ipv6Src, address);

    private static Packet WithTarget(Packet packet, UInt128 address) =>
        packet.With(packet.Layout.IpVersion == 4 ? Field.Ipv4Dst : Field.Ipv6Dst, address);

    private static Packet WithPorts(Packet packet, ushort source, ushort target) => packet.Layout.Protocol switch
    {
        6 => packet.With(Field.TcpSrc, source).With(Field.TcpDst, target),
        17 => packet.With(Field.UdpSrc, source).With(Field.UdpDst, target),
        _ => packet,
    };

    /// <summary>A packet of the other direction is quoted, and had its other end translated.</summary>
    private static Packet WithQuoted(Packet packet, Connection connection, bool isReply)
    {
        var layout = packet.Layout;
        var bytes = packet.Bytes.Span[..layout.End].ToArray();
        var header = IpHeader.Read(bytes, layout.NetworkOffset, layout.IpVersion)!.Value;
        var quoted = TrackedHeader.Quoted(bytes, header)!.Value;
        var isSource = connection.Nat == NatKind.Source == isReply;
        var sent = isReply ? connection.Key : connection.Reply;
        var end = isSource ? sent.Source : sent.Target;
        var (addressAt, length) = quoted.Version == 4
            ? (quoted.Offset + (isSource ? 12 : 16), 4)
            : (quoted.Offset + (isSource ? 8 : 24), 16);
        Span<byte> address = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(address, end.Address);
        Put(bytes, quoted, addressAt, address[^length..]);
        if (quoted.Protocol is 6 or 17)
        {
            Span<byte> port = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(port, end.Port);
            Put(bytes, quoted, quoted.TransportOffset + (isSource ? 0 : 2), port);
        }

        // The checksum of the error covers all that.
        return new Packet([.. bytes, .. packet.Bytes.Span[layout.End..]]).Summed();
    }

    /// <summary>Writes into a quoted packet and keeps its checksums right, as far as they are quoted.</summary>
    private static void Put(Span<byte> frame, IpHeader quoted, int at, ReadOnlySpan<byte> value)
    {
        var before = frame.Slice(at, value.Length).ToArray();
        value.CopyTo(frame[at..]);
        if (quoted.Version == 4 && at < quoted.TransportOffset) Adjust(frame, quoted.Offset + 10, before, value);
        var isUdp = quoted.Protocol == 17;
        if (Checksums.Place(quoted.Version, quoted.Protocol) is not { } place) return;
        var sumAt = quoted.TransportOffset + place;
        if (frame.Length < sumAt + 2 || isUdp && (frame[sumAt] | frame[sumAt + 1]) == 0) return;
        Adjust(frame, sumAt, before, value);
    }

    private static void Adjust(Span<byte> frame, int at, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        BinaryPrimitives.WriteUInt16BigEndian(frame[at..],
            Checksums.Adjusted(BinaryPrimitives.ReadUInt16BigEndian(frame[at..]), before, after));
}

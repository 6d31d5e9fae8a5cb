namespace Alcor.OpenFlow;

/// <summary>The bodies of NXAST_CT, NXAST_NAT and what else speaks of connections, behind their subtype.</summary>
internal static class ConnectionTrackingCodec
{
    public const ushort Track = 35;
    public const ushort Translate = 36;
    public const ushort Clear = 43;

    private const byte NoTable = 0xff;
    private const ushort CommitFlag = 1;
    private const ushort ForceFlag = 2;
    private const int KindMask = 3;
    private const ushort FlagsMask = 0x1f;

    // NX_NAT_RANGE_*: which parts of a range follow, in this order.
    private const ushort Ipv4First = 1;
    private const ushort Ipv4Last = 2;
    private const ushort Ipv6First = 4;
    private const ushort Ipv6Last = 8;
    private const ushort PortFirst = 16;
    private const ushort PortLast = 32;

    public static void WriteTrack(WireWriter writer, FlowAction.ConnectionTrack track)
    {
        writer.UInt16((ushort)((track.Commit ? CommitFlag : 0) | (track.Force ? ForceFlag : 0)));
        if (track.Zone.Source is { } source)
        {
            MatchCodec.WriteHeader(writer, source.Field);
            writer.UInt16((ushort)(source.Offset << 6 | source.Width - 1));
        }
        else
        {
            writer.UInt32(0);
            writer.UInt16(track.Zone.Number);
        }

        writer.Byte(track.Table ?? NoTable);
        writer.Pad(3);
        writer.UInt16(track.Alg);
        ActionCodec.WriteAll(writer, track.Actions);
    }

    public static void WriteNat(WireWriter writer, FlowAction.Nat nat)
    {
        writer.Pad(2);
        writer.UInt16((ushort)((int)nat.Kind | (int)nat.Flags));
        writer.UInt16((ushort)(Present(nat.Ipv4, Ipv4First, Ipv4Last) | Present(nat.Ipv6, Ipv6First, Ipv6Last)
            | Present(nat.Ports, PortFirst, PortLast)));
        if (nat.Ipv4 is { } ipv4)
        {
            writer.UInt32(ipv4.First.Value);
            if (!ipv4.IsOne) writer.UInt32(ipv4.Last.Value);
        }

        if (nat.Ipv6 is { } ipv6)
        {
            writer.Number(ipv6.First.Value, 16);
            if (!ipv6.IsOne) writer.Number(ipv6.Last.Value, 16);
        }

        if (nat.Ports is not { } ports) return;
        writer.UInt16(ports.First);
        if (!ports.IsOne) writer.UInt16(ports.Last);
    }

    /// <summary>Null when it says what this library has no word for.</summary>
    public static FlowAction? ReadTrack(ref WireReader body, int depth)
    {
        var flags = body.UInt16();
        var header = body.UInt32();
        var range = body.UInt16();
        var table = body.Byte();
        body.Skip(3);
        var alg = body.UInt16();
        CtZone zone = range;
        if (header != 0)
        {
            if (MatchCodec.ReadSubfield(header, range >> 6, (range & 0x3f) + 1) is not { } source) return null;
            if (source.Width != 16) throw new OpenFlowFormatException($"zone from {source}");
            zone = source;
        }

        if ((flags & ~(CommitFlag | ForceFlag)) != 0) return null;
        return new FlowAction.ConnectionTrack
        {
            Commit = (flags & CommitFlag) != 0, Force = (flags & ForceFlag) != 0, Zone = zone,
            Table = table == NoTable ? null : table, Alg = alg, Actions = ActionCodec.ReadAll(ref body, depth + 1),
        };
    }

    /// <summary>Null when it says what this library has no word for.</summary>
    public static FlowAction? ReadNat(ref WireReader body)
    {
        body.Skip(2);
        var flags = body.UInt16();
        var present = body.UInt16();
        if ((flags & ~FlagsMask) != 0 || (flags & KindMask) == KindMask) return null;
        NatRange<Ipv4Address>? ipv4 = null;
        NatRange<Ipv6Address>? ipv6 = null;
        NatRange<ushort>? ports = null;
        if (ReadRange(ref body, present, Ipv4First, 4) is var (first4, last4))
            ipv4 = new(new Ipv4Address((uint)first4), new Ipv4Address((uint)last4));
        if (ReadRange(ref body, present, Ipv6First, 16) is var (first6, last6))
            ipv6 = new(new Ipv6Address(first6), new Ipv6Address(last6));
        if (ReadRange(ref body, present, PortFirst, 2) is var (first, last))
            ports = new((ushort)first, (ushort)last);
        return new FlowAction.Nat
        {
            Kind = (NatKind)(flags & KindMask), Flags = (NatFlags)(flags & ~KindMask), Ipv4 = ipv4, Ipv6 = ipv6,
            Ports = ports,
        };
    }

    private static int Present<T>(NatRange<T>? range, int first, int last)
        where T : struct => range is null ? 0 : range.Value.IsOne ? first : first | last;

    /// <summary>The flag of a range's end is the next after that of its start.</summary>
    private static (UInt128 First, UInt128 Last)? ReadRange(ref WireReader body, int present, int flag, int length)
    {
        if ((present & flag) == 0) return null;
        var first = body.Number(length);
        var last = (present & flag << 1) != 0 ? body.Number(length) : first;
        return (first, last);
    }
}

namespace Alcor.OpenFlow;

/// <summary>
/// Which fields a match must fix before it, or an action, may speak of another (OpenFlow 1.4.1 7.2.3.6).
/// </summary>
internal static class Prerequisites
{
    public static bool AreMet(Match match, Field field)
    {
        if (field == Field.VlanPcp) return match.Find(Field.VlanVid) is { } tag && (tag.Value & Match.VlanPresent) != 0;
        if (IsOneOf(field, Field.CtProto, Field.CtIpv4Src, Field.CtIpv4Dst, Field.CtIpv6Src, Field.CtIpv6Dst,
            Field.CtPortSrc, Field.CtPortDst)) return IsOfValidConnection(match);
        if (IsOneOf(field, Field.IpDscp, Field.IpEcn, Field.IpProto, Field.IpTtl, Field.IpFragment))
            return IsType(match, 0x0800, 0x86dd);
        if (IsOneOf(field, Field.Ipv4Src, Field.Ipv4Dst)) return IsType(match, 0x0800);
        if (IsOneOf(field, Field.Ipv6Src, Field.Ipv6Dst)) return IsType(match, 0x86dd);
        if (IsOneOf(field, Field.ArpOp, Field.ArpSpa, Field.ArpTpa, Field.ArpSha, Field.ArpTha))
            return IsType(match, 0x0806, 0x8035);
        if (IsOneOf(field, Field.TcpSrc, Field.TcpDst, Field.TcpFlags))
            return IsType(match, 0x0800, 0x86dd) && IsProtocol(match, 6);
        if (IsOneOf(field, Field.SctpSrc, Field.SctpDst))
            return IsType(match, 0x0800, 0x86dd) && IsProtocol(match, 132);
        if (IsOneOf(field, Field.UdpSrc, Field.UdpDst)) return IsType(match, 0x0800, 0x86dd) && IsProtocol(match, 17);
        if (IsOneOf(field, Field.Icmpv4Type, Field.Icmpv4Code)) return IsType(match, 0x0800) && IsProtocol(match, 1);
        if (IsOneOf(field, Field.Icmpv6Type, Field.Icmpv6Code)) return IsType(match, 0x86dd) && IsProtocol(match, 58);
        if (IsOneOf(field, Field.NdTarget, Field.NdReserved, Field.NdOptionType))
            return IsDiscovery(match, 135) || IsDiscovery(match, 136);
        if (field == Field.NdSll) return IsDiscovery(match, 135);
        return field != Field.NdTll || IsDiscovery(match, 136);
    }

    /// <summary>Whether the addresses that a connection began with are of the family that the match fixes.</summary>
    public static bool AreOneFamily(Match match)
    {
        foreach (var demand in match.AsSpan())
        {
            if (IsOneOf(demand.Field, Field.CtIpv4Src, Field.CtIpv4Dst) && !IsType(match, 0x0800)) return false;
            if (IsOneOf(demand.Field, Field.CtIpv6Src, Field.CtIpv6Dst) && !IsType(match, 0x86dd)) return false;
        }

        return true;
    }

    /// <summary>The match as the switch keeps it: ports of a connection without its protocol are forgotten.</summary>
    public static Match Kept(Match match)
    {
        if (match.Find(Field.CtProto) is not null) return match;
        if (match.Find(Field.CtPortSrc) is null && match.Find(Field.CtPortDst) is null) return match;
        return match.Where(demand => !IsOneOf(demand.Field, Field.CtPortSrc, Field.CtPortDst))
            .Aggregate(Match.Empty, (kept, demand) => kept.With(demand.Field, demand.Value, demand.Mask));
    }

    private static bool IsOneOf(Field field, params ReadOnlySpan<Field> fields)
    {
        foreach (var one in fields)
            if (one == field)
                return true;
        return false;
    }

    private static bool IsType(Match match, params ReadOnlySpan<ushort> types) =>
        match.Find(Field.EthType) is { } type && types.Contains((ushort)type.Value);

    /// <summary>With its header: later fragments have none.</summary>
    private static bool IsProtocol(Match match, byte protocol) =>
        match.Find(Field.IpProto) is { } demand && demand.Value == protocol
        && (match.Find(Field.IpFragment) is not { } fragment || (fragment.Value & 2) == 0);

    /// <summary>Only a connection that is one has packets that it began with.</summary>
    private static bool IsOfValidConnection(Match match)
    {
        const CtState kinds = CtState.New | CtState.Established | CtState.Related | CtState.ReplyDirection
            | CtState.SourceTranslated | CtState.DestinationTranslated;
        if (match.Find(Field.CtState) is not { } demand) return false;
        var (set, mask) = ((CtState)(uint)demand.Value, (CtState)(uint)demand.Mask);
        var isNotInvalid = set.HasFlag(CtState.Tracked) && mask.HasFlag(CtState.Invalid)
            && !set.HasFlag(CtState.Invalid);
        return (set & kinds) != CtState.None || isNotInvalid;
    }

    private static bool IsDiscovery(Match match, byte type) =>
        IsType(match, 0x86dd) && IsProtocol(match, 58)
        && match.Find(Field.Icmpv6Type) is { } kind && kind.Value == type
        && (match.Find(Field.Icmpv6Code) is not { } code || code.Value == 0);
}

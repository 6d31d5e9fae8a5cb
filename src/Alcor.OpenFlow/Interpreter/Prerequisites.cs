namespace Alcor.OpenFlow;

/// <summary>
/// Which fields a match must fix before it, or an action, may speak of another (OpenFlow 1.4.1 7.2.3.6).
/// </summary>
internal static class Prerequisites
{
    public static bool AreMet(Match match, Field field)
    {
        if (field == Field.VlanPcp) return match.Find(Field.VlanVid) is { } tag && (tag.Value & Match.VlanPresent) != 0;
        if (IsOneOf(field, Field.IpDscp, Field.IpEcn, Field.IpProto, Field.IpTtl)) return IsType(match, 0x0800, 0x86dd);
        if (IsOneOf(field, Field.Ipv4Src, Field.Ipv4Dst)) return IsType(match, 0x0800);
        if (IsOneOf(field, Field.Ipv6Src, Field.Ipv6Dst)) return IsType(match, 0x86dd);
        if (IsOneOf(field, Field.ArpOp, Field.ArpSpa, Field.ArpTpa, Field.ArpSha, Field.ArpTha))
            return IsType(match, 0x0806, 0x8035);
        if (IsOneOf(field, Field.TcpSrc, Field.TcpDst)) return IsType(match, 0x0800, 0x86dd) && IsProtocol(match, 6);
        if (IsOneOf(field, Field.SctpSrc, Field.SctpDst))
            return IsType(match, 0x0800, 0x86dd) && IsProtocol(match, 132);
        if (IsOneOf(field, Field.UdpSrc, Field.UdpDst)) return IsType(match, 0x0800, 0x86dd) && IsProtocol(match, 17);
        if (IsOneOf(field, Field.Icmpv4Type, Field.Icmpv4Code)) return IsType(match, 0x0800) && IsProtocol(match, 1);
        if (IsOneOf(field, Field.Icmpv6Type, Field.Icmpv6Code)) return IsType(match, 0x86dd) && IsProtocol(match, 58);
        if (field == Field.NdTarget) return IsDiscovery(match, 135) || IsDiscovery(match, 136);
        if (field == Field.NdSll) return IsDiscovery(match, 135);
        return field != Field.NdTll || IsDiscovery(match, 136);
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

    private static bool IsProtocol(Match match, byte protocol) =>
        match.Find(Field.IpProto) is { } demand && demand.Value == protocol;

    private static bool IsDiscovery(Match match, byte type) =>
        IsType(match, 0x86dd) && IsProtocol(match, 58)
        && match.Find(Field.Icmpv6Type) is { } kind && kind.Value == type
        && (match.Find(Field.Icmpv6Code) is not { } code || code.Value == 0);
}

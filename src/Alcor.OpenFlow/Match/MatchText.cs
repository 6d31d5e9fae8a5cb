using System.Globalization;
using System.Text;

namespace Alcor.OpenFlow;

/// <summary>
/// Writes matches and values as Open vSwitch's tools do; the order of the fields is theirs, not ours.
/// </summary>
internal static class MatchText
{
    private static readonly string[] CtStateNames = ["new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"];

    private static readonly string[] TcpFlagNames =
        ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns", "[200]", "[400]", "[800]"];

    private static readonly Field[] BeforeType =
    [
        Field.PacketMark, Field.ConjunctionId, Field.CtState, Field.CtZone, Field.CtMark, Field.CtLabel,
        Field.CtIpv4Src, Field.CtIpv6Src, Field.CtIpv4Dst, Field.CtIpv6Dst, Field.CtProto, Field.CtPortSrc,
        Field.CtPortDst,
    ];

    private static readonly Field[] BeforeVlan =
    [
        .. Enumerable.Range(0, Field.RegisterCount).Select(Field.Register),
        Field.TunnelId, Field.TunnelSource, Field.TunnelDestination, Field.TunnelIpv6Source,
        Field.TunnelIpv6Destination, Field.Metadata, Field.InPort,
    ];

    private static readonly Field[] Ethernet = [Field.EthSrc, Field.EthDst];

    private static readonly Field[] Addresses =
        [Field.Ipv4Src, Field.Ipv4Dst, Field.Ipv6Src, Field.Ipv6Dst, Field.ArpSpa, Field.ArpTpa];

    private static readonly Field[] Rest =
    [
        Field.ArpOp, Field.ArpSha, Field.ArpTha, Field.IpDscp, Field.IpEcn, Field.IpTtl, Field.IpFragment,
        Field.TcpSrc, Field.TcpDst, Field.UdpSrc, Field.UdpDst, Field.SctpSrc, Field.SctpDst, Field.TcpFlags,
        Field.Icmpv4Type, Field.Icmpv4Code, Field.Icmpv6Type, Field.Icmpv6Code, Field.NdTarget, Field.NdSll,
        Field.NdTll, Field.NdReserved, Field.NdOptionType,
    ];

    public static string Format(Match match)
    {
        var text = new StringBuilder();
        AppendAll(text, match, BeforeType);
        var (keyword, namesProtocol) = Keyword(match);
        if (keyword is not null) Separate(text).Append(keyword);
        AppendAll(text, match, BeforeVlan);
        AppendVlan(text, match);
        AppendAll(text, match, Ethernet);
        if (keyword is null && match.Find(Field.EthType) is { } type)
            Separate(text).Append(CultureInfo.InvariantCulture, $"dl_type=0x{(ushort)type.Value:x4}");
        AppendAll(text, match, Addresses);
        if (!namesProtocol) AppendAll(text, match, [Field.IpProto]);
        AppendAll(text, match, Rest);
        return text.ToString();
    }

    /// <summary>A value as it stands in <c>set_field</c>.</summary>
    public static string Value(Field field, UInt128 value, UInt128 mask)
    {
        var text = Plain(field, value);
        return mask == field.Ones
            ? text
            : $"{text}/{(field.Format == FieldFormat.Decimal ? Hex(mask) : MaskText(field, mask))}";
    }

    public static string Hex(UInt128 value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>As C's %#x, which Open vSwitch uses in matches: zero has no prefix.</summary>
    public static string AlternateHex(UInt128 value) => value == 0 ? "0" : Hex(value);

    private static string Plain(Field field, UInt128 value) => field.Format switch
    {
        FieldFormat.Mac => new MacAddress((ulong)value).ToString(),
        FieldFormat.Ipv4 => new Ipv4Address((uint)value).ToString(),
        FieldFormat.Ipv6 => new Ipv6Address(value).ToString(),
        FieldFormat.Decimal => value.ToString(CultureInfo.InvariantCulture),
        _ => Hex(value),
    };

    private static string MaskText(Field field, UInt128 mask)
    {
        if (field.Format is not (FieldFormat.Ipv4 or FieldFormat.Ipv6)) return Plain(field, mask);
        var ones = (int)UInt128.PopCount(mask);
        var isPrefix = mask == (field.Ones << (field.Width - ones) & field.Ones);
        return isPrefix ? ones.ToString(CultureInfo.InvariantCulture) : Plain(field, mask);
    }

    private static StringBuilder Separate(StringBuilder text) => text.Length == 0 ? text : text.Append(',');

    private static void AppendAll(StringBuilder text, Match match, ReadOnlySpan<Field> fields)
    {
        foreach (var field in fields)
            if (match.Find(field) is { } demand)
                Separate(text).Append(TextName(demand.Field)).Append('=').Append(Demand(demand));
    }

    private static string TextName(Field field)
    {
        if (field == Field.InPort) return "in_port";
        if (field == Field.EthSrc) return "dl_src";
        if (field == Field.EthDst) return "dl_dst";
        if (field == Field.Ipv4Src) return "nw_src";
        if (field == Field.Ipv4Dst) return "nw_dst";
        if (field == Field.IpDscp) return "nw_tos";
        if (field == Field.TcpSrc || field == Field.UdpSrc || field == Field.SctpSrc) return "tp_src";
        if (field == Field.TcpDst || field == Field.UdpDst || field == Field.SctpDst) return "tp_dst";
        if (field == Field.Icmpv6Type) return "icmp_type";
        return field == Field.Icmpv6Code ? "icmp_code" : field.Name;
    }

    private static string Demand(FieldMatch demand)
    {
        var field = demand.Field;
        if (field == Field.InPort) return Ports.Text((uint)demand.Value);
        if (field == Field.CtState) return Signed(CtStateNames, demand);
        if (field == Field.IpFragment) return Fragment((uint)demand.Value, (uint)demand.Mask);
        if (field == Field.TcpFlags) return Flags(demand);
        if (field == Field.IpDscp) return ((uint)demand.Value << 2).ToString(CultureInfo.InvariantCulture);
        if (field == Field.CtZone) return demand.Value.ToString(CultureInfo.InvariantCulture);
        if (field.Format is not (FieldFormat.Decimal or FieldFormat.Hexadecimal))
            return Value(field, demand.Value, demand.Mask);
        if (field.Format == FieldFormat.Decimal && demand.IsExact) return Plain(field, demand.Value);
        // Ports with a mask are the one place where Open vSwitch writes 0x0 and not 0.
        if (field.Format == FieldFormat.Decimal) return $"{Hex(demand.Value)}/{Hex(demand.Mask)}";
        var text = AlternateHex(demand.Value);
        return demand.IsExact ? text : $"{text}/{AlternateHex(demand.Mask)}";
    }

    private static string Signed(string[] names, FieldMatch demand)
    {
        var text = new StringBuilder();
        for (var bit = 0; bit < names.Length; bit++)
            if ((demand.Mask >> bit & 1) != 0)
                text.Append((demand.Value >> bit & 1) != 0 ? '+' : '-').Append(names[bit]);
        return text.ToString();
    }

    private static string Flags(FieldMatch demand)
    {
        if (!demand.IsExact) return Signed(TcpFlagNames, demand);
        var set = TcpFlagNames.Where((_, bit) => (demand.Value >> bit & 1) != 0);
        return demand.Value == 0 ? "0" : string.Join('|', set);
    }

    private static string Fragment(uint value, uint mask) => (mask, value) switch
    {
        (1, 0) or (3, 0) => "no",
        (1, _) => "yes",
        (2, 0) => "not_later",
        (3, 1) => "first",
        (3, 2) => "<error>",
        _ => "later",
    };

    private static void AppendVlan(StringBuilder text, Match match)
    {
        var id = match.Find(Field.VlanVid);
        var priority = match.Find(Field.VlanPcp);
        if (id is null && priority is null) return;
        var identifier = (uint)(id?.Value ?? 0);
        var mask = (uint)(id?.Mask ?? 0);
        var isTagged = priority is not null || (identifier & Match.VlanPresent) != 0;
        if (isTagged && (mask & 0xfff) is 0 or 0xfff && ((mask & 0xfff) != 0 || priority is not null))
        {
            if ((mask & 0xfff) != 0) Separate(text).Append("dl_vlan=").Append(identifier & 0xfff);
            if (priority is { } code) Separate(text).Append("dl_vlan_pcp=").Append((int)code.Value);
            return;
        }

        if (priority is { } exact)
        {
            identifier |= (uint)exact.Value << 13;
            mask |= 7 << 13;
        }

        Separate(text).Append(CultureInfo.InvariantCulture, $"vlan_tci=0x{identifier:x4}");
        if (mask != 0xffff) text.Append(CultureInfo.InvariantCulture, $"/0x{mask:x4}");
    }

    private static (string? Keyword, bool NamesProtocol) Keyword(Match match)
    {
        if (match.Find(Field.EthType) is not { } type) return (null, false);
        var protocol = match.Find(Field.IpProto) is { } demand ? (int)demand.Value : -1;
        return ((uint)type.Value, protocol) switch
        {
            (0x0800, 1) => ("icmp", true),
            (0x0800, 6) => ("tcp", true),
            (0x0800, 17) => ("udp", true),
            (0x0800, 132) => ("sctp", true),
            (0x0800, _) => ("ip", false),
            (0x86dd, 58) => ("icmp6", true),
            (0x86dd, 6) => ("tcp6", true),
            (0x86dd, 17) => ("udp6", true),
            (0x86dd, 132) => ("sctp6", true),
            (0x86dd, _) => ("ipv6", false),
            (0x0806, _) => ("arp", false),
            (0x8035, _) => ("rarp", false),
            (0x8847, _) => ("mpls", false),
            (0x8848, _) => ("mplsm", false),
            _ => (null, false),
        };
    }
}

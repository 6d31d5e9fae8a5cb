using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>What rules match besides addresses: ports, types of ICMP, and fragments that have neither.</summary>
internal static class TrafficMatches
{
    /// <summary>Whether Open vSwitch can match by the ports of a protocol.</summary>
    public static bool HasPorts(byte? protocol) => PortFields.Of(protocol) is not null;

    /// <summary>A range of ports, by as many matches as it has blocks; none for a protocol without ports.</summary>
    /// <param name="isSource">Of whoever sends; else of whoever receives.</param>
    public static IEnumerable<Match> Ports(this Match match, byte? protocol, PortRange ports, bool isSource) =>
        PortFields.Of(protocol) is { } fields
            ? ports.Blocks().Select(block => match.With(
                isSource ? fields.Source : fields.Destination, block.Value, block.Mask))
            : [];

    public static Match Icmp(this Match match, IcmpKind kind, bool isIpv6)
    {
        var typed = isIpv6 ? match.Icmpv6Type(kind.Type) : match.Icmpv4Type(kind.Type);
        return kind.Code is not { } code ? typed : isIpv6 ? typed.Icmpv6Code(code) : typed.Icmpv4Code(code);
    }

    /// <summary>
    /// The later fragments that may be of what a rule allows, and that it does not match anyway. They have no ports or
    /// type, and in IPv6 no protocol: what follows the fragment header is not looked at, and the protocol reads as that
    /// header's. So they follow what is left of the rule, and are worth nothing without the first, which has them all.
    /// </summary>
    /// <param name="addresses">What the rule matches without protocol, ports and type.</param>
    /// <param name="isNarrow">It names ports or a type.</param>
    public static IEnumerable<Match> LaterFragments(
        this Match addresses, bool isIpv6, byte? protocol, bool isNarrow)
    {
        if (isIpv6)
            return protocol is null ? [] : [addresses.NwFragment(NwFragment.Later)];
        return isNarrow ? [addresses.IpProto(protocol!.Value).NwFragment(NwFragment.Later)] : [];
    }

    private sealed record PortFields(Field Source, Field Destination)
    {
        private static readonly PortFields Tcp = new(Field.TcpSrc, Field.TcpDst);
        private static readonly PortFields Udp = new(Field.UdpSrc, Field.UdpDst);
        private static readonly PortFields Sctp = new(Field.SctpSrc, Field.SctpDst);

        public static PortFields? Of(byte? protocol) => protocol switch
        {
            Protocols.Tcp => Tcp,
            Protocols.Udp => Udp,
            Protocols.Sctp => Sctp,
            _ => null,
        };
    }
}

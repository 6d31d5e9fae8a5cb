using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 113: what one rule allows, as the beginning of a connection and as an answer in it. A later fragment has no
/// ports or type, and in IPv6 no protocol: it follows what is left of the rule, and is worth nothing without the first,
/// which has them all.
/// </summary>
internal static class SecurityGroupRules
{
    public static IEnumerable<Flow> Of(Guid group, SecurityGroupRuleValue rule, ulong cookie)
    {
        var (original, reply) = Views.Of(rule.IsEgress);
        return From(group, rule, original).Concat(From(group, rule, reply))
            .Select(flow => flow with { Cookie = cookie });
    }

    /// <summary>Why Open vSwitch cannot match by the ports of a rule; null: it can, or has not to.</summary>
    public static string? Obstacle(SecurityGroupRuleValue rule) =>
        rule is { Ports: not null, Protocol: var protocol } && PortFields.Of(protocol) is null
            ? $"Open vSwitch has no ports for protocol {protocol}"
            : null;

    private static IEnumerable<Flow> From(Guid group, SecurityGroupRuleValue rule, View view)
    {
        var match = Head(group, rule, view);
        if (rule.Protocol is { } protocol)
            match = match.IpProto(protocol);
        var kinds = Kinds(match, rule, view).ToList();
        return kinds.Concat(kinds.Count > 0 ? LaterFragments(group, rule, view) : []).Select(Allow);
    }

    private static IEnumerable<Match> LaterFragments(Guid group, SecurityGroupRuleValue rule, View view)
    {
        var (isNarrow, match) = (rule.Ports is not null || rule.Icmp is not null, Head(group, rule, view));
        // What follows the header of an IPv6 fragment is not looked at: its protocol reads as that header's.
        if (rule.IsIpv6)
            return rule.Protocol is null ? [] : [match.NwFragment(NwFragment.Later)];
        return isNarrow ? [match.IpProto(rule.Protocol!.Value).NwFragment(NwFragment.Later)] : [];
    }

    private static Match Head(Guid group, SecurityGroupRuleValue rule, View view)
    {
        var match = Match.Empty.Register(Registers.View, (uint)view)
            .DoubleExtendedRegister(Registers.SecurityGroup, SecurityGroups.Number(group))
            .DoubleExtendedRegister(Registers.Remote, SecurityGroups.Number(rule.RemoteSet ?? Guid.Empty));
        if (rule.RemoteCidr is not { } cidr)
            return match.EthType(rule.IsIpv6 ? EtherTypes.Ipv6 : EtherTypes.Ipv4);
        return view.ComesFromRemote() ? match.IpSource(cidr) : match.IpDestination(cidr);
    }

    private static IEnumerable<Match> Kinds(Match match, SecurityGroupRuleValue rule, View view)
    {
        if (rule.Icmp is { } icmp)
        {
            var seen = view.IsReply() ? IcmpReply(icmp, rule.IsIpv6) : icmp;
            return seen is { } kind ? [Icmp(match, kind, rule.IsIpv6)] : [];
        }
        if (rule.Ports is not { } ports)
            return [match];
        return PortFields.Of(rule.Protocol) is { } fields
            ? ports.Blocks().Select(block => match.With(
                view.IsReply() ? fields.Source : fields.Destination, block.Value, block.Mask))
            : [];
    }

    private static Match Icmp(Match match, IcmpKind kind, bool isIpv6)
    {
        var typed = isIpv6 ? match.Icmpv6Type(kind.Type) : match.Icmpv4Type(kind.Type);
        return kind.Code is not { } code ? typed : isIpv6 ? typed.Icmpv6Code(code) : typed.Icmpv4Code(code);
    }

    /// <summary>What answers a type of ICMP; null: it has no answer that belongs to it.</summary>
    private static IcmpKind? IcmpReply(IcmpKind question, bool isIpv6) => (isIpv6, question.Type) switch
    {
        (false, 8) => question with { Type = 0 },
        (false, 13 or 15 or 17) => question with { Type = (byte)(question.Type + 1) },
        (true, 128) => question with { Type = 129 },
        _ => null,
    };

    private static Flow Allow(Match match) => new(Tables.SecurityGroupRules, Priorities.Entry, match,
        Registers.Load(Registers.Verdict, Registers.Allowed));

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

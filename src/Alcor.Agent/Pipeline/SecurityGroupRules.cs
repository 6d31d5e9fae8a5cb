using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 113: what one rule allows, as the beginning of a connection and as an answer in it.
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
        rule is { Ports: not null, Protocol: var protocol } && !TrafficMatches.HasPorts(protocol)
            ? $"Open vSwitch has no ports for protocol {protocol}"
            : null;

    private static IEnumerable<Flow> From(Guid group, SecurityGroupRuleValue rule, View view)
    {
        var match = Head(group, rule, view);
        if (rule.Protocol is { } protocol)
            match = match.IpProto(protocol);
        var kinds = Kinds(match, rule, view).ToList();
        var isNarrow = rule.Ports is not null || rule.Icmp is not null;
        return kinds.Concat(kinds.Count > 0
                ? Head(group, rule, view).LaterFragments(rule.IsIpv6, rule.Protocol, isNarrow)
                : [])
            .Select(Allow);
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
            return seen is { } kind ? [match.Icmp(kind, rule.IsIpv6)] : [];
        }
        return rule.Ports is { } ports ? match.Ports(rule.Protocol, ports, view.IsReply()) : [match];
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
}

using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 51 and 91: the rules of network ACLs, one at each priority of an ACL, the lowest number highest. What matches
/// none, and whatever is asked of an ACL that is not known, is dropped by the table's miss.
/// </summary>
/// <remarks>
/// A rule that allows ports lets later fragments through, and one that denies ports leaves them to the rules after it:
/// either way a packet arrives only if its first fragment does, which has the ports. Where Open vSwitch cannot see what
/// a rule names, one that allows lets nothing through, and one that denies stops all that it might be.
/// </remarks>
internal static class NetworkAclRules
{
    public static IEnumerable<Flow> Of(Guid acl, NetworkAclRuleValue rule, ulong cookie)
    {
        var (table, next) = rule.IsEgress
            ? (Tables.EgressNetworkAclRules, Tables.EgressMarking)
            : (Tables.IngressNetworkAclRules, Tables.IngressLimits);
        var matches = rule.IsAllow ? Allowed(acl, rule) : Denied(acl, rule);
        return matches.Select(match => new Flow(
            table, PriorityOf(rule.Number), match, rule.IsAllow ? [new Instruction.GotoTable(next)] : [])
        {
            Cookie = cookie,
        });
    }

    /// <summary>What of a rule Open vSwitch cannot see; null: it sees all.</summary>
    public static string? Obstacle(NetworkAclRuleValue rule)
    {
        var (unseen, what) = IsLookedPast(rule)
            ? ($"Open vSwitch looks past header {rule.Protocol} of IPv6", "IPv6")
            : rule.Ports is not null && !TrafficMatches.HasPorts(rule.Protocol)
                ? ($"Open vSwitch has no ports for protocol {rule.Protocol}", $"protocol {rule.Protocol}")
                : (null, "");
        return unseen is null ? null
            : rule.IsAllow ? $"{unseen}: nothing is allowed"
            : $"{unseen}: all of {what} is denied";
    }

    private static ushort PriorityOf(ushort number) => (ushort)(NetworkAclRuleValue.NumberMax + 1 - number);

    private static IEnumerable<Match> Allowed(Guid acl, NetworkAclRuleValue rule)
    {
        if (Obstacle(rule) is not null)
            return [];
        var isNarrow = rule.Ports is not null || rule.Icmp is not null;
        return Kinds(WithProtocol(acl, rule), rule)
            .Concat(Head(acl, rule).LaterFragments(rule.IsIpv6, rule.Protocol, isNarrow));
    }

    private static IEnumerable<Match> Denied(Guid acl, NetworkAclRuleValue rule)
    {
        if (IsLookedPast(rule))
            return [Head(acl, rule)];
        var match = WithProtocol(acl, rule);
        if (Obstacle(rule) is not null || rule is { Ports: null, Icmp: null })
            return [match];
        // Later fragments read as of port 0 and type 0.
        return Kinds(match.NwFragment(NwFragment.NotLater), rule);
    }

    private static IEnumerable<Match> Kinds(Match match, NetworkAclRuleValue rule) => rule switch
    {
        { Icmp: { } icmp } => [match.Icmp(icmp, rule.IsIpv6)],
        { Ports: { } ports } => match.Ports(rule.Protocol, ports, isSource: false),
        _ => [match],
    };

    private static Match WithProtocol(Guid acl, NetworkAclRuleValue rule) =>
        rule.Protocol is { } protocol ? Head(acl, rule).IpProto(protocol) : Head(acl, rule);

    private static Match Head(Guid acl, NetworkAclRuleValue rule)
    {
        var match = Match.Empty.DoubleExtendedRegister(Registers.NetworkAcl, SecurityGroups.Number(acl));
        if (rule.Cidr is not { } cidr)
            return match.IpAny(!rule.IsIpv6);
        return rule.IsEgress ? match.IpDestination(cidr) : match.IpSource(cidr);
    }

    /// <summary>Headers that may stand before what a packet carries (RFC 8200 section 4, RFC 4302).</summary>
    private static bool IsLookedPast(NetworkAclRuleValue rule) =>
        rule is { IsIpv6: true, Protocol: 0 or 43 or 51 or 60 };
}

using Alcor.Network.NetworkAcls;
using Alcor.Network.SecurityGroups;
using Alcor.Protocol.V1;

namespace Alcor.GoalState;

/// <summary>Network ACLs and their rules. Which subnets have one, those say.</summary>
internal static class NetworkAclProjection
{
    public static GoalEntry Of(NetworkAcl acl, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.NetworkAcl, acl.Id), revision, new NetworkAclEntry());

    public static GoalEntry Of(NetworkAclRule rule, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.NetworkAclRule, rule.Id), revision, ValueOf(rule));

    private static NetworkAclRuleEntry ValueOf(NetworkAclRule rule)
    {
        var value = new NetworkAclRuleEntry
        {
            Egress = rule.Direction == NetworkAclRule.Egress,
            Number = (uint)rule.Number,
            Allow = rule.Action == NetworkAclRule.Allow,
            IpVersion = rule.EtherType == NetworkAclRule.Ipv6 ? 6u : 4u,
            Cidr = rule.Cidr ?? "",
        };
        // The number 0 is any, whatever it is called, as in the rules of security groups.
        if (rule.Protocol is { } protocol && IpProtocols.NumberOf(protocol) is var number and not 0)
            value.Protocol = (uint)number;
        if (rule is { PortRangeMin: { } first, PortRangeMax: { } last })
            value.Ports = new PortRange { First = (uint)first, Last = (uint)last };
        if (rule.IcmpType is not { } type)
            return value;
        value.Icmp = new IcmpKind { Type = (uint)type };
        if (rule.IcmpCode is { } code)
            value.Icmp.Code = (uint)code;
        return value;
    }
}

using Alcor.Protocol.V1;
using static Alcor.Agent.Desired.WireFields;

namespace Alcor.Agent.Desired;

/// <summary>Checks what is said of network ACLs.</summary>
internal static class NetworkAclEntries
{
    public static NetworkAclRuleValue Rule(NetworkAclRuleEntry entry)
    {
        Check(entry.Number is > 0 and <= NetworkAclRuleValue.NumberMax, $"rule number {entry.Number}");
        Check(entry.IpVersion is 4 or 6, $"IP version {entry.IpVersion}");
        Check(entry.Protocol <= byte.MaxValue, $"protocol {entry.Protocol}");
        var rule = new NetworkAclRuleValue(
            entry.Egress,
            (ushort)entry.Number,
            entry.Allow,
            entry.IpVersion == 6,
            entry.HasProtocol ? (byte)entry.Protocol : null)
        {
            Ports = entry.Ports is { } ports ? Ports(ports) : null,
            Icmp = entry.Icmp is { } icmp ? KindOfIcmp(icmp) : null,
            Cidr = entry.Cidr.Length > 0 ? Cidr(entry.Cidr) : null,
        };
        Check(rule.Cidr is not { } cidr || cidr.IsIpv6() == rule.IsIpv6, $"IPv{entry.IpVersion} with {rule.Cidr}");
        Check(rule.Ports is null || rule.Protocol is not null, "ports of no protocol");
        Check(
            rule.Icmp is null || rule.Protocol == (rule.IsIpv6 ? 58 : 1),
            $"a type of ICMP with protocol {rule.Protocol} of IPv{entry.IpVersion}");
        return rule;
    }
}

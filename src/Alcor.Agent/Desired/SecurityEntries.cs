using System.Net;
using Alcor.Protocol.V1;
using Google.Protobuf;
using static Alcor.Agent.Desired.WireFields;

namespace Alcor.Agent.Desired;

/// <summary>Checks what is said of security groups and address groups.</summary>
internal static class SecurityEntries
{
    public static SecurityGroupValue Group(SecurityGroupEntry entry) => new(entry.Stateful);

    public static SecurityGroupRuleValue Rule(SecurityGroupRuleEntry entry)
    {
        Check(entry.IpVersion is 4 or 6, $"IP version {entry.IpVersion}");
        Check(entry.Protocol <= byte.MaxValue, $"protocol {entry.Protocol}");
        var rule = new SecurityGroupRuleValue(
            entry.Egress, entry.IpVersion == 6, entry.HasProtocol ? (byte)entry.Protocol : null)
        {
            Ports = entry.Ports is { } ports ? Ports(ports) : null,
            Icmp = entry.Icmp is { } icmp ? KindOfIcmp(icmp) : null,
            RemoteCidr = entry.HasRemoteCidr ? Cidr(entry.RemoteCidr) : null,
            RemoteSet = entry.HasRemoteGroup ? Id(entry.RemoteGroup)
                : entry.HasRemoteAddressGroup ? Id(entry.RemoteAddressGroup) : null,
        };
        Check(rule.RemoteCidr is not { } cidr || cidr.IsIpv6() == rule.IsIpv6,
            $"IPv{entry.IpVersion} with {rule.RemoteCidr}");
        Check(rule.RemoteSet != Guid.Empty, "remote group of no id");
        Check(rule is { Ports: null, Icmp: null } || rule.Protocol is not null, "ports of no protocol");
        Check(rule.Icmp is null || rule.Protocol is 1 or 58, $"a type of ICMP with protocol {rule.Protocol}");
        return rule;
    }

    public static SecurityGroupMemberValue Member(SecurityGroupMemberEntry entry) =>
        new([.. entry.Addresses.Select(Alone).Concat(entry.Cidrs.Select(Cidr)).Distinct()]);

    public static AddressGroupValue AddressGroup(AddressGroupEntry entry) =>
        new([.. entry.Cidrs.Select(Cidr).Distinct()]);

    private static IPNetwork Alone(ByteString bytes) => new(Address(bytes), bytes.Length * 8);
}

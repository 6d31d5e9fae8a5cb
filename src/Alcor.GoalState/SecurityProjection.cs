using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.AddressGroups;
using Alcor.Network.SecurityGroups;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.GoalState;

/// <summary>Security groups with their rules and members, and the address groups that rules name.</summary>
internal static class SecurityProjection
{
    public static GoalEntry Of(SecurityGroup group, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.SecurityGroup, group.Id),
        revision,
        new SecurityGroupEntry { Stateful = group.Stateful });

    public static GoalEntry Of(SecurityGroupRule rule, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.SecurityGroupRule, rule.Id), revision, ValueOf(rule), LeadsOf(rule));

    public static GoalEntry Of(SecurityGroupMember member, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.SecurityGroupMember, member.PortId),
        revision,
        new SecurityGroupMemberEntry
        {
            Addresses = { member.Addresses.Select(FieldValue.Of) },
            Cidrs = { member.Blocks.OrEmpty().Select(block => block.ToString()) },
        });

    public static GoalEntry Of(AddressGroup group, long revision) => GoalEntry.Present(
        EntryKey.Parse(EntryKind.AddressGroup, group.Id),
        revision,
        new AddressGroupEntry { Cidrs = { group.Addresses.Select(block => block.ToString()) } });

    private static ImmutableArray<PartitionKey> LeadsOf(SecurityGroupRule rule) => rule switch
    {
        { RemoteGroupId: { } group } => [PartitionKey.SecurityGroup(group)],
        { RemoteAddressGroupId: { } addresses } => [PartitionKey.AddressGroup(addresses)],
        _ => [],
    };

    private static SecurityGroupRuleEntry ValueOf(SecurityGroupRule rule)
    {
        var value = new SecurityGroupRuleEntry
        {
            Egress = rule.Direction == SecurityGroupRule.Egress,
            IpVersion = rule.EtherType == SecurityGroupRule.Ipv6 ? 6u : 4u,
        };
        if (ProtocolOf(rule) is { } protocol)
        {
            value.Protocol = (uint)protocol;
            SetRange(value, rule, protocol);
        }
        SetRemote(value, rule);
        return value;
    }

    /// <summary>
    /// Null: any. The number 0 is any too, whatever it is called (Networking API: "any or 0"), not the hop-by-hop
    /// options of IPv6 that it also numbers.
    /// </summary>
    private static int? ProtocolOf(SecurityGroupRule rule)
    {
        if (rule.Protocol is not { } name)
            return null;
        var number = IpProtocols.NumberOf(
            rule.EtherType == SecurityGroupRule.Ipv6 ? IpProtocols.OfIpv6(name) : name);
        return number == 0 ? null : number;
    }

    private static void SetRange(SecurityGroupRuleEntry value, SecurityGroupRule rule, int protocol)
    {
        if (!IpProtocols.IsIcmp(protocol))
        {
            if (rule is { PortRangeMin: { } first, PortRangeMax: { } last })
                value.Ports = new PortRange { First = (uint)first, Last = (uint)last };
            return;
        }
        if (rule.PortRangeMin is not { } type)
            return;
        value.Icmp = new IcmpKind { Type = (uint)type };
        if (rule.PortRangeMax is { } code)
            value.Icmp.Code = (uint)code;
    }

    private static void SetRemote(SecurityGroupRuleEntry value, SecurityGroupRule rule)
    {
        if (rule.RemoteIpPrefix is { } prefix)
            value.RemoteCidr = BlockOf(prefix).ToString();
        else if (rule.RemoteGroupId is { } group)
            value.RemoteGroup = EntryId.Encode(group);
        else if (rule.RemoteAddressGroupId is { } addresses)
            value.RemoteAddressGroup = EntryId.Encode(addresses);
    }

    /// <summary>Not left out if it makes no sense: the rule would then mean everybody.</summary>
    private static IPNetwork BlockOf(string prefix) =>
        AddressText.TryParseBlock(prefix, out var block)
            ? block
            : throw new InvariantException($"the prefix of a rule was read before it was kept: {prefix}");
}

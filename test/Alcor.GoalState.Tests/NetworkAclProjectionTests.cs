using Alcor.Kernel.Store;
using Alcor.Network.NetworkAcls;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.GoalState.Tests;

public sealed class NetworkAclProjectionTests
{
    [Fact]
    public void A_subnet_tells_its_acl_and_leads_to_it()
    {
        var subnet = Projection.Of(Samples.Subnet(1, 1) with { NetworkAclId = Samples.AclId(3) }, 2)!;
        var value = SubnetEntry.Parser.ParseFrom(subnet.Value.Span);
        Assert.Equal(Samples.AclId(3), EntryId.Decode(value.NetworkAcl));
        Assert.Equal([PartitionKey.NetworkAcl(Samples.AclId(3))], subnet.Leads);
        var free = Projection.Of(Samples.Subnet(1, 1), 2)!;
        Assert.True(SubnetEntry.Parser.ParseFrom(free.Value.Span).NetworkAcl.IsEmpty);
        Assert.Empty(free.Leads);
    }

    [Fact]
    public void An_acl_and_its_rules_are_told_in_its_partition()
    {
        var acl = Samples.Acl(1, 1, 2);
        Assert.Equal(PartitionKey.NetworkAcl(acl.Id), Samples.Put(acl).Partition);
        var entry = Projection.Of(acl, 2)!;
        Assert.Equal(EntryKey.Parse(EntryKind.NetworkAcl, acl.Id), entry.Key);
        Assert.False(entry.Removed);
        Assert.Empty(entry.Leads);
        var rule = Samples.AclRule(7, 1);
        Assert.Equal(PartitionKey.NetworkAcl(acl.Id), Samples.Put(rule).Partition);
        Assert.Equal(EntryKey.Parse(EntryKind.NetworkAclRule, rule.Id), Projection.Of(rule, 2)!.Key);
    }

    [Fact]
    public void A_rule_tells_place_direction_action_and_what_it_matches()
    {
        var rule = Samples.AclRule(7, 1);
        Assert.Equal(new NetworkAclRuleEntry { Number = 7, Allow = true, IpVersion = 4 }, ValueOf(rule));
        Assert.Equal(
            new NetworkAclRuleEntry
            {
                Number = 32_766,
                Egress = true,
                IpVersion = 6,
                Protocol = 6,
                Ports = new PortRange { First = 80, Last = 443 },
                Cidr = "fd00::/8",
            },
            ValueOf(rule with
            {
                Number = 32_766,
                Direction = NetworkAclRule.Egress,
                Action = NetworkAclRule.Deny,
                EtherType = NetworkAclRule.Ipv6,
                Protocol = "tcp",
                PortRangeMin = 80,
                PortRangeMax = 443,
                Cidr = "fd00::/8",
            }));
    }

    [Theory]
    [InlineData("icmp", 1)]
    [InlineData("51", 51)]
    [InlineData("ip", null)]
    [InlineData("0", null)]
    [InlineData(null, null)]
    public void A_protocol_is_told_by_its_number_and_any_is_not_told(string? protocol, int? number)
    {
        var value = ValueOf(Samples.AclRule(1, 1) with { Protocol = protocol });
        Assert.Equal(number, value.HasProtocol ? (int)value.Protocol : null);
    }

    [Fact]
    public void A_code_of_zero_is_a_code()
    {
        var ping = Samples.AclRule(1, 1) with { Protocol = "icmp", IcmpType = 0, IcmpCode = 0 };
        Assert.Equal(new IcmpKind { Type = 0, Code = 0 }, ValueOf(ping).Icmp);
        Assert.Equal(new IcmpKind { Type = 0 }, ValueOf(ping with { IcmpCode = null }).Icmp);
        Assert.Null(ValueOf(ping with { IcmpCode = null, IcmpType = null }).Icmp);
    }

    private static NetworkAclRuleEntry ValueOf(NetworkAclRule rule) =>
        NetworkAclRuleEntry.Parser.ParseFrom(Projection.Of(rule, 1)!.Value.Span);
}

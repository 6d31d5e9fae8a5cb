using System.Net;
using Alcor.Kernel.Store;
using Alcor.Network.SecurityGroups;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using AddressPair = Alcor.Network.Ports.AddressPair;

namespace Alcor.GoalState.Tests;

public sealed class SecurityProjectionTests
{
    [Fact]
    public void A_group_tells_whether_it_is_stateful()
    {
        var entry = Projection.Of(Samples.Group(1), 2)!;
        Assert.Equal(EntryKey.Parse(EntryKind.SecurityGroup, Samples.GroupId(1)), entry.Key);
        Assert.True(SecurityGroupEntry.Parser.ParseFrom(entry.Value.Span).Stateful);
        var stateless = Projection.Of(Samples.Group(1) with { Stateful = false }, 2)!;
        Assert.False(SecurityGroupEntry.Parser.ParseFrom(stateless.Value.Span).Stateful);
    }

    [Fact]
    public void A_rule_without_conditions_tells_direction_and_version_alone()
    {
        Assert.Equal(new SecurityGroupRuleEntry { IpVersion = 4 }, ValueOf(Samples.Rule(1, 1)));
        var egress = Samples.Rule(1, 1) with
        {
            Direction = SecurityGroupRule.Egress,
            EtherType = SecurityGroupRule.Ipv6,
        };
        Assert.Equal(new SecurityGroupRuleEntry { Egress = true, IpVersion = 6 }, ValueOf(egress));
    }

    [Theory]
    [InlineData(SecurityGroupRule.Ipv4, "tcp", 6)]
    [InlineData(SecurityGroupRule.Ipv4, "17", 17)]
    [InlineData(SecurityGroupRule.Ipv4, "icmp", 1)]
    [InlineData(SecurityGroupRule.Ipv4, "vrrp", 112)]
    [InlineData(SecurityGroupRule.Ipv6, "ipv6-icmp", 58)]
    [InlineData(SecurityGroupRule.Ipv6, "icmpv6", 58)]
    [InlineData(SecurityGroupRule.Ipv6, "icmp", 58)]
    [InlineData(SecurityGroupRule.Ipv6, "1", 58)]
    [InlineData(SecurityGroupRule.Ipv6, "58", 58)]
    [InlineData(SecurityGroupRule.Ipv4, null, null)]
    [InlineData(SecurityGroupRule.Ipv4, "ip", null)]
    [InlineData(SecurityGroupRule.Ipv4, "0", null)]
    [InlineData(SecurityGroupRule.Ipv6, "hopopt", null)]
    public void A_protocol_is_told_by_its_number_and_any_is_not_told(string etherType, string? protocol, int? number)
    {
        var value = ValueOf(Samples.Rule(1, 1) with { EtherType = etherType, Protocol = protocol });
        Assert.Equal(number, value.HasProtocol ? (int)value.Protocol : null);
        Assert.Equal(SecurityGroupRuleEntry.RangeOneofCase.None, value.RangeCase);
    }

    [Fact]
    public void A_rule_tells_ports_of_protocols_that_have_them_and_type_and_code_of_ICMP()
    {
        var rule = Samples.Rule(1, 1);
        var ported = ValueOf(rule with { Protocol = "udp", PortRangeMin = 67, PortRangeMax = 68 });
        Assert.Equal(new PortRange { First = 67, Last = 68 }, ported.Ports);
        var typed = ValueOf(rule with { Protocol = "icmp", PortRangeMin = 0 });
        Assert.Equal(new IcmpKind { Type = 0 }, typed.Icmp);
        Assert.False(typed.Icmp.HasCode);
        var coded = ValueOf(rule with { Protocol = "1", PortRangeMin = 3, PortRangeMax = 0 });
        Assert.Equal(new IcmpKind { Type = 3, Code = 0 }, coded.Icmp);
        Assert.True(coded.Icmp.HasCode);
    }

    [Theory]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/32", "10.1.2.3/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("fd00::1/64", "fd00::/64")]
    public void A_rule_tells_where_the_other_end_is_without_host_bits(string prefix, string told)
    {
        var entry = Projection.Of(Samples.Rule(1, 1) with { RemoteIpPrefix = prefix }, 2)!;
        Assert.Equal(told, SecurityGroupRuleEntry.Parser.ParseFrom(entry.Value.Span).RemoteCidr);
        Assert.Empty(entry.Leads);
    }

    [Fact]
    public void A_rule_leads_to_what_it_names()
    {
        var byGroup = Projection.Of(Samples.Rule(1, 1, remoteGroup: 2), 2)!;
        Assert.Equal([PartitionKey.SecurityGroup(Samples.GroupId(2))], byGroup.Leads);
        Assert.Equal(
            Samples.GroupId(2),
            EntryId.Decode(SecurityGroupRuleEntry.Parser.ParseFrom(byGroup.Value.Span).RemoteGroup));
        var byAddresses = Projection.Of(
            Samples.Rule(1, 1) with { RemoteAddressGroupId = Samples.AddressGroupId(3) }, 2)!;
        Assert.Equal([PartitionKey.AddressGroup(Samples.AddressGroupId(3))], byAddresses.Leads);
        Assert.Equal(
            Samples.AddressGroupId(3),
            EntryId.Decode(SecurityGroupRuleEntry.Parser.ParseFrom(byAddresses.Value.Span).RemoteAddressGroup));
    }

    [Fact]
    public void An_address_group_tells_its_blocks()
    {
        var entry = Projection.Of(Samples.Addresses(1, "10.0.0.0/8", "fd00::/8"), 2)!;
        Assert.Equal(EntryKey.Parse(EntryKind.AddressGroup, Samples.AddressGroupId(1)), entry.Key);
        Assert.Equal(["10.0.0.0/8", "fd00::/8"], AddressGroupEntry.Parser.ParseFrom(entry.Value.Span).Cidrs);
    }

    [Fact]
    public void A_member_tells_all_addresses_that_its_port_sends_from_under_the_id_of_the_port()
    {
        var port = Samples.Port(5, 1) with
        {
            SecurityGroups = [Samples.GroupId(1), Samples.GroupId(2)],
            AddressPairs =
            [
                new AddressPair("10.9.8.7", "fa:16:3e:00:00:05"), new AddressPair("fd00::1/64", "fa:16:3e:00:00:05"),
                new AddressPair("10.9.8.7/32", "fa:16:3e:00:00:06"),
            ],
        };
        port = port with { FixedIps = port.FixedIps.Add(new(Samples.SubnetId(2), IPAddress.Parse("fd00::5"))) };
        var members = SecurityGroupMember.AllOf(port);
        Assert.Equal(port.SecurityGroups, members.Select(member => member.GroupId));
        foreach (var member in members)
        {
            var entry = Projection.Of(member, 2)!;
            Assert.Equal(EntryKey.Parse(EntryKind.SecurityGroupMember, port.Id), entry.Key);
            var value = SecurityGroupMemberEntry.Parser.ParseFrom(entry.Value.Span);
            Assert.Equal(
                port.FixedIps.Select(ip => ip.IpAddress.GetAddressBytes()),
                value.Addresses.Select(address => address.ToByteArray()));
            Assert.Equal(["10.9.8.7/32", "fd00::/64"], value.Cidrs);
        }
    }

    private static SecurityGroupRuleEntry ValueOf(SecurityGroupRule rule) =>
        SecurityGroupRuleEntry.Parser.ParseFrom(Projection.Of(rule, 2)!.Value.Span);
}

using Alcor.Network.AddressGroups;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network.Tests;

public sealed class SecurityGroupRuleTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("", "IPv4 *")]
    [InlineData("'protocol': 'TCP'", "IPv4 tcp")]
    [InlineData("'protocol': 6", "IPv4 6")]
    [InlineData("'protocol': '006'", "IPv4 6")]
    [InlineData("'protocol': 255", "IPv4 255")]
    [InlineData("'ethertype': 'ipv6'", "IPv6 *")]
    [InlineData("'protocol': 'icmp', 'ethertype': 'IPv6'", "IPv6 ipv6-icmp")]
    [InlineData("'protocol': 'icmpv6', 'ethertype': 'IPv6'", "IPv6 ipv6-icmp")]
    [InlineData("'protocol': 1, 'ethertype': 'IPv6'", "IPv6 58")]
    [InlineData("'port_range_min': 1, 'port_range_max': 65535", "IPv4 *")]
    [InlineData("'protocol': 'tcp', 'port_range_min': 1, 'port_range_max': 65535", "IPv4 tcp")]
    [InlineData("'protocol': 'tcp', 'port_range_min': '80', 'port_range_max': '81'", "IPv4 tcp 80-81")]
    [InlineData("'protocol': 136, 'port_range_min': 1, 'port_range_max': 1", "IPv4 136 1-1")]
    [InlineData("'protocol': 'icmp', 'port_range_min': 0", "IPv4 icmp 0-")]
    [InlineData("'protocol': 'icmp', 'port_range_min': 8, 'port_range_max': 0", "IPv4 icmp 8-0")]
    [InlineData("'remote_ip_prefix': ''", "IPv4 *")]
    [InlineData("'remote_ip_prefix': '10.0.0.5'", "IPv4 * 10.0.0.5/32 10.0.0.5/32")]
    [InlineData("'remote_ip_prefix': '10.0.0.5/24'", "IPv4 * 10.0.0.5/24 10.0.0.0/24")]
    [InlineData("'remote_ip_prefix': '10.0.0.5/255.255.255.0'", "IPv4 * 10.0.0.5/24 10.0.0.0/24")]
    [InlineData("'remote_ip_prefix': '0.0.0.0/0'", "IPv4 * 0.0.0.0/0 0.0.0.0/0")]
    [InlineData("'remote_ip_prefix': '2001:DB8::1/64', 'ethertype': 'IPv6'", "IPv6 * 2001:db8::1/64 2001:db8::/64")]
    [InlineData("'remote_ip_prefix': '::/0', 'ethertype': 'IPv6'", "IPv6 * ::/0 ::/0")]
    public async Task What_a_rule_says_is_kept_in_one_form(string more, string expected)
    {
        var rule = await world.CreateAsync(SecurityGroupRule.Type, Json(await GroupAsync(), more));
        var shown = rule.Value;
        var cidr = SecurityGroupRuleAttributes.NormalizedCidr.Read(rule);
        var ports = shown.PortRangeMin is null ? "" : $" {shown.PortRangeMin}-{shown.PortRangeMax}";
        var remote = shown.RemoteIpPrefix is null ? "" : $" {shown.RemoteIpPrefix} {cidr}";
        Assert.Equal(expected, $"{shown.EtherType} {shown.Protocol ?? "*"}{ports}{remote}");
    }

    [Theory]
    [InlineData("'protocol': ''", "SecurityGroupRuleInvalidProtocol")]
    [InlineData("'protocol': 'any'", "SecurityGroupRuleInvalidProtocol")]
    [InlineData("'protocol': 256", "SecurityGroupRuleInvalidProtocol")]
    [InlineData("'protocol': -1", "SecurityGroupRuleInvalidProtocol")]
    [InlineData("'ethertype': 'ARP'", "SecurityGroupRuleInvalidEtherType")]
    [InlineData("'ethertype': null", "SecurityGroupRuleInvalidEtherType")]
    [InlineData("'protocol': 'icmpv6'", "SecurityGroupEthertypeConflictWithProtocol")]
    [InlineData("'protocol': '58'", "SecurityGroupEthertypeConflictWithProtocol")]
    [InlineData("'protocol': 'ipv6-frag'", "SecurityGroupEthertypeConflictWithProtocol")]
    [InlineData("'port_range_min': 1, 'port_range_max': 2", "SecurityGroupProtocolRequiredWithPorts")]
    [InlineData("'protocol': 'tcp', 'port_range_min': 80", "SecurityGroupInvalidPortRange")]
    [InlineData("'protocol': 'tcp', 'port_range_max': 80", "SecurityGroupInvalidPortRange")]
    [InlineData("'protocol': 'udp', 'port_range_min': 81, 'port_range_max': 80", "SecurityGroupInvalidPortRange")]
    [InlineData("'protocol': 'udp', 'port_range_min': 0, 'port_range_max': 80", "SecurityGroupInvalidPortValue")]
    [InlineData("'protocol': 'udp', 'port_range_min': 1, 'port_range_max': 65536", "SecurityGroupInvalidPortValue")]
    [InlineData("'protocol': 'udp', 'port_range_min': 'a'", "SecurityGroupInvalidPortValue")]
    [InlineData("'protocol': 'icmp', 'port_range_min': 256", "SecurityGroupInvalidIcmpValue")]
    [InlineData("'protocol': 'icmp', 'port_range_min': 1, 'port_range_max': 256", "SecurityGroupInvalidIcmpValue")]
    [InlineData("'protocol': 'icmp', 'port_range_max': 3", "SecurityGroupMissingIcmpType")]
    [InlineData("'protocol': 'vrrp', 'port_range_min': 8", "SecurityGroupInvalidProtocolForPort")]
    [InlineData("'remote_ip_prefix': '2001:db8::/64'", "SecurityGroupRuleParameterConflict")]
    [InlineData("'remote_ip_prefix': '10.0.0.0/8', 'ethertype': 'IPv6'", "SecurityGroupRuleParameterConflict")]
    [InlineData("'remote_ip_prefix': 'somewhere'", "InvalidCIDR")]
    [InlineData("'remote_ip_prefix': '10.0.0.0/33'", "InvalidCIDR")]
    [InlineData("'remote_ip_prefix': '10.0.0.0/255.0.255.0'", "InvalidCIDR")]
    [InlineData("'remote_ip_prefix': '10.0.0.0/8', 'remote_group_id': 'x'", "SecurityGroupMultipleRemoteEntites")]
    [InlineData("'remote_address_group_id': 'y', 'remote_group_id': 'x'", "SecurityGroupMultipleRemoteEntites")]
    public async Task What_a_rule_cannot_say_is_refused(string more, string type)
    {
        var result = await world.TryCreateAsync(SecurityGroupRule.Type, Json(await GroupAsync(), more));
        Assert.Equal((type, 400), (result.Error?.Type, result.Error?.Status));
    }

    [Theory]
    [InlineData("'remote_group_id': 'nowhere'", "SecurityGroupNotFound")]
    [InlineData("'remote_address_group_id': 'nowhere'", "AddressGroupNotFound")]
    public async Task What_a_rule_names_has_to_be_there(string more, string type)
    {
        var result = await world.TryCreateAsync(SecurityGroupRule.Type, Json(await GroupAsync(), more));
        Assert.Equal((type, 404), (result.Error?.Type, result.Error?.Status));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("")]
    public async Task The_group_has_to_be_there(string id)
    {
        var result = await world.TryCreateAsync(SecurityGroupRule.Type, Json(id));
        Assert.Equal("SecurityGroupNotFound", result.Error?.Type);
    }

    [Theory]
    [InlineData("'protocol': 'tcp'", "'protocol': 6")]
    [InlineData("'protocol': 'udp'", "'protocol': 'udp', 'remote_ip_prefix': '0.0.0.0/0'")]
    [InlineData("'protocol': 'udp'", "'protocol': 'udp', 'description': 'the same'")]
    [InlineData("'protocol': 0", "'protocol': 'ip'")]
    [InlineData(
        "'protocol': 'tcp', 'port_range_min': 1, 'port_range_max': 65535", "'protocol': 'tcp'")]
    public async Task The_same_rule_is_there_once(string first, string second)
    {
        var group = await GroupAsync();
        var bulk = await world.TryCreateAsync(SecurityGroupRule.Type, Json(group, first), Json(group, second));
        Assert.Equal("DuplicateSecurityGroupRuleInPost", bulk.Error?.Type);
        var there = await world.CreateAsync(SecurityGroupRule.Type, Json(group, first));
        var again = await world.TryCreateAsync(SecurityGroupRule.Type, Json(group, second));
        Assert.Equal(("SecurityGroupRuleExists", 409), (again.Error?.Type, again.Error?.Status));
        Assert.Contains(there.Value.Id, again.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'protocol': 'hopopt'", "'protocol': 'ip'")]
    [InlineData("'remote_ip_prefix': '10.0.0.1/24'", "'remote_ip_prefix': '10.0.0.0/24'")]
    [InlineData("'protocol': 'tcp'", "'protocol': 'tcp', 'ethertype': 'IPv6'")]
    public async Task Rules_that_differ_are_there_side_by_side(string first, string second)
    {
        var group = await GroupAsync();
        var both = await world.TryCreateAsync(SecurityGroupRule.Type, Json(group, first), Json(group, second));
        Assert.Null(both.Error);
    }

    [Fact]
    public async Task Of_the_same_rule_made_at_the_same_time_one_is_there()
    {
        var group = await GroupAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => world.TryCreateAsync(SecurityGroupRule.Type, Json(group))));
        Assert.Single(results, result => result.IsOk);
    }

    [Fact]
    public async Task The_rules_of_a_request_are_of_one_group()
    {
        var result = await world.TryCreateAsync(
            SecurityGroupRule.Type, Json(await GroupAsync()), Json(await GroupAsync()));
        Assert.Equal("SecurityGroupNotSingleGroupRules", result.Error?.Type);
    }

    [Fact]
    public async Task A_rule_changes_its_group()
    {
        var id = await GroupAsync();
        var rule = await world.CreateAsync(SecurityGroupRule.Type, Json(id));
        Assert.Equal(rule.Revision, (await world.FindAsync(SecurityGroup.Type, id))!.Value.Revision);
        Assert.Null((await world.DeleteAsync(SecurityGroupRule.Type, rule.Value.Id)).Error);
        Assert.Equal(rule.Revision + 1, (await world.FindAsync(SecurityGroup.Type, id))!.Value.Revision);
    }

    [Fact]
    public async Task An_address_group_that_a_rule_names_stays()
    {
        var addresses = (await world.CreateAsync(AddressGroup.Type, "{}")).Value.Id;
        var rule = await world.CreateAsync(
            SecurityGroupRule.Type, Json(await GroupAsync(), $"'remote_address_group_id': '{addresses}'"));
        var refused = await world.DeleteAsync(AddressGroup.Type, addresses);
        Assert.Equal(("AddressGroupInUse", 409), (refused.Error?.Type, refused.Error?.Status));
        await world.DeleteAsync(SecurityGroup.Type, rule.Value.SecurityGroupId);
        Assert.Null((await world.DeleteAsync(AddressGroup.Type, addresses)).Error);
    }

    private static string Json(string groupId, string more = "") =>
        $"{{'direction': 'ingress', 'security_group_id': '{groupId}'{(more.Length > 0 ? ", " : "")}{more}}}"
            .Replace('\'', '"');

    private async Task<string> GroupAsync() => (await world.CreateAsync(SecurityGroup.Type, "{}")).Value.Id;
}

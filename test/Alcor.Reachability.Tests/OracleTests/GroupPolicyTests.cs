using static Alcor.Reachability.Tests.JudgedCloud;

namespace Alcor.Reachability.Tests;

/// <summary>The oracle on security groups, by cases that a person can follow.</summary>
public sealed class GroupPolicyTests
{
    private const string In = "\"direction\": \"ingress\"";
    private const string Out = "\"direction\": \"egress\"";

    [Fact]
    public async Task Without_a_rule_nothing_comes_in()
    {
        var cloud = await MakeAsync();
        RequireNot("no ingress rule of g of b", cloud.Send("a", "b", Tcp(80)));
    }

    [Theory]
    [InlineData("\"protocol\": \"tcp\", \"port_range_min\": 80, \"port_range_max\": 90", 80, 90, 79, 91)]
    [InlineData("\"protocol\": \"6\", \"port_range_min\": 80, \"port_range_max\": 80", 80, 80, 79, 81)]
    public async Task A_range_holds_both_of_its_ends(string rule, int first, int last, int below, int above)
    {
        var cloud = await MakeAsync(Rule("r", $"{In}, {rule}"));
        Require("b", cloud.Send("a", "b", Tcp(first)));
        Require("b", cloud.Send("a", "b", Tcp(last)));
        RequireNot("no ingress rule", cloud.Send("a", "b", Tcp(below)));
        RequireNot("no ingress rule", cloud.Send("a", "b", Tcp(above)));
        RequireNot("no ingress rule", cloud.Send("a", "b", Udp(first)));
    }

    [Theory]
    [InlineData("", 8, 0, true)]
    [InlineData("", 8, 3, true)]
    [InlineData(", \"port_range_min\": 8", 8, 3, true)]
    [InlineData(", \"port_range_min\": 8, \"port_range_max\": 0", 8, 0, true)]
    [InlineData(", \"port_range_min\": 8, \"port_range_max\": 0", 8, 3, false)]
    [InlineData(", \"port_range_min\": 13", 8, 0, false)]
    public async Task Icmp_goes_by_type_and_code(string range, int type, int code, bool isAllowed)
    {
        // Without connection tracking, which takes no questions with a code.
        var cloud = await MakeAsync(
            new Create("group", "h", """{"name": "h", "project_id": "p", "stateful": false}"""),
            Rule("r", $"{In}, \"protocol\": \"icmp\"{range}", "h"),
            new Update("port", "b", """{"security_groups": ["$h"]}"""),
            new Update("port", "a", """{"port_security_enabled": false, "security_groups": []}"""));
        Assert.Equal(isAllowed, !cloud.Send("a", "b", new Icmp(type, code, 1)).Arrivals.IsEmpty);
    }

    [Fact]
    public async Task A_rule_is_for_one_version_of_ip()
    {
        var cloud = await MakeAsync(Rule("r", $"{In}, \"ethertype\": \"IPv6\", \"protocol\": \"icmp\""));
        RequireNot("no ingress rule", cloud.Send("a", "b", Ping()));
        Require("b", cloud.Send("a", "b", Ping(6), version: 6));
    }

    [Fact]
    public async Task A_rule_is_for_one_direction()
    {
        var cloud = await MakeAsync(new Delete("rule", "g_egress_IPv4"), Rule("r", $"{In}, \"protocol\": \"udp\""));
        Require("b", cloud.Send("a", "b", Udp(53)));
        RequireNot("no egress rule of g of b", cloud.Send("b", "a", Udp(53)));
    }

    [Fact]
    public async Task A_prefix_is_where_the_other_end_is()
    {
        var cloud = await MakeAsync(
            Rule("r", $"{In}, \"remote_ip_prefix\": \"10.0.0.13/31\""), Rule("s", $"{In}, \"ethertype\": \"IPv6\""));
        RequireNot("no ingress rule", cloud.Send("a", "b", Tcp(80)));
        // The host bits of the prefix do not matter: 10.0.0.12 is in it.
        Require("b", cloud.Send("c", "b", Tcp(80)));
    }

    [Fact]
    public async Task A_remote_group_is_the_addresses_of_its_members()
    {
        var cloud = await MakeAsync(
            new Create("group", "h", """{"name": "h", "project_id": "p"}"""),
            Rule("r", $"{In}, \"remote_group_id\": \"$h\""),
            new Update("port", "c", """{"security_groups": ["$h"]}"""));
        RequireNot("no ingress rule", cloud.Send("a", "b", Tcp(80)));
        Require("b", cloud.Send("c", "b", Tcp(80)));
        await cloud.RunAsync(new Update("port", "a", """{"security_groups": ["$open", "$h"]}"""));
        Require("b", cloud.Send("a", "b", Tcp(80)));
    }

    [Fact]
    public async Task A_member_lends_its_allowed_address_pairs_to_its_group()
    {
        var cloud = await MakeAsync(
            Rule("r", $"{In}, \"remote_group_id\": \"$open\""),
            new Update("port", "a", """{"allowed_address_pairs": [{"ip_address": "10.9.0.0/16"}]}"""));
        var (a, b) = (cloud.Find("a"), cloud.Find("b"));
        var packet = new IpContent(System.Net.IPAddress.Parse("10.9.1.1"), AddressOf(b, 4), Tcp(80));
        Require("b", cloud.Send("a", new Probe(a.MacAddress, b.MacAddress, packet)));
    }

    [Fact]
    public async Task An_address_group_is_its_blocks()
    {
        var cloud = await MakeAsync(
            new Create("addresses", "x", """{"name": "x", "addresses": ["10.0.0.12/32"]}"""),
            Rule("r", $"{In}, \"remote_address_group_id\": \"$x\""));
        RequireNot("no ingress rule", cloud.Send("a", "b", Tcp(80)));
        Require("b", cloud.Send("c", "b", Tcp(80)));
        await cloud.RunAsync(new Act("addresses", "x", "add_addresses", """{"addresses": ["10.0.0.0/27"]}"""));
        Require("b", cloud.Send("a", "b", Tcp(80)));
    }

    [Fact]
    public async Task A_stateful_group_lets_answers_through_and_nothing_that_only_looks_like_one()
    {
        var cloud = await MakeAsync(
            new Delete("rule", "g_egress_IPv4"),
            Rule("r", $"{In}, \"protocol\": \"tcp\""), Rule("s", $"{In}, \"protocol\": \"icmp\""));
        RequireNot("no conversation", cloud.Send("b", "a", Tcp(40000, TcpFlags.SynAck)));
        RequireNot("no conversation", cloud.Send("b", "a", new Icmp(0, 0, 1)));
        RequireNot("no conversation", cloud.Send("a", "b", new Icmp(8, 1, 1)));
        Require("a", cloud.Answer(cloud.Send("a", "b", Tcp(80))));
        Require("a", cloud.Answer(cloud.Send("a", "b", Ping())));
        RequireNot("no egress rule", cloud.Send("b", "a", Tcp(80)));
    }

    [Fact]
    public async Task Of_two_ends_that_begin_at_once_nothing_is_said_until_one_has_answered()
    {
        var cloud = await MakeAsync();
        var back = new Segment(Protocol.Tcp, 80, 40000);
        cloud.Send("b", "a", Tcp(80));
        Assert.True(cloud.Send("a", "b", back).IsUnclear);
        Require("b", cloud.Send("a", "b", back with { Flags = TcpFlags.SynAck }));
        Require("b", cloud.Send("a", "b", back));
    }

    [Fact]
    public async Task A_stateless_group_judges_each_direction_by_its_own_rules()
    {
        var cloud = await MakeAsync(
            new Create("group", "h", """{"name": "h", "project_id": "p", "stateful": false}"""),
            new Delete("rule", "h_egress_IPv4"), Rule("r", $"{In}, \"protocol\": \"tcp\"", "h"),
            new Update("port", "b", """{"security_groups": ["$h"]}"""));
        var asked = cloud.Send("a", "b", Tcp(80));
        Require("b", asked);
        RequireNot("no egress rule", cloud.Answer(asked));
        await cloud.RunAsync(Rule("s", $"{Out}, \"protocol\": \"tcp\"", "h"));
        Require("a", cloud.Answer(asked));
    }

    [Fact]
    public async Task Removing_the_rule_stops_a_conversation_in_both_directions_unless_another_rule_allows_it()
    {
        var cloud = await MakeAsync(
            Rule("r", $"{In}, \"protocol\": \"tcp\", \"port_range_min\": 80, \"port_range_max\": 80"),
            Rule("s", $"{In}, \"protocol\": \"tcp\""));
        var asked = cloud.Send("a", "b", Tcp(80));
        Require("a", cloud.Answer(asked));
        await cloud.RunAsync(new Delete("rule", "s"));
        Require("b", cloud.Send("a", "b", Tcp(80, TcpFlags.Ack)));
        Require("a", cloud.Answer(asked));
        await cloud.RunAsync(new Delete("rule", "r"));
        RequireNot("no ingress rule", cloud.Send("a", "b", Tcp(80, TcpFlags.Ack)));
        RequireNot("a reply to what is not allowed any more", cloud.Answer(asked));
    }

    [Fact]
    public async Task Removing_a_member_stops_its_conversations()
    {
        var cloud = await MakeAsync(Rule("r", $"{In}, \"remote_group_id\": \"$open\""));
        var asked = cloud.Send("a", "b", Udp(53));
        Require("a", cloud.Answer(asked));
        await cloud.RunAsync(new Update("port", "a", """{"security_groups": ["$g"]}"""));
        RequireNot("no ingress rule", cloud.Send("a", "b", Udp(53)));
        RequireNot("a reply to what is not allowed any more", cloud.Answer(asked));
    }

    [Fact]
    public async Task A_port_in_no_group_neither_sends_nor_receives()
    {
        var cloud = await MakeAsync(new Update("port", "b", """{"security_groups": []}"""));
        RequireNot("b is in no security group, so ingress", cloud.Send("a", "b", Tcp(80)));
        RequireNot("b is in no security group, so egress", cloud.Send("b", "a", Tcp(80)));
    }

    [Fact]
    public async Task A_port_without_port_security_follows_no_rules()
    {
        var cloud = await MakeAsync(
            new Update("port", "b", """{"port_security_enabled": false, "security_groups": []}"""));
        Require("b", cloud.Send("a", "b", Tcp(80)));
        var (b, c) = (cloud.Find("b"), cloud.Find("c"));
        var probe = new Probe(c.MacAddress, b.MacAddress, new OtherContent(0x88b5));
        RequireNot("may send IP and ARP only", cloud.Send("a", probe));
        RequireNot("c is protected: it receives IP only", cloud.Send("b", probe with { TargetMac = c.MacAddress }));
    }

    [Fact]
    public async Task A_broadcast_is_for_everybody_whose_own_rules_let_it_in()
    {
        var cloud = await MakeAsync(Rule("r", $"{In}, \"protocol\": \"udp\""));
        var a = cloud.Find("a");
        var packet = new IpContent(AddressOf(a, 4), System.Net.IPAddress.Broadcast, Udp(53));
        var everybody = Kernel.Addresses.MacAddress.Parse("ff:ff:ff:ff:ff:ff");
        var verdict = cloud.Send("a", new Probe(a.MacAddress, everybody, packet));
        Assert.Equal("b", Assert.Single(verdict.Arrivals).Port.Name);
        Assert.Contains("of c", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    private static void Require(string receiver, Verdict verdict) =>
        Assert.True(verdict.Arrivals is [var one] && one.Port.Name == receiver, $"{verdict}");

    private static void RequireNot(string reason, Verdict verdict)
    {
        Assert.Empty(verdict.Arrivals);
        Assert.Contains(reason, Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }
}

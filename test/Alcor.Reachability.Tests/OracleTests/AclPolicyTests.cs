using static Alcor.Reachability.Tests.JudgedCloud;

namespace Alcor.Reachability.Tests;

/// <summary>The oracle on network ACLs, by cases that a person can follow: subnet m4 of d and e has one.</summary>
public sealed class AclPolicyTests
{
    [Fact]
    public async Task Without_a_rule_nothing_crosses_the_edge_and_all_else_goes_on()
    {
        var cloud = await BoundedAsync();
        RequireNot("no ingress rule of network ACL edge", cloud.Send("a", "d", Tcp(80)));
        RequireNot("no egress rule of network ACL edge", cloud.Send("d", "a", Tcp(80)));
        Require("e", cloud.Send("d", "e", Tcp(80)));
        Require("c", cloud.Send("a", "c", Tcp(80)));
        // It is the ACL of one subnet, which has a version.
        Require("d", cloud.Send("a", "d", Tcp(80), version: 6));
    }

    [Fact]
    public async Task The_lowest_number_decides_whatever_came_first()
    {
        var cloud = await BoundedAsync(
            AclRule("wide", 200, "ingress", "allow", "\"protocol\": \"tcp\""),
            AclRule("narrow", 100, "ingress", "deny", "\"protocol\": \"tcp\", " + Ports(80, 90)));
        RequireNot("ingress rule 100 of network ACL edge denies", cloud.Send("a", "d", Tcp(80)));
        RequireNot("ingress rule 100 of network ACL edge denies", cloud.Send("a", "d", Tcp(90)));
        Require("d", cloud.Send("a", "d", Tcp(91)));
        RequireNot("no ingress rule of network ACL edge", cloud.Send("a", "d", Udp(91)));
        await cloud.RunAsync(new Update("aclrule", "narrow", """{"number": 300}"""));
        Require("d", cloud.Send("a", "d", Tcp(80)));
    }

    [Fact]
    public async Task An_answer_needs_a_rule_of_its_own()
    {
        var cloud = await BoundedAsync(AclRule("in", 1, "ingress", "allow", "\"protocol\": \"icmp\""));
        var asked = cloud.Send("a", "d", Ping());
        Require("d", asked);
        RequireNot("no egress rule of network ACL edge", cloud.Answer(asked));
        await cloud.RunAsync(
            AclRule("out", 1, "egress", "allow", "\"protocol\": \"icmp\", \"icmp_type\": 0, \"icmp_code\": 0"));
        Require("a", cloud.Answer(asked));
    }

    [Fact]
    public async Task A_block_is_where_the_other_end_is()
    {
        var cloud = await BoundedAsync(AclRule("in", 1, "ingress", "allow", "\"cidr\": \"10.0.0.10/31\""));
        Require("d", cloud.Send("a", "d", Tcp(80)));
        RequireNot("no ingress rule of network ACL edge", cloud.Send("c", "d", Tcp(80)));
    }

    [Fact]
    public async Task A_subnet_that_leaves_its_acl_is_open()
    {
        var cloud = await BoundedAsync();
        await cloud.RunAsync(new Update("acl", "edge", """{"subnet_ids": ["$n4"]}"""));
        RequireNot("no egress rule of network ACL edge", cloud.Send("a", "d", Tcp(80)));
        Require("e", cloud.Send("d", "e", Tcp(80)));
        await cloud.RunAsync(new Delete("acl", "edge"));
        Require("d", cloud.Send("a", "d", Tcp(80)));
    }

    /// <summary>A router joins both networks, and group open lets everything in.</summary>
    private static Task<JudgedCloud> BoundedAsync(params Step[] rules) => MakeAsync(
    [
        new Create("router", "r", """{"name": "r"}"""),
        .. new[] { "n4", "n6", "m4", "m6" }.Select(subnet =>
            new Act("router", "r", "add_router_interface", $$"""{"subnet_id": "${{subnet}}"}""")),
        Rule("four", "\"direction\": \"ingress\"", "open"),
        Rule("six", "\"direction\": \"ingress\", \"ethertype\": \"IPv6\"", "open"),
        new Create("acl", "edge", """{"name": "edge", "subnet_ids": ["$m4"]}"""),
        .. rules,
    ]);

    private static Create AclRule(string name, int number, string direction, string action, string more) => new(
        "aclrule", name,
        $$"""
        {"network_acl_id": "$edge", "number": {{number}}, "direction": "{{direction}}",
         "action": "{{action}}", {{more}}}
        """);

    private static string Ports(int first, int last) => $"\"port_range_min\": {first}, \"port_range_max\": {last}";

    private static void Require(string receiver, Verdict verdict) =>
        Assert.Equal([receiver], verdict.Arrivals.Select(arrival => arrival.Port.Name));

    private static void RequireNot(string reason, Verdict verdict)
    {
        Assert.Empty(verdict.Arrivals);
        Assert.Contains(verdict.Reasons, one => one.Contains(reason));
    }
}

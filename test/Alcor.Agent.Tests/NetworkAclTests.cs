using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>
/// What a network ACL of the sender's subnet lets through to a machine of another subnet of the same network, beside
/// what the oracle of reachability asks: fragments, and what Open vSwitch cannot see.
/// </summary>
public sealed class NetworkAclTests
{
    private const int Acl = 90;
    private const uint Sender = 7, Receiver = 8;

    private static readonly Entry[] Subnets =
    [
        Say.Network(1, 100), Say.Bounded(2, "10.0.0.0/24", Acl), Say.Bounded(3, "2001:db8::/64", Acl),
        Say.Subnet(4, "10.0.1.0/24", dhcp: false), Say.Ipv6Subnet(5, "2001:db8:1::/64", "", dhcp: false),
    ];

    [Fact]
    public void The_rule_with_the_lowest_number_decides()
    {
        var rules = new[] { Rule(20, allow: true), Rule(10, allow: false, Udp(53, 53)), Rule(30, allow: false) };
        Assert.True(Passes(rules, Datagram(54)));
        Assert.False(Passes(rules, Datagram(53)));
        Assert.False(Passes([.. rules, Rule(1, allow: false)], Datagram(54)));
        Assert.True(Passes([.. rules, Rule(1, allow: true)], Datagram(53)));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 32_766)]
    [InlineData(32_765, 32_766)]
    public void Any_number_is_a_place(uint first, uint second)
    {
        Assert.True(Passes([Rule(second, allow: false), Rule(first, allow: true)], Datagram(53)));
        Assert.False(Passes([Rule(second, allow: true), Rule(first, allow: false)], Datagram(53)));
    }

    [Fact]
    public void Without_rules_and_without_the_acl_nothing_leaves()
    {
        Assert.False(Passes([], Datagram(53)));
        var unknown = Rendered();
        Assert.False(Passes(unknown, Datagram(53)));
        Assert.Equal($"network ACL {Say.Id(Acl):D} has not arrived", ProblemOf(unknown, 10)?.Reason);
        Assert.False(ProblemOf(unknown, 10)!.IsFailure);
        Assert.Null(ProblemOf(unknown, 11));
    }

    [Fact]
    public void A_subnet_that_is_not_known_may_have_an_acl_and_so_nothing_passes()
    {
        var renderer = Rendered([], [Subnets[0], .. Subnets[2..]]);
        Assert.False(Passes(renderer, Datagram(53)));
        Assert.Equal($"subnet {Say.Id(2):D} has not arrived", ProblemOf(renderer, 10)?.Reason);
    }

    [Fact]
    public void A_rule_that_makes_no_sense_closes_its_acl_since_it_may_be_one_that_denies()
    {
        var renderer = Rendered(Rules(Rule(20, allow: true), Rule(0, allow: false)));
        Assert.False(Passes(renderer, Datagram(53)));
        Assert.Contains("a rule that makes no sense", ProblemOf(renderer, 10)!.Reason);
        Assert.Contains("rule number 0", renderer.Problems.Single(one => one.Key.Key.Kind == EntryKind.NetworkAclRule)
            .Value.Reason);
    }

    [Fact]
    public void Later_fragments_follow_what_allows_ports_and_pass_what_denies_them()
    {
        NetworkAclRuleEntry[] allowing = [Rule(10, allow: true, Udp(53, 53))];
        Assert.True(Passes(allowing, Fragmented(Datagram(53), offset: 0)));
        Assert.False(Passes(allowing, Fragmented(Datagram(54), offset: 0)));
        Assert.True(Passes(allowing, Fragmented(Datagram(53), offset: 100)));
        Assert.False(Passes(allowing, Fragmented(Frame(Protocols.Tcp, new byte[40]), offset: 100)));
        NetworkAclRuleEntry[] denying = [Rule(10, allow: false, Udp(0, 53)), Rule(20, allow: true)];
        Assert.False(Passes(denying, Fragmented(Datagram(53), offset: 0)));
        Assert.True(Passes(denying, Fragmented(Datagram(53), offset: 100)));
        Assert.False(Passes([Rule(10, allow: false, Udp()), .. denying], Fragmented(Datagram(53), offset: 100)));
    }

    [Fact]
    public void Later_fragments_of_pings_are_no_echo_replies()
    {
        var replies = Rule(10, allow: false, rule =>
        {
            rule.Protocol = 1;
            rule.Icmp = new Protocol.V1.IcmpKind { Type = 0 };
        });
        var ping = Frame(Protocols.Icmp, [8, 0, 0, 0, 0, 0, 0, 0]);
        Assert.True(Passes([replies, Rule(20, allow: true)], ping));
        Assert.False(Passes([replies, Rule(20, allow: true)], Frame(Protocols.Icmp, new byte[8])));
        Assert.True(Passes([replies, Rule(20, allow: true)], Fragmented(ping, offset: 100)));
    }

    [Fact]
    public void Later_fragments_of_IPv6_have_no_protocol_and_follow_whatever_allows_one()
    {
        NetworkAclRuleEntry[] allowing = [Ipv6(Rule(10, allow: true, Udp(53, 53)))];
        Assert.True(Passes(allowing, Fragment6(Protocols.Udp, 53, offset: 0)));
        Assert.False(Passes(allowing, Fragment6(Protocols.Udp, 54, offset: 0)));
        Assert.True(Passes(allowing, Fragment6(Protocols.Udp, 53, offset: 8)));
        NetworkAclRuleEntry[] denying = [Ipv6(Rule(10, allow: false, Udp())), Ipv6(Rule(20, allow: true))];
        Assert.False(Passes(denying, Fragment6(Protocols.Udp, 53, offset: 0)));
        Assert.True(Passes(denying, Fragment6(Protocols.Udp, 53, offset: 8)));
        Assert.False(Passes([Ipv6(Rule(5, allow: false)), .. denying], Fragment6(Protocols.Udp, 53, offset: 8)));
    }

    [Fact]
    public void What_Open_vSwitch_cannot_see_is_not_allowed_and_all_denied()
    {
        var ports = Rule(10, allow: true, rule =>
        {
            rule.Protocol = 136;
            rule.Ports = new Protocol.V1.PortRange { First = 53, Last = 53 };
        });
        var renderer = Rendered(Rules(ports));
        Assert.False(Passes(renderer, Frame(136, new byte[8])));
        Assert.Equal("Open vSwitch has no ports for protocol 136: nothing is allowed", ReasonOf(renderer));
        ports.Allow = false;
        renderer = Rendered(Rules(ports, Rule(20, allow: true)));
        Assert.False(Passes(renderer, Frame(136, new byte[8])));
        Assert.True(Passes(renderer, Datagram(53)));
        Assert.Equal(
            "Open vSwitch has no ports for protocol 136: all of protocol 136 is denied", ReasonOf(renderer));
        var routing = Ipv6(Rule(10, allow: false, rule => rule.Protocol = 43));
        renderer = Rendered(Rules(routing, Ipv6(Rule(20, allow: true)), Rule(30, allow: true)));
        Assert.False(Passes(renderer, Frame6(Protocols.Udp, Ports(53))));
        Assert.True(Passes(renderer, Datagram(53)));
        Assert.Equal("Open vSwitch looks past header 43 of IPv6: all of IPv6 is denied", ReasonOf(renderer));
    }

    [Fact]
    public void A_rule_is_there_once_and_a_port_asks_with_two_flows_a_direction_and_version()
    {
        var none = Rendered(Rules()).FlowCount;
        Assert.Equal(none + 2, Rendered(Rules(Rule(10, allow: true), Rule(20, allow: false))).FlowCount);
        var unbounded = Rendered(
            [],
            [
                Subnets[0], Say.Subnet(2, "10.0.0.0/24", dhcp: false), Say.Subnet(3, "2001:db8::/64", dhcp: false),
                .. Subnets[3..],
            ]);
        Assert.Equal(unbounded.FlowCount + 2 * 2 * 2, none);
    }

    private static NetworkAclRuleEntry Rule(uint number, bool allow, Action<NetworkAclRuleEntry>? more = null)
    {
        var rule = new NetworkAclRuleEntry { Number = number, Allow = allow, Egress = true, IpVersion = 4 };
        more?.Invoke(rule);
        return rule;
    }

    private static NetworkAclRuleEntry Ipv6(NetworkAclRuleEntry rule)
    {
        rule.IpVersion = 6;
        return rule;
    }

    private static Action<NetworkAclRuleEntry> Udp(uint? first = null, uint last = 0) => rule =>
    {
        rule.Protocol = Protocols.Udp;
        if (first is { } lowest)
            rule.Ports = new Protocol.V1.PortRange { First = lowest, Last = last };
    };

    private static Entry[] Rules(params NetworkAclRuleEntry[] rules) =>
        [Say.NetworkAcl(Acl), .. rules.Select((rule, i) => Say.AclRule(100 + i, rule))];

    private static bool Passes(NetworkAclRuleEntry[] rules, byte[] frame) => Passes(Rendered(Rules(rules)), frame);

    private static bool Passes(Renderer renderer, byte[] frame)
    {
        var tables = new FlowTableSwitch([1, Sender, Receiver]);
        var result = tables.Apply([.. renderer.Flows.Select(FlowMod.Add)], FlowDelivery.Bundle);
        Assert.True(result.IsComplete, string.Join('\n', result.Failures));
        return tables.Receive(Sender, new Packet(frame), default).Outputs.Any(output => output.Port == Receiver);
    }

    private static EntryProblem? ProblemOf(Renderer renderer, int id) =>
        renderer.Problems.SingleOrDefault(problem => problem.Key.Key.Id == Say.Id(id)).Value;

    /// <summary>Why the first rule is not as it says.</summary>
    private static string? ReasonOf(Renderer renderer) => ProblemOf(renderer, 100)?.Reason;

    /// <param name="acl">Of the ACL's partition; empty: that has not arrived.</param>
    private static Renderer Rendered(Entry[] acl, Entry[] network)
    {
        PartitionUpdate[] updates =
        [
            Say.SnapshotOf(Say.NetworkPartition(1), 1, network),
            Say.SnapshotOf(Say.HostPartition, 1, Port(10, 2, 3, ""), Port(11, 4, 5, "1:")),
            .. acl.Length == 0 ? [] : new[] { Say.SnapshotOf(Say.NetworkAclPartition(Acl), 1, acl) },
        ];
        var facts = new SwitchFacts(
            ImmutableDictionary<Guid, uint>.Empty.Add(Say.Id(10), Sender).Add(Say.Id(11), Receiver),
            new TunnelPorts(Vxlan: 1, Geneve: null),
            AgentWorld.Tunnel);
        return Renderer.Full(
            updates.Aggregate(DesiredState.Empty, (state, update) => state.Apply(update).State), facts);
    }

    private static Renderer Rendered(params Entry[] acl) => Rendered(acl, Subnets);

    private static Entry Port(int id, int subnet, int subnet6, string half) => Say.Entry(
        EntryKind.Port, id, new PortEntry
        {
            NetworkId = Say.Bytes(1),
            Mac = Say.Mac(id),
            AdminStateUp = true,
            Unprotected = true,
            FixedIps =
            {
                new FixedIp { SubnetId = Say.Bytes(subnet), Address = Say.Bytes($"10.0.{id - 10}.{id}") },
                new FixedIp { SubnetId = Say.Bytes(subnet6), Address = Say.Bytes($"2001:db8:{half}:{id}") },
            },
        });

    private static byte[] Datagram(ushort port) => Frame(Protocols.Udp, Ports(port));

    private static byte[] Ports(ushort port) => [0x99, 0x99, (byte)(port >> 8), (byte)port, 0, 8, 0, 0];

    private static byte[] Frame(byte protocol, byte[] payload) => Frame("10.0.0.10", "10.0.1.11", protocol, payload);

    private static byte[] Frame6(byte protocol, byte[] payload) =>
        Frame("2001:db8::10", "2001:db8:1::11", protocol, payload);

    private static byte[] Frame(string source, string target, byte protocol, byte[] payload) => new IpFrame
    {
        SourceMac = Say.MacOf(10),
        DestinationMac = Say.MacOf(11),
        Source = IPAddress.Parse(source),
        Destination = IPAddress.Parse(target),
        Protocol = protocol,
        Payload = payload,
    }.Encode();

    /// <summary>An IPv4 packet as the fragment of a longer one that begins so many bytes into it.</summary>
    private static byte[] Fragmented(byte[] frame, int offset)
    {
        frame[20] = 0x20;
        frame[21] = (byte)(offset / 8);
        return frame;
    }

    /// <summary>The same in IPv6, with the fragment header (RFC 8200 section 4.5).</summary>
    private static byte[] Fragment6(byte protocol, ushort port, ushort offset) =>
        Frame6(44, [protocol, 0, (byte)(offset >> 8), (byte)(offset | 1), 0, 0, 0, 1, .. Ports(port)]);
}

using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

public sealed class RenderedFlowsTests
{
    private static readonly SwitchFacts Facts = new(
        ImmutableDictionary<Guid, uint>.Empty.Add(Say.Id(10), 7).Add(Say.Id(11), 8),
        AgentWorld.Tunnels, AgentWorld.Tunnel);

    private static readonly Entry[] Usual =
    [
        Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
        Say.Neighbor(10, "10.0.0.10", "172.31.0.1"), Say.Neighbor(20, "10.0.0.20", "172.31.0.2"),
    ];

    [Fact]
    public void The_skeleton_is_there_without_any_network() => CheckSample("skeleton", Render([], []));

    [Fact]
    public void One_port_here_and_one_neighbour_there() =>
        CheckSample("one-port-one-neighbour", Entries([Say.Port(10, 1, 2, "10.0.0.10")], Usual));

    [Fact]
    public void A_geneve_network_with_the_number_of_a_vxlan() => CheckSample("geneve", New(
        Say.SnapshotOf(Say.HostPartition, 1, Say.Port(11, 5, 2, "10.0.0.10")),
        Say.SnapshotOf(Say.NetworkPartition(5), 1, Say.Network(5, 100, of: Encapsulation.Geneve),
            Say.Subnet(2, "10.0.0.0/24"), Say.Neighbor(11, "10.0.0.10", "172.31.0.1"),
            Say.Neighbor(21, "10.0.0.20", "172.31.0.2"))));

    [Fact]
    public void A_router_leads_ipv6_outside_here() => CheckSample("ipv6-outside", New(
        Facts with { PhysicalPorts = Facts.PhysicalPorts.Add("physnet1", 3) },
        Say.SnapshotOf(Say.NetworkPartition(1), 1,
            [.. Usual, Say.Ipv6Subnet(3, "2001:db8::/64", ""), Say.RouterPort(82, 80, "2001:db8::1")]),
        Say.SnapshotOf(Say.NetworkPartition(90), 1,
            Say.External(90, vlan: 111),
            Say.Subnet(92, "2001:db8:ff::/64", "2001:db8:ff::1", dhcp: false)),
        Say.SnapshotOf(Say.RouterPartition(80), 1, Say.Entry(EntryKind.Router, 80, new RouterEntry
        {
            AdminStateUp = true, Interfaces = { Say.Interface(82, 1, 3, "2001:db8::1") },
            Gateway = new RouterGateway
            {
                NetworkId = Say.Bytes(90), Mac = Say.Mac(83), Host = "h1", TunnelAddress = Say.Bytes("172.31.0.1"),
                Zone = 7,
                FixedIps = { new FixedIp { SubnetId = Say.Bytes(92), Address = Say.Bytes("2001:db8:ff::5") } },
            },
        }))));

    [Fact]
    public void Two_ports_here_and_two_hosts_there() => CheckSample("two-ports-two-hosts", Entries(
        [Say.Port(10, 1, 2, "10.0.0.10"), Say.Port(11, 1, 2, "10.0.0.11")],
        [.. Usual, Say.Neighbor(11, "10.0.0.11", "172.31.0.1"), Say.Neighbor(30, "10.0.0.30", "172.31.0.3")]));

    [Fact]
    public void A_protected_port_asks_its_group_whose_rule_names_another() => CheckSample("protected-port", New(
        Say.SnapshotOf(Say.HostPartition, 1, Say.Protected(10, 1, 2, "10.0.0.10", 50)),
        Say.SnapshotOf(Say.SecurityGroupPartition(50), 1, Say.SecurityGroup(50), Say.EgressRule(51),
            Say.Rule(52, new SecurityGroupRuleEntry
            {
                IpVersion = 4, Protocol = 6, Ports = new Protocol.V1.PortRange { First = 80, Last = 90 },
                RemoteGroup = Say.Bytes(60),
            })),
        Say.SnapshotOf(Say.SecurityGroupPartition(60), 1, Say.SecurityGroup(60), Say.Member(20, "10.0.0.20"))));

    [Fact]
    public void A_port_of_a_subnet_with_a_network_acl_asks_its_rules() => CheckSample("network-acl", New(
        Say.SnapshotOf(Say.NetworkPartition(1), 1, [Usual[0], Say.Bounded(2, "10.0.0.0/24", 90), .. Usual[2..]]),
        Say.SnapshotOf(Say.HostPartition, 1, Say.Port(10, 1, 2, "10.0.0.10")),
        Say.SnapshotOf(Say.NetworkAclPartition(90), 1, Say.NetworkAcl(90),
            Say.AclRule(91, number: 32_766, egress: true, allow: true),
            Say.AclRule(92, new NetworkAclRuleEntry
            {
                Number = 100, Allow = true, IpVersion = 4, Protocol = 6, Cidr = "192.0.2.0/24",
                Ports = new Protocol.V1.PortRange { First = 80, Last = 81 },
            }),
            Say.AclRule(93, new NetworkAclRuleEntry
            {
                Number = 90, IpVersion = 4, Protocol = 6, Ports = new Protocol.V1.PortRange { First = 81, Last = 81 },
            }))));

    [Fact]
    public void A_port_has_limits_and_a_mark()
    {
        var policy = new QosPolicyEntry
        {
            Limits =
            {
                new QosLimit { Egress = true, Rate = 5_000 }, new QosLimit { Rate = 10_000, Burst = 2_000 },
                new QosLimit { Egress = true, Packets = true, Rate = 2_000 },
                new QosLimit { Packets = true, Rate = 4_000, Burst = 100 },
            },
            Dscp = 46,
        };
        var network = Say.SnapshotOf(Say.NetworkPartition(1), 1, Usual);
        var (limited, plain) = (
            Renderer.Full(State(network,
                Say.SnapshotOf(Say.HostPartition, 1, Say.Limited(Say.Port(10, 1, 2, "10.0.0.10"), 90)),
                Say.SnapshotOf(
                    Say.QosPolicyPartition(90), 1, Say.Entry(EntryKind.QosPolicy, 90, policy))), Facts),
            Renderer.Full(State(network,
                Say.SnapshotOf(Say.HostPartition, 1, Say.Port(10, 1, 2, "10.0.0.10"))), Facts));
        Assert.Empty(limited.Problems);
        CheckSample("quality-of-service", string.Join('\n',
            limited.Meters.OrderBy(meter => meter.Id).Select(meter => $"{meter}")
                .Append(Text(limited.Flows.Except(plain.Flows)))));
    }

    [Fact]
    public void A_floating_ip_and_a_gateway_have_limits()
    {
        Dictionary<int, QosLimit[]> limits = new()
        {
            [91] =
            [
                new() { Egress = true, Rate = 5_000 }, new() { Rate = 9_000 }, new() { Packets = true, Rate = 2_000 },
            ],
            [92] = [new() { Egress = true, Packets = true, Rate = 4_000 }],
        };
        Dictionary<int, int> policies = new() { [LimitedOutside.FirstIp] = 91, [LimitedOutside.Gateway] = 92 };
        var (limited, plain) = (
            Renderer.Full(State([.. LimitedOutside.Updates(policies, limits)]), LimitedOutside.Facts),
            Renderer.Full(State([.. LimitedOutside.Updates([], limits)]), LimitedOutside.Facts));
        CheckSample("limits-outside", string.Join('\n',
            limited.Meters.OrderBy(meter => meter.Id).Select(meter => $"{meter}")
                .Append(Text(limited.Flows.Except(plain.Flows)))));
    }

    [Theory]
    [InlineData(false, 10_000, 2_000, 2_000)]
    [InlineData(false, 10_000, 0, 8_000)]
    [InlineData(false, 100, 0, 525)]
    [InlineData(false, uint.MaxValue, 0, 3_435_973_836)]
    [InlineData(true, 1_000, 0, 800)]
    [InlineData(true, 1, 0, 1)]
    public void A_burst_that_is_not_said_is_most_of_the_rate_and_enough_for_the_largest_packet(
        bool isPackets, uint rate, uint said, uint burst)
    {
        var policy = new QosPolicyValue([new QosLimitValue(IsEgress: false, isPackets, rate, said)], Dscp: null);
        var meter = Assert.Single(Pipeline.Limits.Meters(7, policy));
        Assert.Equal([new MeterBand(rate, burst)], meter.Bands);
        Assert.Equal(isPackets ? MeterUnit.PacketsPerSecond : MeterUnit.KilobitsPerSecond, meter.Unit);
    }

    [Fact]
    public void Every_port_has_meters_of_its_own()
    {
        var ids = from key in Enumerable.Range(1, Pipeline.PortKey.Max)
                  from isEgress in new[] { false, true }
                  from isPackets in new[] { false, true }
                  select Pipeline.MeterIds.Of((uint)key, isEgress, isPackets);
        var all = ids.ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, id => Assert.True(Pipeline.MeterIds.AreOurs(id)));
        Assert.False(Pipeline.MeterIds.AreOurs(3));
        Assert.False(Pipeline.MeterIds.AreOurs(1 << 18));
    }

    [Fact]
    public void A_router_is_in_two_networks() => CheckSample("router", New(
        Say.SnapshotOf(Say.NetworkPartition(1), 1, [.. Usual, Say.RouterPort(82, 80, "10.0.0.1")]),
        Say.SnapshotOf(Say.NetworkPartition(70), 1, Say.Network(70, 700), Say.Subnet(72, "10.0.1.0/24", "10.0.1.1"),
            Say.RouterPort(81, 80, "10.0.1.1"), Say.Neighbor(13, "10.0.1.13", "172.31.0.2")),
        Say.SnapshotOf(Say.RouterPartition(80), 1, Say.Router(
            80, Say.Interface(82, 1, 2, "10.0.0.1"), Say.Interface(81, 70, 72, "10.0.1.1")))));

    [Fact]
    public void A_router_is_in_networks_of_different_mtu_and_leads_outside_of_another()
    {
        var (narrow, usual) = (OfThree(inner: 1_400), OfThree(inner: 1_500));
        Assert.DoesNotContain(usual, flow => Pipeline.PathMtu.BoundOf(flow) is not null);
        CheckSample("path-mtu", Text(narrow.Except(usual)));
    }

    /// <summary>The flows of a router between two networks and one outside, whose gateway is here.</summary>
    private static IEnumerable<Flow> OfThree(uint inner) => Renderer.Full(State(
        Say.SnapshotOf(Say.NetworkPartition(1), 1,
            [Say.Network(1, 100, mtu: inner), .. Usual[1..], Say.RouterPort(82, 80, "10.0.0.1")]),
        Say.SnapshotOf(Say.NetworkPartition(70), 1, Say.Network(70, 700, mtu: 1_500),
            Say.Subnet(72, "10.0.1.0/24", "10.0.1.1"), Say.RouterPort(81, 80, "10.0.1.1")),
        Say.SnapshotOf(Say.NetworkPartition(90), 1,
            Say.External(90, vlan: 111),
            Say.Subnet(92, "203.0.113.0/24", "203.0.113.1", dhcp: false)),
        Say.SnapshotOf(Say.RouterPartition(80), 1,
            Say.Entry(EntryKind.Router, 80, new RouterEntry
            {
                AdminStateUp = true,
                Interfaces = { Say.Interface(82, 1, 2, "10.0.0.1"), Say.Interface(81, 70, 72, "10.0.1.1") },
                Gateway = Say.Gateway(90, 83, "172.31.0.1", (92, "203.0.113.5")),
            }),
            FloatingIp(95, "203.0.113.10", "10.0.0.20"), FloatingIp(96, "203.0.113.11", "10.0.1.20"))),
        Facts with { PhysicalPorts = Facts.PhysicalPorts.Add("physnet1", 3) }).Flows;

    private static Entry FloatingIp(int id, string outside, string inside) => Say.Entry(
        EntryKind.FloatingIp, id, new FloatingIpEntry
        {
            Address = Say.Bytes(outside), Mac = Say.Mac(id), PortId = Say.Bytes(20), OnGateway = true,
            FixedAddress = Say.Bytes(inside),
        });

    [Fact]
    public void A_machine_of_an_ipv6_network_asks_for_its_router() => CheckSample("ipv6-port", New(
        Say.SnapshotOf(Say.HostPartition, 1, Say.Port(10, 1, 3, "2001:db8::f816:3eff:fe00:a")),
        Say.SnapshotOf(Say.NetworkPartition(1), 1,
            [.. Usual, Say.Ipv6Subnet(3, "2001:db8::/64", "dhcpv6-stateless"), Say.RouterPort(82, 80, "2001:db8::1")]),
        Say.SnapshotOf(Say.RouterPartition(80), 1, Say.Router(80, Say.Interface(82, 1, 3, "2001:db8::1")))));

    [Fact]
    public void A_subport_comes_and_goes_in_a_vlan_of_its_parent() => CheckSample("subport", Text(
        Full([Say.Port(10, 1, 2, "10.0.0.10").InVlan(parent: 12, vlan: 5, number: 3)],
            Usual, Facts with { Interfaces = ImmutableDictionary<Guid, uint>.Empty.Add(Say.Id(12), 9) })
            .Flows.Where(flow => Pipeline.Cookies.Of(new EntryKey(EntryKind.Port, Say.Id(10))) == flow.Cookie)));

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void What_is_in_the_vlan_of_a_subport_that_is_not_served_is_not_its_parents(bool isUp, bool hasNetwork)
    {
        var renderer = Full(
            [
                Say.Port(10, 1, 2, "10.0.0.10"),
                Say.Port(11, hasNetwork ? 1 : 9, 2, "10.0.0.11", up: isUp).InVlan(parent: 10, vlan: 5, number: 3),
            ], Usual, Facts);
        var apart = renderer.Flows.Where(flow => renderer.Owner(flow.Key)?.Key.Id == Say.Id(11)).ToList();
        Assert.Equal(4, apart.Count);
        Assert.All(apart, flow => Assert.Empty(flow.Instructions));
        Assert.Contains("in_port=7,vlan_tci=0x1000/0x1000 actions=drop", Text(renderer));
    }

    [Fact]
    public void A_subport_waits_for_the_interface_of_its_parent_and_for_no_other()
    {
        var renderer = Full([Say.Port(10, 1, 2, "10.0.0.10").InVlan(parent: 12, vlan: 5, number: 3)], Usual, Facts);
        var (address, problem) = Assert.Single(renderer.Problems);
        Assert.Equal((Say.Id(10), false), (address.Key.Id, problem.IsFailure));
        Assert.Equal($"interface of its parent port {Say.Id(12):D} is not plugged", problem.Reason);
        Assert.DoesNotContain(renderer.Flows, flow => renderer.Owner(flow.Key)?.Key.Kind == EntryKind.Port);
    }

    [Fact]
    public void A_port_that_may_move_here_has_no_flow_even_if_it_is_plugged_and_waits_for_nothing()
    {
        var (plugged, other) = (Say.Port(10, 1, 2, "10.0.0.10").Inactive(), Say.Port(14, 1, 2, "10.0.0.14").Inactive());
        var renderer = Full([plugged, other], Usual, Facts);
        Assert.Empty(renderer.Problems);
        Assert.Equal(Text(Full([], Usual, Facts)), Text(renderer));
    }

    [Fact]
    public void One_vlan_of_two_parents_is_two_subports()
    {
        var renderer = Full(
            [
                Say.Port(10, 1, 2, "10.0.0.10").InVlan(parent: 12, vlan: 5, number: 3),
                Say.Port(11, 1, 2, "10.0.0.11").InVlan(parent: 13, vlan: 5, number: 4),
            ],
            Usual, Facts with { Interfaces = Facts.Interfaces.Add(Say.Id(12), 9).Add(Say.Id(13), 8) });
        Assert.Empty(renderer.Problems);
        var text = Text(renderer);
        foreach (var (parent, key) in new[] { (9, 0x2003), (8, 0x2004) })
        {
            Assert.Contains(text.Split('\n'), line =>
                line.Contains($"in_port={parent},dl_vlan=5 actions=pop_vlan", StringComparison.Ordinal)
                && line.Contains($"load:0x{key:x}->NXM_NX_REG3[]", StringComparison.Ordinal));
            Assert.Contains(text.Split('\n'), line =>
                line.Contains($"reg4=0x{key:x} ", StringComparison.Ordinal)
                && line.Contains($"output:{parent}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Of_two_subports_with_one_number_the_first_is_rendered_and_the_other_fails()
    {
        var renderer = Full(
            [
                Say.Port(10, 1, 2, "10.0.0.10"), Say.Port(11, 1, 2, "10.0.0.11").InVlan(parent: 10, vlan: 5, number: 3),
                Say.Port(12, 1, 2, "10.0.0.12").InVlan(parent: 10, vlan: 6, number: 3),
            ], Usual, Facts);
        var (address, problem) = Assert.Single(renderer.Problems);
        Assert.Equal((Say.Id(12), true), (address.Key.Id, problem.IsFailure));
        Assert.Contains("set_field:4101->vlan_vid", Text(renderer));
        Assert.DoesNotContain("set_field:4102->vlan_vid", Text(renderer));
    }

    [Fact]
    public void A_port_of_a_host_that_offers_metadata_and_names()
    {
        var port = PortEntry.Parser.ParseFrom(Say.Port(10, 1, 2, "10.0.0.10").Value);
        port.FixedIps.Add(new FixedIp { SubnetId = Say.Bytes(3), Address = Say.Bytes("2001:db8::10") });
        var state = State(
            Say.SnapshotOf(Say.NetworkPartition(1), 1, [.. Usual, Say.Ipv6Subnet(3, "2001:db8::/64", "slaac")]),
            Say.SnapshotOf(Say.HostPartition, 1, Say.Entry(EntryKind.Port, 10, port)));
        var offering = Facts with { Services = new ServicePort(2, HostServices.Metadata | HostServices.Dns) };
        CheckSample("services",
            Text(Renderer.Full(state, offering).Flows.Except(Renderer.Full(state, Facts).Flows)));
    }

    [Fact]
    public void An_ipv6_underlay_is_named_in_its_own_fields()
    {
        var facts = Facts with { TunnelAddress = IPAddress.Parse("fd00::1") };
        var flows = Text(Full([], [Say.Network(1, 100), Say.Neighbor(20, "10.0.0.20", "fd00::2")], facts));
        Assert.Contains("set_field:fd00::2->tun_ipv6_dst,load:0x1->NXM_NX_REG4[],goto_table:101", flows);
    }

    [Fact]
    public void A_port_that_is_down_has_no_flow_and_no_problem()
    {
        var renderer = Full([Say.Port(10, 1, 2, "10.0.0.10", up: false)], Usual, Facts);
        Assert.DoesNotContain(renderer.Flows, flow => flow.Match.Find(Field.InPort)?.Value == 7);
        Assert.DoesNotContain("load:0x7->NXM_NX_REG4[]", Text(renderer));
        Assert.Empty(renderer.Problems);
    }

    [Fact]
    public void A_port_at_a_number_that_is_no_key_fails_and_has_no_flow()
    {
        var facts = Facts with { Interfaces = Facts.Interfaces.SetItem(Say.Id(10), 8_192) };
        var renderer = Full([Say.Port(10, 1, 2, "10.0.0.10")], Usual, facts);
        var (address, problem) = Assert.Single(renderer.Problems);
        Assert.Equal((Say.Id(10), true), (address.Key.Id, problem.IsFailure));
        Assert.Equal("its interface has OpenFlow port 8192, and 8191 is the highest that a port may have",
            problem.Reason);
        Assert.DoesNotContain(renderer.Flows, flow => renderer.Owner(flow.Key)?.Key.Kind == EntryKind.Port);
        Assert.DoesNotContain("load:0x2000->NXM_NX_REG4[]", Text(renderer));
        Assert.Null(renderer.DhcpAt(8_192, TimeSpan.FromDays(1), HostServices.None));
    }

    [Fact]
    public void A_network_that_is_down_has_no_flow_and_no_problem()
    {
        var renderer = Full([Say.Port(10, 1, 2, "10.0.0.10")], [Say.Network(1, 100, up: false), .. Usual[1..]], Facts);
        Assert.Equal(Pipeline.Skeleton.Of(AgentWorld.Tunnel).Count(), renderer.FlowCount);
        Assert.Empty(renderer.Problems);
    }

    [Fact]
    public void A_dhcp_option_that_makes_no_sense_fails_the_port_which_has_all_else()
    {
        var entry = PortEntry.Parser.ParseFrom(Say.Port(10, 1, 2, "10.0.0.10").Value);
        entry.DhcpOptions.Add(new DhcpOption { Name = "no-such-option", Value = "1", IpVersion = 4 });
        var renderer = Full([Say.Entry(EntryKind.Port, 10, entry)], Usual, Facts);
        Assert.Equal(Full([Say.Port(10, 1, 2, "10.0.0.10")], Usual, Facts).FlowCount, renderer.FlowCount);
        var (address, problem) = Assert.Single(renderer.Problems);
        Assert.Equal((Say.Id(10), true), (address.Key.Id, problem.IsFailure));
        Assert.Contains("no-such-option", problem.Reason);
    }

    [Fact]
    public void A_subnet_without_dhcp_punts_nothing()
    {
        var renderer = Full([Say.Port(10, 1, 2, "10.0.0.10")],
            [Usual[0], Say.Subnet(2, "10.0.0.0/24", dhcp: false)], Facts);
        Assert.DoesNotContain(renderer.Flows, flow => flow.Table == Pipeline.Tables.Dhcp
            && flow.ToString().Contains("CONTROLLER", StringComparison.Ordinal));
        Assert.Null(renderer.DhcpAt(7, TimeSpan.FromDays(1), HostServices.None));
    }

    [Theory]
    [InlineData(Encapsulation.Vxlan, 1, null, true)]
    [InlineData(Encapsulation.Vxlan, null, 2, false)]
    [InlineData(Encapsulation.Geneve, null, 2, true)]
    [InlineData(Encapsulation.Geneve, 1, null, false)]
    public void Without_the_tunnel_port_of_its_encapsulation_what_needs_it_waits(
        Encapsulation encapsulation, int? vxlan, int? geneve, bool isThere)
    {
        var facts = Facts with { Tunnels = new TunnelPorts((uint?)vxlan, (uint?)geneve) };
        var renderer = Full(
            [Say.Port(10, 1, 2, "10.0.0.10")], [Say.Network(1, 100, of: encapsulation), .. Usual[1..]], facts);
        Assert.Equal(isThere ? [] : [EntryKind.Network, EntryKind.Neighbor, EntryKind.Port],
            renderer.Problems.OrderBy(problem => problem.Key.Key).Select(problem => problem.Key.Key.Kind));
        Assert.All(renderer.Problems, problem =>
            Assert.Equal((false, $"the switch has no {encapsulation} tunnel port"),
                (problem.Value.IsFailure, problem.Value.Reason)));
        // On this host the network works all the same.
        Assert.Contains(renderer.Flows, flow => flow.Table == Pipeline.Tables.Classify
            && flow.ToString().Contains("in_port=7", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_networks_under_one_number_are_not_mixed()
    {
        var desired = State(
            Say.SnapshotOf(
                Say.NetworkPartition(1), 1, Say.Network(1, 100), Say.Neighbor(20, "10.0.0.20", "172.31.0.2")),
            Say.SnapshotOf(
                Say.NetworkPartition(5), 1, Say.Network(5, 100), Say.Neighbor(21, "10.0.0.20", "172.31.0.3")));
        var renderer = Renderer.Full(desired, Facts);
        Assert.Equal([Say.Id(5), Say.Id(21)], renderer.Problems.OrderBy(p => p.Key.Key).Select(p => p.Key.Key.Id));
        Assert.DoesNotContain("172.31.0.3", Text(renderer));
    }

    [Fact]
    public void One_number_of_two_encapsulations_is_two_networks()
    {
        var desired = State(
            Say.SnapshotOf(
                Say.NetworkPartition(1), 1, Say.Network(1, 100), Say.Neighbor(20, "10.0.0.20", "172.31.0.2")),
            Say.SnapshotOf(Say.NetworkPartition(5), 1,
                Say.Network(5, 100, of: Encapsulation.Geneve), Say.Neighbor(21, "10.0.0.20", "172.31.0.3")));
        var renderer = Renderer.Full(desired, Facts);
        Assert.Empty(renderer.Problems);
        Assert.Contains("172.31.0.3", Text(renderer));
    }

    [Fact]
    public void Of_two_neighbours_with_one_address_the_first_is_answered_for_and_the_other_fails()
    {
        var renderer = Full([], [Say.Network(1, 100), Say.Neighbor(20, "10.0.0.20", "172.31.0.2"),
            Say.Neighbor(21, "10.0.0.20", "172.31.0.3")], Facts);
        var (address, problem) = Assert.Single(renderer.Problems);
        Assert.Equal(Say.Id(21), address.Key.Id);
        Assert.Contains("contradicts Neighbor 00000000-0000-0000-0000-000000000014", problem.Reason);
    }

    [Fact]
    public void A_flood_to_many_hosts_goes_on_in_further_flows()
    {
        var hosts = Enumerable.Range(0, 2_500).Select(i => new IPAddress([10, 9, (byte)(i / 256), (byte)i])).ToList();
        var flows = Pipeline.Flooding.FromPort(100, [7], hosts, new Pipeline.Tunnel(1, 100), cookie: 1).ToList();
        Assert.Equal(3, flows.Count);
        Assert.Equal(2_500, flows.Sum(flow => Outputs(flow, 1)));
        Assert.Equal(1, flows.Sum(flow => flow.ToString().Split("load:0x7->NXM_NX_REG4[],resubmit(,80)").Length - 1));
        Assert.EndsWith("resubmit(,75)", flows[1].ToString());
        Assert.DoesNotContain("resubmit", flows[2].ToString());
    }

    private static int Outputs(Flow flow, uint port) => flow.Instructions.OfType<Instruction.ApplyActions>()
        .SelectMany(apply => apply.Actions).OfType<FlowAction.Output>().Count(output => output.Port == port);

    private static string Render(Entry[] ports, Entry[] network) => Text(Full(ports, network, Facts));

    private static void CheckSample(string name, string flows) =>
        Golden.CheckSample("docs/pipeline.md", name, flows);

    /// <summary>Without the skeleton, which is golden by itself.</summary>
    private static string Entries(Entry[] ports, Entry[] network) => Text(
        Full(ports, network, Facts).Flows.Except(Pipeline.Skeleton.Of(AgentWorld.Tunnel)));

    /// <summary>What entries add to the usual network with nothing in it.</summary>
    private static string New(params PartitionUpdate[] updates) => New(Facts, updates);

    private static string New(SwitchFacts facts, params PartitionUpdate[] updates)
    {
        var network = Say.SnapshotOf(Say.NetworkPartition(1), 1, Usual);
        var all = updates.Any(update => update.Partition == network.Partition) ? updates : [network, .. updates];
        return Text(Renderer.Full(State(all), facts).Flows.Except(Renderer.Full(State(network), facts).Flows));
    }

    private static Renderer Full(Entry[] ports, Entry[] network, SwitchFacts facts) => Renderer.Full(State(
        Say.SnapshotOf(Say.NetworkPartition(1), 1, network), Say.SnapshotOf(Say.HostPartition, 1, ports)), facts);

    private static DesiredState State(params PartitionUpdate[] updates) =>
        updates.Aggregate(DesiredState.Empty, (state, update) => state.Apply(update).State);

    private static string Text(Renderer renderer) => Text(renderer.Flows);

    private static string Text(IEnumerable<Flow> flows) => string.Join('\n', flows
        .OrderBy(flow => flow.Table).ThenByDescending(flow => flow.Priority)
        .ThenBy(flow => flow.Match.ToString(), StringComparer.Ordinal));
}

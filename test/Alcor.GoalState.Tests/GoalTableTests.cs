using System.Net;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.FloatingIps;
using Alcor.Network.Networks;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;
using Alcor.Protocol.V1;
using AddressPair = Alcor.Network.Ports.AddressPair;
using FixedIp = Alcor.Network.Ports.FixedIp;
using HostRoute = Alcor.Network.Subnets.HostRoute;

namespace Alcor.GoalState.Tests;

public sealed class GoalTableTests
{
    private static readonly PartitionKey Partition = PartitionKey.Network(Samples.NetworkId(1));

    /// <summary>How a sequence of states may reach a table: each must lead to the same.</summary>
    private static readonly Dictionary<string, Expander> Expanders = new()
    {
        ["each state"] = (states, _) => Steps(states),
        ["squash all into one"] = (states, _) => [ChangesBetween(State.Empty, states[^1], states)],
        ["duplicate every state"] = (states, _) => Steps(states).SelectMany(changes => new[] { changes, changes }),
        ["insert empty ones"] = (states, _) => Steps(states)
            .SelectMany(changes => new[] { changes, changes with { Changes = [] } }),
        ["reverse the keys"] = (states, _) => Steps(states)
            .Select(changes => changes with { Changes = [.. changes.Changes.Reverse()] }),
        ["each alone"] = (states, _) => states[^1].Resources.Values
            .Select(resource => new PartitionChanges(Partition, states[^1].Revision, [ChangeOf(resource)])),
        ["reach back at random"] = (states, random) => states.Select((state, index) =>
            ChangesBetween(index == 0 ? State.Empty : states[random.Next(index)], state, states.Take(index + 1))),
    };

    [Fact]
    public void However_a_state_is_reached_the_table_equals_the_full_recompute()
    {
        var random = Seed.For(nameof(However_a_state_is_reached_the_table_equals_the_full_recompute));
        for (var round = 0; round < 60; round++)
        {
            var states = Generate(random, 1 + random.Next(25));
            var recomputed = GoalTable.Of(states[^1].Snapshot(), NetworkCatalog.Types);
            var oracle = Content(recomputed);
            foreach (var (name, expand) in Expanders)
            {
                var table = GoalTable.Empty(Partition);
                foreach (var changes in expand(states, random))
                    table = table.Apply(changes, NetworkCatalog.Types).Table;
                Assert.True(oracle == Content(table), $"round {round}, {name}:\n{oracle}---\n{Content(table)}");
                Assert.Equal(states[^1].Revision, table.Revision);
                Assert.Equal(recomputed.Leads.Partitions, table.Leads.Partitions);
            }
        }
    }

    [Fact]
    public void Where_a_table_leads_is_another_set_only_when_it_leads_elsewhere()
    {
        var random = Seed.For(nameof(Where_a_table_leads_is_another_set_only_when_it_leads_elsewhere));
        var table = GoalTable.Empty(Partition);
        foreach (var changes in Steps(Generate(random, 300)))
        {
            var next = table.Apply(changes, NetworkCatalog.Types).Table;
            var expected = next.Entries.Values.SelectMany(entry => entry.Leads).ToHashSet();
            Assert.Equal(expected.Order(), next.Leads.Partitions.Order());
            Assert.Equal(
                expected.SetEquals(table.Leads.Partitions),
                ReferenceEquals(table.Leads.Partitions, next.Leads.Partitions));
            table = next;
        }
    }

    [Fact]
    public void A_port_that_a_router_takes_is_no_neighbor_any_more_and_one_that_is_given_back_is_one()
    {
        var port = Samples.Port(1, 1, "host-a");
        var taken = port with { DeviceOwner = DeviceOwner.RouterInterface, DeviceId = Samples.RouterId(1) };
        var first = GoalTable.Empty(Partition).Apply(Written(1, port), NetworkCatalog.Types);
        var second = first.Table.Apply(Written(2, taken), NetworkCatalog.Types);
        Assert.Equal(
            [(EntryKind.Neighbor, true, 2L), (EntryKind.RouterPort, false, 2L)],
            second.Entries.Select(entry => (entry.Key.Kind, entry.Removed, entry.Revision)));
        Assert.Equal([PartitionKey.Router(Samples.RouterId(1))], second.Table.Leads.Partitions);
        var third = second.Table.Apply(Written(3, port), NetworkCatalog.Types);
        Assert.Equal(
            [(EntryKind.Neighbor, false), (EntryKind.RouterPort, true)],
            third.Entries.Select(entry => (entry.Key.Kind, entry.Removed)));
        Assert.Empty(third.Table.Leads.Partitions);
    }

    [Fact]
    public void Whoever_applies_the_differences_holds_the_table()
    {
        var random = Seed.For(nameof(Whoever_applies_the_differences_holds_the_table));
        var table = GoalTable.Empty(Partition);
        var held = new SortedDictionary<EntryKey, GoalEntry>();
        foreach (var changes in Steps(Generate(random, 300)))
        {
            var delta = table.Apply(changes, NetworkCatalog.Types);
            foreach (var entry in delta.Entries)
            {
                Assert.True(entry.Revision > table.Revision);
                if (entry.Removed)
                    Assert.True(held.Remove(entry.Key), $"{entry.Key} is removed, but was not there");
                else
                    held[entry.Key] = entry;
            }
            table = delta.Table;
            Assert.Equal(table.Entries.Values, held.Values);
        }
    }

    [Fact]
    public void A_row_written_without_news_for_hosts_is_no_difference()
    {
        var port = Samples.Port(1, 1, "host-a");
        var first = GoalTable.Empty(Partition).Apply(Written(1, port), NetworkCatalog.Types);
        Assert.Single(first.Entries);
        var second = first.Table.Apply(Written(2, port with { Status = PortStatus.Active }), NetworkCatalog.Types);
        Assert.Empty(second.Entries);
        Assert.Equal(2, second.Table.Revision);
        Assert.Equal(1, second.Table.Entries.Values.Single().Revision);
    }

    [Fact]
    public void Removing_what_is_not_there_is_no_difference()
    {
        var gone = new Change(Port.Type.Key(Samples.PortId(1)), 1, null);
        var changes = new PartitionChanges(Partition, 1, [gone]);
        Assert.Empty(GoalTable.Empty(Partition).Apply(changes, NetworkCatalog.Types).Entries);
    }

    [Fact]
    public void The_table_of_a_network_reads_as_reviewed()
    {
        object[] resources =
        [
            Samples.Port(258, 1, "host-b"), Samples.Network(1), Samples.Subnet(1, 1), Samples.Port(5, 1, "host-a"),
            Samples.Port(6, 1), Samples.RouterPort(7, 1, 1), Ipv6Subnet(2, 1),
            Samples.Port(8, 1, "host-a") with
            {
                FixedIps = [new FixedIp(Samples.SubnetId(2), IPAddress.Parse("fd00::8"))],
                AddressPairs = [new AddressPair("10.1.0.100", "fa:16:3e:00:00:08")],
            },
        ];
        var stored = resources.Select((resource, index) => Samples.Stored(resource, index + 1)).ToList();
        var table = GoalTable.Of(new PartitionSnapshot(Partition, 8, stored), NetworkCatalog.Types);
        Golden.Check("test/Alcor.GoalState.Tests/Golden/network.txt", GoalText.Of(table));
    }

    [Fact]
    public void The_table_of_a_host_reads_as_reviewed_and_leads_to_its_networks_and_groups()
    {
        object[] resources =
        [
            Binding.Of(Samples.Port(5, 1, "host-a") with { Generation = 3 }), Binding.Of(Samples.Port(6, 1, "host-a")),
            Binding.Of(Samples.Port(7, 2, "host-a") with { AdminStateUp = false }),
            Binding.Of(Samples.Port(8, 2, "host-a") with { IsUnprotected = true }),
            Binding.Of(Samples.Port(9, 2, "host-a") with
            {
                SecurityGroups = [Samples.GroupId(1), Samples.GroupId(2)],
                AddressPairs = [new AddressPair("fd00::1/64", "fa:16:3e:00:00:ff")],
            }),
        ];
        var stored = resources.Select(resource => Samples.Stored(resource, 8)).ToList();
        var table = GoalTable.Of(new PartitionSnapshot(PartitionKey.Host("host-a"), 8, stored), NetworkCatalog.Types);
        Golden.Check("test/Alcor.GoalState.Tests/Golden/host.txt", GoalText.Of(table));
        Assert.Equal(
            [
                Partition,
                PartitionKey.Network(Samples.NetworkId(2)),
                PartitionKey.SecurityGroup(Samples.GroupId(1)),
                PartitionKey.SecurityGroup(Samples.GroupId(2)),
            ],
            table.Leads.Partitions);
    }

    [Fact]
    public void The_tables_of_groups_and_routers_read_as_reviewed()
    {
        var rule = Samples.Rule(1, 1);
        object[] group =
        [
            Samples.Group(1), rule, Samples.Rule(2, 1, remoteGroup: 2),
            rule with { Id = Samples.RuleId(3), Direction = SecurityGroupRule.Egress, Protocol = "tcp",
                PortRangeMin = 80, PortRangeMax = 443, RemoteIpPrefix = "10.0.0.5/8" },
            rule with { Id = Samples.RuleId(4), EtherType = SecurityGroupRule.Ipv6, Protocol = "icmp",
                PortRangeMin = 128, RemoteAddressGroupId = Samples.AddressGroupId(1) },
            rule with { Id = Samples.RuleId(5), Protocol = "icmp", PortRangeMin = 3, PortRangeMax = 4 },
            MemberOf(1, Samples.Port(5, 1) with
            {
                AddressPairs = [new AddressPair("fd00::1/64", "fa:16:3e:00:00:ff")],
            }),
        ];
        object[] router =
        [
            Samples.Router(1, Samples.RouterPort(1, 1, 1), Samples.RouterPort(2, 2, 1)) with
            {
                Routes = [new HostRoute(IPNetwork.Parse("10.9.0.0/16"), IPAddress.Parse("10.1.0.9"))],
                ConnectionTrackers =
                [
                    new ConnectionTracker(
                        "70000000-0000-0000-0000-00000000000a", Samples.RouterId(1), "udp", 69, "tftp"),
                ],
            },
        ];
        Golden.Check(
            "test/Alcor.GoalState.Tests/Golden/groups-and-routers.txt",
            TextOf(PartitionKey.SecurityGroup(Samples.GroupId(1)), group)
            + TextOf(
                PartitionKey.AddressGroup(Samples.AddressGroupId(1)),
                [Samples.Addresses(1, "10.0.0.0/8", "fd00::/8")])
            + TextOf(PartitionKey.Router(Samples.RouterId(1)), router));
    }

    [Fact]
    public void The_tables_of_a_policy_and_of_a_host_that_holds_a_port_to_it_read_as_reviewed() =>
        Golden.Check(
            "test/Alcor.GoalState.Tests/Golden/quality-of-service.txt",
            TextOf(
                PartitionKey.QosPolicy(Samples.PolicyId(1)),
                [
                    Samples.Policy(
                        1,
                        Samples.QosRule(QosRuleKind.BandwidthLimit, 5_000, 800, QosRuleKind.Ingress),
                        Samples.QosRule(QosRuleKind.DscpMarking, 46),
                        Samples.QosRule(QosRuleKind.PacketRateLimit, 2, 0, QosRuleKind.Egress)),
                ])
            + TextOf(
                PartitionKey.Host("host-a"),
                [Binding.Of(Samples.Port(5, 1, "host-a") with { QosPolicyId = Samples.PolicyId(1) })]));

    [Fact]
    public void The_tables_of_the_way_outside_read_as_reviewed()
    {
        var port = Samples.GatewayPort(9, 9, 1, "host-g");
        var inside = Samples.RouterPort(1, 1, 1);
        object[] outside =
        [
            Samples.Network(9) with
            {
                Segments = [new NetworkSegment(Samples.SegmentId(9), NetworkType.Vlan, "outside", 42)],
            },
            Samples.Subnet(9, 9), port, Samples.Port(10, 9, "host-a"),
        ];
        Golden.Check(
            "test/Alcor.GoalState.Tests/Golden/outside.txt",
            TextOf(PartitionKey.Network(Samples.NetworkId(9)), outside)
            + TextOf(PartitionKey.Host("host-g"), [Binding.Of(port)])
            + TextOf(
                PartitionKey.Router(Samples.RouterId(1)),
                [
                    Samples.Router(1, inside) with { Gateway = Samples.Gateway(port) },
                    RoutedFloatingIp.Of(Samples.FloatingIp(1, 9, 1, 5))!,
                    RoutedFloatingIp.Of(Samples.FloatingIp(2, 9, 1, 6) with { IsOnHost = true })!,
                    .. RoutedPortForwarding.AllOf(Samples.ForwardingIp(3, 9, 1, 5)),
                ])
            + TextOf(
                PartitionKey.Router(Samples.RouterId(2)),
                [Samples.Router(2) with { Gateway = Samples.Gateway(Samples.GatewayPort(11, 9, 2)) }]));
    }

    [Fact]
    public void The_tables_of_a_network_acl_read_as_reviewed()
    {
        var rule = Samples.AclRule(100, 1);
        object[] acl =
        [
            Samples.Acl(1, 1),
            rule,
            rule with
            {
                Id = Samples.AclRuleId(2), Number = 90, Action = "deny", Protocol = "udp", Cidr = "10.9.0.0/16",
            },
            rule with
            {
                Id = Samples.AclRuleId(3), Direction = "egress",
                Protocol = "tcp", PortRangeMin = 80, PortRangeMax = 443,
            },
            rule with
            {
                Id = Samples.AclRuleId(4), EtherType = "IPv6", Protocol = "ipv6-icmp", IcmpType = 128, IcmpCode = 0,
            },
        ];
        Golden.Check(
            "test/Alcor.GoalState.Tests/Golden/network-acl.txt",
            TextOf(
                PartitionKey.Network(Samples.NetworkId(1)),
                [Samples.Network(1), Samples.Subnet(1, 1) with { NetworkAclId = Samples.AclId(1) }])
            + TextOf(PartitionKey.NetworkAcl(Samples.AclId(1)), acl));
    }

    private static SecurityGroupMember MemberOf(int group, Port port) =>
        SecurityGroupMember.AllOf(port with { SecurityGroups = [Samples.GroupId(group)] }).Single();

    private static string TextOf(PartitionKey partition, IEnumerable<object> resources) => GoalText.Of(GoalTable.Of(
        new PartitionSnapshot(partition, 9, [.. resources.Select(resource => Samples.Stored(resource, 9))]),
        NetworkCatalog.Types));

    private static Subnet Ipv6Subnet(int number, int network) => Samples.Subnet(number, network) with
    {
        Cidr = IPNetwork.Parse("fd00::/64"),
        GatewayIp = IPAddress.Parse("fd00::1"),
        Ipv6RaMode = Ipv6Mode.Slaac,
        Ipv6AddressMode = Ipv6Mode.Slaac,
    };

    private static PartitionChanges Written(long revision, object resource)
    {
        var stored = Samples.Stored(resource, revision);
        return new PartitionChanges(Partition, revision, [new Change(stored.Key, revision, stored)]);
    }

    private static Change ChangeOf(StoredResource resource) => new(resource.Key, resource.Revision, resource);

    /// <summary>Without revisions: a table that was read at once knows only when a row was last written.</summary>
    private static string Content(GoalTable table) =>
        string.Join('\n', table.Entries.Values.Select(entry => $"{entry.Key} {Convert.ToHexString(entry.Value.Span)}"));

    private static IEnumerable<PartitionChanges> Steps(List<State> states) =>
        states.Select((state, index) =>
            ChangesBetween(index == 0 ? State.Empty : states[index - 1], state, states.Take(index + 1)));

    /// <summary>What a store answers: every resource touched after one state, as it is in another.</summary>
    private static PartitionChanges ChangesBetween(State from, State to, IEnumerable<State> until)
    {
        var touched = until.Where(state => state.Revision > from.Revision).SelectMany(state => state.Touched)
            .GroupBy(touch => touch.Key)
            .Select(touches => (touches.Key, Revision: touches.Max(touch => touch.Revision)))
            .OrderBy(touch => touch.Revision)
            .ThenBy(touch => touch.Key.ToString(), StringComparer.Ordinal);
        return new PartitionChanges(
            Partition,
            to.Revision,
            [.. touched.Select(t => new Change(t.Key, t.Revision, to.Resources.GetValueOrDefault(t.Key)))]);
    }

    private static List<State> Generate(Random random, int count)
    {
        var states = new List<State>();
        var state = State.Empty;
        for (var i = 0; i < count; i++)
        {
            List<object> written = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Some(random))];
            states.Add(state = state.Next(written, random));
        }
        return states;
    }

    /// <summary>Of all kinds, whichever partition they would be in: what one says is no matter of the others.</summary>
    private static object Some(Random random) => random.Next(17) switch
    {
        0 => Samples.Network(1) with { Mtu = 1400 + random.Next(3), Name = $"n{random.Next(3)}" },
        1 => Samples.Subnet(random.Next(3), 1) with
        {
            EnableDhcp = random.Next(2) == 0,
            NetworkAclId = random.Next(2) == 0 ? Samples.AclId(random.Next(2)) : null,
        },
        2 => Samples.Group(random.Next(2)) with { Stateful = random.Next(2) == 0 },
        3 or 4 => Samples.Rule(random.Next(4), 1, random.Next(2) == 0 ? random.Next(3) : null),
        5 => Samples.Router(1, Enumerable.Range(0, random.Next(3)).Select(n => Samples.RouterPort(n, n, 1))),
        6 => MemberOf(1, Samples.Port(random.Next(4), random.Next(2))),
        7 => Samples.RouterPort(random.Next(8), 1, random.Next(2)),
        8 => Samples.Acl(1) with { Name = $"acl{random.Next(3)}" },
        9 => Samples.AclRule(random.Next(4), 1) with { Number = random.Next(3) },
        _ => Samples.Port(random.Next(8), 1, random.Next(3) == 0 ? "" : $"host-{random.Next(3)}") with
        {
            Status = random.Next(2) == 0 ? PortStatus.Active : PortStatus.Build,
        },
    };

    private delegate IEnumerable<PartitionChanges> Expander(List<State> states, Random random);

    /// <summary>A partition's content at a revision, and what the commit of this revision touched.</summary>
    private sealed record State(
        long Revision,
        IReadOnlyDictionary<ResourceKey, StoredResource> Resources,
        IReadOnlyList<(ResourceKey Key, long Revision)> Touched)
    {
        public static readonly State Empty = new(0, new Dictionary<ResourceKey, StoredResource>(), []);

        public PartitionSnapshot Snapshot() => new(Partition, Revision, [.. Resources.Values]);

        public State Next(IReadOnlyList<object> written, Random random)
        {
            var resources = new Dictionary<ResourceKey, StoredResource>(Resources);
            var touched = new List<(ResourceKey, long)>();
            foreach (var resource in written)
            {
                var stored = Samples.Stored(resource, Revision + 1);
                if (touched.Contains((stored.Key, Revision + 1)))
                    continue;
                touched.Add((stored.Key, Revision + 1));
                if (random.Next(4) == 0)
                    resources.Remove(stored.Key);
                else
                    resources[stored.Key] = stored;
            }
            return new State(Revision + 1, resources, touched);
        }
    }
}

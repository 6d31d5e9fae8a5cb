using System.Collections.Immutable;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>How many flows things cost: sums, never products.</summary>
public sealed class FlowCountTests
{
    private const int Group = 50;

    [Fact]
    public void A_thousand_members_and_fifty_rules_cost_two_flows_each()
    {
        var renderer = Rendered(members: 1_000, rules: 50, ports: 1);
        Report(renderer, "1,000 members, 50 rules, 1 port");
        Assert.Equal(2 * 1_000, Count(renderer, EntryKind.SecurityGroupMember));
        // For the beginnings of connections and for answers; their fragments are the same for all of these rules.
        Assert.Equal(2 * 50 + 2, Count(renderer, EntryKind.SecurityGroupRule));
        Assert.Equal(4, Count(renderer, EntryKind.SecurityGroup));
    }

    [Fact]
    public void A_further_port_costs_the_same_however_many_members_and_rules_there_are()
    {
        var small = PerPort(members: 10, rules: 5);
        Assert.Equal(small, PerPort(members: 1_000, rules: 50));
        TestContext.Current.TestOutputHelper?.WriteLine($"a protected port with one IPv4 address: {small} flows");

        static int PerPort(int members, int rules) =>
            Rendered(members, rules, ports: 2).FlowCount - Rendered(members, rules, ports: 1).FlowCount;
    }

    [Fact]
    public void A_further_member_of_ten_thousand_changes_two_flows()
    {
        var (state, facts) = World(members: 10_000, rules: 50, ports: 10);
        var renderer = Renderer.Full(state, facts);
        var change = state.Apply(Say.DifferenceOf(
            Say.SecurityGroupPartition(Group), 1, 2, Say.Member(20_000, "10.200.0.1")));
        var rendered = renderer.Update(change.State, facts, change.Changed);
        Assert.Equal(2, rendered.Flows.Count);
        Assert.Single(rendered.Entries);
    }

    private static Renderer Rendered(int members, int rules, int ports)
    {
        var (state, facts) = World(members, rules, ports);
        var renderer = Renderer.Full(state, facts);
        Assert.Empty(renderer.Problems);
        return renderer;
    }

    /// <summary>A group whose rules each open one port to its own members.</summary>
    private static (DesiredState State, SwitchFacts Facts) World(int members, int rules, int ports)
    {
        var plugged = Enumerable.Range(1_000_000, ports).ToList();
        var facts = new SwitchFacts(
            plugged.ToImmutableDictionary(Say.Id, port => (uint)(port - 1_000_000 + 10)),
            AgentWorld.Tunnels, AgentWorld.Tunnel);
        var group = Enumerable.Range(0, rules)
            .Select(rule => Say.Rule(100_000 + rule, new SecurityGroupRuleEntry
            {
                IpVersion = 4, Protocol = 6, RemoteGroup = Say.Bytes(Group),
                Ports = new Protocol.V1.PortRange { First = (uint)(1_000 + rule), Last = (uint)(1_000 + rule) },
            }))
            .Concat(Enumerable.Range(0, members).Select(member =>
                Say.Member(10_000 + member, $"10.100.{member / 250}.{member % 250 + 1}")))
            .Prepend(Say.SecurityGroup(Group));
        PartitionUpdate[] updates =
        [
            Say.SnapshotOf(Say.NetworkPartition(1), 1, Say.Network(1, 100), Say.Subnet(2, "10.9.0.0/16", dhcp: false)),
            Say.SnapshotOf(Say.SecurityGroupPartition(Group), 1, [.. group]),
            Say.SnapshotOf(Say.HostPartition, 1,
                [.. plugged.Select((port, i) => Say.Protected(port, 1, 2, $"10.9.{i / 250}.{i % 250 + 1}", Group))]),
        ];
        return (updates.Aggregate(DesiredState.Empty, (state, update) => state.Apply(update).State), facts);
    }

    private static int Count(Renderer renderer, EntryKind kind) =>
        renderer.Flows.Count(flow => renderer.Owner(flow.Key)?.Key.Kind == kind);

    private static void Report(Renderer renderer, string what) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{what}: {renderer.FlowCount} flows, of which {string.Join(", ", renderer.Flows
            .GroupBy(flow => renderer.Owner(flow.Key)?.Key.Kind.ToString() ?? "skeleton")
            .OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Key} {kind.Count()}"))}");
}

using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Ports;

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
            var oracle = Content(GoalTable.Of(states[^1].Snapshot(), NetworkCatalog.Types));
            foreach (var (name, expand) in Expanders)
            {
                var table = GoalTable.Empty(Partition);
                foreach (var changes in expand(states, random))
                    table = table.Apply(changes, NetworkCatalog.Types).Table;
                Assert.True(oracle == Content(table), $"round {round}, {name}:\n{oracle}---\n{Content(table)}");
                Assert.Equal(states[^1].Revision, table.Revision);
            }
        }
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
            Samples.Port(6, 1),
        ];
        var stored = resources.Select((resource, index) => Samples.Stored(resource, index + 1)).ToList();
        var table = GoalTable.Of(new PartitionSnapshot(Partition, 5, stored), NetworkCatalog.Types);
        Golden.Check("test/Alcor.GoalState.Tests/Golden/network.txt", GoalText.Of(table));
    }

    [Fact]
    public void The_table_of_a_host_reads_as_reviewed_and_leads_to_its_networks()
    {
        object[] resources =
        [
            Binding.Of(Samples.Port(5, 1, "host-a") with { Generation = 3 }), Binding.Of(Samples.Port(6, 1, "host-a")),
            Binding.Of(Samples.Port(7, 2, "host-a") with { AdminStateUp = false }),
        ];
        var stored = resources.Select(resource => Samples.Stored(resource, 8)).ToList();
        var table = GoalTable.Of(new PartitionSnapshot(PartitionKey.Host("host-a"), 8, stored), NetworkCatalog.Types);
        Golden.Check("test/Alcor.GoalState.Tests/Golden/host.txt", GoalText.Of(table));
        Assert.Equal(
            [Partition, PartitionKey.Network(Samples.NetworkId(2))], Interest.Of(table));
    }

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

    private static object Some(Random random) => random.Next(8) switch
    {
        0 => Samples.Network(1) with { Mtu = 1400 + random.Next(3), Name = $"n{random.Next(3)}" },
        1 => Samples.Subnet(random.Next(3), 1) with { EnableDhcp = random.Next(2) == 0 },
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

using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Services;
using Alcor.Agent.Switch;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tests;

/// <summary>
/// Whatever the order and grouping of changes, rendering them one by one equals rendering the end at once.
/// </summary>
public sealed class IncrementalRenderTests
{
    [Fact]
    public void Incremental_equals_full_after_every_step()
    {
        var random = Seed.For(nameof(Incremental_equals_full_after_every_step));
        for (var run = 0; run < 60; run++)
        {
            var history = new History();
            for (var step = 0; step < 60; step++)
                history.Step(random);
        }
    }

    [Fact]
    public void The_flows_that_a_step_names_are_all_that_changed()
    {
        var random = Seed.For(nameof(The_flows_that_a_step_names_are_all_that_changed));
        var history = new History();
        for (var step = 0; step < 600; step++)
        {
            var before = history.Renderer.Flows.ToDictionary(flow => flow.Key);
            var meters = history.Renderer.Meters.ToHashSet();
            var problems = history.Renderer.Problems.ToDictionary();
            var change = history.Step(random);
            var after = history.Renderer.Flows.ToDictionary(flow => flow.Key);
            Assert.All(before.Keys.Union(after.Keys).Except(change.Flows),
                key => Assert.Equal(before[key], after[key]));
            meters.SymmetricExceptWith(history.Renderer.Meters);
            Assert.Subset(change.Meters.ToHashSet(), meters.Select(meter => meter.Id).ToHashSet());
            var now = history.Renderer.Problems.ToDictionary();
            Assert.All(problems.Keys.Union(now.Keys).Except(change.Entries),
                address => Assert.Equal(problems[address], now[address]));
        }
    }

    [Fact]
    public void The_difference_brings_any_switch_to_what_is_rendered_and_then_is_empty()
    {
        var random = Seed.For(nameof(The_difference_brings_any_switch_to_what_is_rendered_and_then_is_empty));
        var history = new History();
        var device = new Dictionary<FlowKey, Flow>();
        for (var step = 0; step < 300; step++)
        {
            for (var i = random.Next(4); i >= 0; i--)
                history.Step(random);
            var keys = device.Keys.Union(history.Renderer.Flows.Select(flow => flow.Key)).ToList();
            foreach (var change in Difference())
            {
                if (change.IsDelete)
                    Assert.True(device.Remove(change.Flow.Key));
                else
                    device[change.Flow.Key] = change.Flow;
            }
            Assert.True(device.Values.ToHashSet().SetEquals(history.Renderer.Flows));
            Assert.Empty(Difference());

            IReadOnlyList<FlowChange> Difference() =>
                FlowDifference.Between(keys, key => device.GetValueOrDefault(key), history.Renderer.Find);
        }
    }

    /// <summary>A renderer that is told of each change, beside one that is told everything anew.</summary>
    private sealed class History
    {
        private readonly Dictionary<string, ulong> _revisions = [];
        private DesiredState _desired = DesiredState.Empty;
        private SwitchFacts _facts = new(
            ImmutableDictionary<Guid, uint>.Empty, TunnelPorts.None, IPAddress.Parse(RandomEntries.Tunnels[0]));

        public Renderer Renderer { get; } = new();

        public RenderChange Step(Random random)
        {
            var changed = new List<EntryAddress>();
            for (var i = random.Next(4); i >= 0; i--)
            {
                if (random.Next(4) == 0)
                    ChangeFacts(random);
                else
                    changed.AddRange(ChangeDesired(random));
            }
            var rendered = Renderer.Update(_desired, _facts, changed);
            var full = Renderer.Full(_desired, _facts);
            Assert.Equal(Text(full), Text(Renderer));
            Assert.Equal(full.Problems.OrderBy(p => p.Key, EntryAddressOrder.Instance),
                Renderer.Problems.OrderBy(p => p.Key, EntryAddressOrder.Instance));
            Assert.True(full.Peers.ToHashSet().SetEquals(Renderer.Peers));
            Assert.True(full.AdvertisedPorts(HostServices.Dns).ToHashSet()
                .SetEquals(Renderer.AdvertisedPorts(HostServices.Dns)));
            Assert.True(full.OutsideAddresses.ToHashSet().SetEquals(Renderer.OutsideAddresses));
            Assert.Equal(Text(full.Services), Text(Renderer.Services));
            return rendered;
        }

        private static IEnumerable<string> Text(Renderer renderer) =>
            renderer.Flows.Select(flow => flow.ToString()).Concat(renderer.Meters.Select(meter => meter.ToString()))
                .Order(StringComparer.Ordinal);

        private static IEnumerable<string> Text(ServiceDirectory services) =>
            services.Clients.Select(client => client.ToString())
                .Concat(services.Networks.SelectMany(network => network.Value.All("asked.test")
                    .Select(known => $"{network.Key} {known}")))
                .Order(StringComparer.Ordinal);

        private void ChangeFacts(Random random)
        {
            var port = Say.Id(10 + random.Next(6));
            _facts = random.Next(9) switch
            {
                8 => _facts with
                {
                    Services = random.Next(3) == 0 ? null : new ServicePort(4, (HostServices)random.Next(1, 4)),
                },
                0 => _facts with
                {
                    Tunnels = new(random.Next(2) == 0 ? null : 1, random.Next(2) == 0 ? null : 2),
                },
                1 => _facts with { Interfaces = _facts.Interfaces.Remove(port) },
                2 => _facts with
                {
                    PhysicalPorts = random.Next(3) == 0
                        ? _facts.PhysicalPorts.Clear()
                        : _facts.PhysicalPorts.SetItem(random.Next(2) == 0 ? "physnet0" : "physnet1", 3),
                },
                3 => _facts with
                {
                    OutsideNeighbors = _facts.OutsideNeighbors.SetItem(
                        (Say.Id(random.Next(1, 4)), IPAddress.Parse(random.Next(2) == 0 ? "10.0.0.9" : "2001:db8::9")),
                        Say.MacOf(random.Next(38, 40))),
                },
                _ => _facts with { Interfaces = _facts.Interfaces.SetItem(port, (uint)random.Next(5, 10)) },
            };
        }

        private IEnumerable<EntryAddress> ChangeDesired(Random random)
        {
            var (partition, entry) = RandomEntries.Partition(random);
            if (random.Next(40) == 0)
                return Take(_desired.Drop(partition), partition, 0);
            var entries = Enumerable.Range(0, random.Next(1, 4)).Select(_ => entry(random)).ToArray();
            var from = _revisions.GetValueOrDefault(partition);
            var update = from == 0 || random.Next(15) == 0
                ? Say.SnapshotOf(partition, from + 1, entries)
                : Say.DifferenceOf(partition, from, from + 1, entries);
            return Take(_desired.Apply(update), partition, from + 1);
        }

        private ImmutableArray<EntryAddress> Take(DesiredChange change, string partition, ulong revision)
        {
            Assert.Equal(UpdateOutcome.Applied, change.Outcome);
            _desired = change.State;
            _revisions[partition] = revision;
            return change.Changed;
        }
    }
}

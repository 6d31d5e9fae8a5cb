using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;
using Google.Protobuf;
using static Alcor.Agent.Tests.World.LimitedOutside;

namespace Alcor.Agent.Tests;

/// <summary>
/// Limits of what leads outside, rendered change by change, are those of the end at once: where ports outside meet at
/// one number, and policies, floating IPs, the gateway and machines come and go.
/// </summary>
public sealed class GatewayQosIncrementalTests
{
    private const int Policies = 91;

    [Fact]
    public void Incremental_equals_full_after_every_step()
    {
        var random = Seed.For(nameof(Incremental_equals_full_after_every_step));
        var keys = new HashSet<uint>();
        for (var run = 0; run < 20; run++)
        {
            var (state, facts, renderer) = (DesiredState.Empty, Facts, new Renderer());
            foreach (var update in Updates([], []))
                state = state.Apply(update).State;
            renderer.Update(state, facts, state.Addresses);
            for (var step = 0; step < 60; step++)
            {
                var (flows, meters) = (renderer.Flows.ToHashSet(), renderer.Meters.ToHashSet());
                var changed = new List<EntryAddress>();
                for (var i = random.Next(3); i >= 0; i--)
                {
                    if (random.Next(6) == 0)
                        facts = Change(facts, random);
                    else
                        changed.AddRange(Change(ref state, random));
                }
                var change = renderer.Update(state, facts, changed);
                Require(Renderer.Full(state, facts), renderer);
                flows.SymmetricExceptWith(renderer.Flows);
                meters.SymmetricExceptWith(renderer.Meters);
                Assert.Subset(change.Flows.ToHashSet(), flows.Select(flow => flow.Key).ToHashSet());
                Assert.Subset(change.Meters.ToHashSet(), meters.Select(meter => meter.Id).ToHashSet());
                keys.UnionWith(renderer.Meters.Select(meter => meter.Id >> 2));
            }
        }
        // Those that ports have alone, and those that they have when they meet.
        Assert.Subset(keys, RandomEntries.NumbersOutside);
        Assert.True(keys.Max() >= RandomEntries.NumbersOutside.Max() + 2, string.Join(' ', keys.Order()));
    }

    private static void Require(Renderer full, Renderer incremental)
    {
        Assert.Equal(Text(full), Text(incremental));
        Assert.Equal(
            full.Problems.OrderBy(problem => problem.Key, EntryAddressOrder.Instance),
            incremental.Problems.OrderBy(problem => problem.Key, EntryAddressOrder.Instance));
    }

    private static IEnumerable<string> Text(Renderer renderer) =>
        renderer.Flows.Select(flow => flow.ToString()).Concat(renderer.Meters.Select(meter => meter.ToString()))
            .Order(StringComparer.Ordinal);

    private static SwitchFacts Change(SwitchFacts facts, Random random) => random.Next(3) switch
    {
        0 => facts with
        {
            TunnelAddress = random.Next(3) > 0 ? Facts.TunnelAddress : IPAddress.Parse(AgentWorld.Other),
        },
        1 => facts with
        {
            PhysicalPorts = random.Next(3) > 0 ? Facts.PhysicalPorts : Facts.PhysicalPorts.Clear(),
        },
        _ => facts with { Interfaces = random.Next(3) > 0 ? Facts.Interfaces : facts.Interfaces.Remove(Say.Id(First)) },
    };

    /// <summary>Another entry in the place of one that there is, or none.</summary>
    private static IEnumerable<EntryAddress> Change(ref DesiredState state, Random random)
    {
        var (partition, entry) = random.Next(7) switch
        {
            0 or 1 when Policies + random.Next(3) is var policy =>
                (Say.QosPolicyPartition(policy), Policy(random, policy)),
            2 => (Say.NetworkPartition(Outer), Of(EntryKind.Network, Outer, new NetworkEntry
            {
                PhysicalNetwork = "physnet1", Mtu = 1500, AdminStateUp = random.Next(6) > 0, QosPolicy = Any(random),
            })),
            3 => (Say.RouterPartition(Router), Of(EntryKind.Router, Router, Gated(random))),
            4 => (Say.RouterPartition(Router), Forwarding(random)),
            _ => (Say.RouterPartition(Router), Floating(random)),
        };
        var held = state.Partitions.GetValueOrDefault(partition)?.Revision ?? 0;
        var change = state.Apply(held == 0
            ? Say.SnapshotOf(partition, 1, entry)
            : Say.DifferenceOf(partition, held, held + 1, entry));
        state = change.State;
        return change.Changed;
    }

    private static Entry Of(EntryKind kind, int id, IMessage value) => Say.Entry(kind, id, value);

    private static Entry Policy(Random random, int policy) => random.Next(4) == 0
        ? Say.Removed(EntryKind.QosPolicy, policy)
        : Say.QosPolicy(policy, [.. new QosLimit[]
        {
            new() { Egress = true, Rate = 1_000 }, new() { Egress = true, Packets = true, Rate = 100 },
            new() { Rate = (uint)random.Next(1, 3) * 1_000 }, new() { Packets = true, Rate = 200 },
        }.Where(_ => random.Next(2) == 0)]);

    private static RouterEntry Gated(Random random) => new()
    {
        AdminStateUp = random.Next(6) > 0,
        Interfaces = { Say.Interface(82, 1, 2, "10.0.0.1") },
        Gateway = random.Next(6) == 0 ? null : new RouterGateway
        {
            NetworkId = Say.Bytes(Outer), Mac = Mac(random), EnableSnat = true, Zone = 7, QosPolicy = Any(random),
            TunnelAddress = Say.Bytes(random.Next(4) > 0 ? AgentWorld.Tunnel.ToString() : AgentWorld.Other),
            FixedIps = { new FixedIp { SubnetId = Say.Bytes(92), Address = Say.Bytes("203.0.113.5") } },
        },
    };

    private static Entry Floating(Random random)
    {
        var id = random.Next(2) == 0 ? FirstIp : SecondIp;
        return random.Next(6) == 0 ? Say.Removed(EntryKind.FloatingIp, id) : Of(
            EntryKind.FloatingIp, id, new FloatingIpEntry
            {
                Address = Say.Bytes($"203.0.113.{id}"), Mac = Mac(random), OnGateway = random.Next(3) == 0,
                PortId = Say.Bytes(id == FirstIp ? First : Second), FixedAddress = Say.Bytes("10.0.0.10"),
                QosPolicy = Any(random),
            });
    }

    private static Entry Forwarding(Random random) => random.Next(6) == 0
        ? Say.Removed(EntryKind.PortForwarding, ForwardedIp)
        : Of(EntryKind.PortForwarding, ForwardedIp, new PortForwardingEntry
        {
            Address = Say.Bytes("203.0.113.12"), Mac = Mac(random), Protocol = 17, QosPolicy = Any(random),
            ExternalPorts = new Protocol.V1.PortRange { First = 80, Last = 81 },
            InternalAddress = Say.Bytes("10.0.0.12"),
            InternalPorts = new Protocol.V1.PortRange { First = 80, Last = 80 },
        });

    private static ByteString Any(Random random) =>
        random.Next(2) == 0 ? ByteString.Empty : Say.Bytes(Policies + random.Next(3));

    private static ulong Mac(Random random) => RandomEntries.OutsideMacs[random.Next(RandomEntries.OutsideMacs.Length)];
}

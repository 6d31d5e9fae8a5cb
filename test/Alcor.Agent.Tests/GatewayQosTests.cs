using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;
using static Alcor.Agent.Tests.World.LimitedOutside;

namespace Alcor.Agent.Tests;

/// <summary>Which packets pass the meters of floating IPs and gateways, and which policy they have.</summary>
public sealed class GatewayQosTests
{
    private const int Policy = 91;
    private const int OfNetwork = 92;
    private const string GatewayAddress = "203.0.113.5";

    private static readonly QosLimit[] Four =
    [
        new() { Egress = true, Rate = 1_000 }, new() { Egress = true, Packets = true, Rate = 100 },
        new() { Rate = 2_000 }, new() { Packets = true, Rate = 200 },
    ];

    [Fact]
    public void Every_packet_of_a_floating_ip_passes_the_meters_of_its_direction_once()
    {
        var world = World((FirstIp, Policy));
        for (var packet = 0; packet < 3; packet++)
        {
            Arrives(world.Send(First, "10.0.0.10", Stranger), Physical, "203.0.113.10");
            Assert.Equal(Both(FirstIp, isEgress: true), world.Asked);
            Arrives(world.SendFromOutside(FirstIp, Stranger, "203.0.113.10"), KeyOf(First), Stranger);
            Assert.Equal(Both(FirstIp, isEgress: false), world.Asked);
        }
        // Inside, and in a connection that begins outside.
        Arrives(world.Send(First, "10.0.0.10", "10.0.0.11"), KeyOf(Second), "10.0.0.10");
        Assert.Empty(world.Asked);
        Arrives(world.SendFromOutside(FirstIp, "192.0.2.1", "203.0.113.10", port: 81), KeyOf(First), "192.0.2.1");
        Assert.Equal(Both(FirstIp, isEgress: false), world.Asked);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void What_a_meter_does_not_admit_goes_nowhere_and_all_else_does(bool isEgress, bool isPackets)
    {
        var world = World((FirstIp, Policy));
        Assert.NotNull(world.Send(First, "10.0.0.10", Stranger));
        world.Drop(Meter(FirstIp, isEgress, isPackets));
        Assert.Equal(!isEgress, world.Send(First, "10.0.0.10", Stranger) is not null);
        Assert.Equal(isEgress, world.SendFromOutside(FirstIp, Stranger, "203.0.113.10") is not null);
        Assert.NotNull(world.Send(Second, "10.0.0.11", Stranger));
        Assert.NotNull(world.Send(Third, "10.0.0.12", Stranger));
    }

    [Fact]
    public void From_one_floating_ip_to_another_of_the_same_host_a_packet_passes_the_meters_of_both()
    {
        var world = World((FirstIp, Policy), (SecondIp, OfNetwork));
        Arrives(world.Send(First, "10.0.0.10", "203.0.113.11"), KeyOf(Second), "203.0.113.10");
        Assert.Equal([.. Both(FirstIp, isEgress: true), .. Both(SecondIp, isEgress: false)], world.Asked);
        Arrives(world.Send(Second, "10.0.0.11", "203.0.113.10"), KeyOf(First), "203.0.113.11");
        Assert.Equal([.. Both(SecondIp, isEgress: true), .. Both(FirstIp, isEgress: false)], world.Asked);
    }

    [Fact]
    public void What_leaves_and_comes_in_by_the_gateway_passes_its_meters_of_both_versions_and_from_all_hosts()
    {
        var world = World((Gateway, Policy));
        Arrives(world.Send(Third, "10.0.0.12", Stranger), Physical, GatewayAddress);
        Assert.Equal(Both(Gateway, isEgress: true), world.Asked);
        Arrives(world.SendFromOutside(Gateway, Stranger, GatewayAddress), KeyOf(Third), Stranger);
        Assert.Equal(Both(Gateway, isEgress: false), world.Asked);
        Arrives(world.Send(Third, "2001:db8::12", StrangerIpv6), Physical, "2001:db8::12");
        Assert.Equal(Both(Gateway, isEgress: true), world.Asked);
        Arrives(world.SendFromOutside(Gateway, StrangerIpv6, "2001:db8::12"), KeyOf(Third), StrangerIpv6);
        Assert.Equal(Both(Gateway, isEgress: false), world.Asked);
        Arrives(world.SendFromElsewhere("10.0.0.20", Stranger), Physical, GatewayAddress);
        Assert.Equal(Both(Gateway, isEgress: true), world.Asked);
    }

    [Fact]
    public void What_passes_a_floating_ip_does_not_pass_the_meters_of_the_gateway()
    {
        var world = World((Gateway, Policy));
        Arrives(world.Send(First, "10.0.0.10", Stranger), Physical, "203.0.113.10");
        Assert.Empty(world.Asked);
        Arrives(world.SendFromOutside(FirstIp, Stranger, "203.0.113.10"), KeyOf(First), Stranger);
        Assert.Empty(world.Asked);
        Arrives(world.SendFromOutside(ForwardedIp, Stranger, "203.0.113.12"), KeyOf(Third), Stranger);
        Assert.Empty(world.Asked);
    }

    [Fact]
    public void What_passes_a_port_forwarding_passes_the_meters_of_its_floating_ip()
    {
        var world = World((ForwardedIp, Policy));
        Arrives(world.SendFromOutside(ForwardedIp, Stranger, "203.0.113.12"), KeyOf(Third), Stranger);
        Assert.Equal(Both(ForwardedIp, isEgress: false), world.Asked);
        Arrives(world.Send(Third, "10.0.0.12", Stranger), Physical, "203.0.113.12");
        Assert.Equal(Both(ForwardedIp, isEgress: true), world.Asked);
        // What the machine begins itself has the address of the gateway.
        Arrives(world.Send(Third, "10.0.0.12", Stranger, port: 81), Physical, GatewayAddress);
        Assert.Empty(world.Asked);
    }

    [Theory]
    [InlineData(FirstIp)]
    [InlineData(ForwardedIp)]
    [InlineData(Gateway)]
    public void A_policy_of_its_own_holds_and_else_that_of_the_network(int port)
    {
        foreach (var (own, ofNetwork, rate) in new (int?, int?, uint?)[]
        {
            (null, null, null), (Policy, null, 5_000), (null, OfNetwork, 7_000), (Policy, OfNetwork, 5_000),
        })
        {
            Dictionary<int, int> policies = [];
            if (own is { } first)
                policies[port] = first;
            if (ofNetwork is { } second)
                policies[Outer] = second;
            var world = new LimitedOutside(policies, new()
            {
                [Policy] = [new QosLimit { Rate = 5_000 }], [OfNetwork] = [new QosLimit { Rate = 7_000 }],
            });
            Assert.Equal(rate, world.Renderer.FindMeter(Meter(port, isEgress: false))?.Bands[0].Rate);
            Assert.Empty(world.Renderer.Problems);
        }
    }

    [Fact]
    public void Whoever_has_a_policy_that_is_not_known_waits_and_is_not_limited()
    {
        Dictionary<int, int> policies = new() { [Outer] = OfNetwork, [FirstIp] = Policy };
        var waiting = new LimitedOutside(policies, []).Renderer;
        Assert.Equal(
            [(EntryKind.Router, OfNetwork), (EntryKind.FloatingIp, Policy), (EntryKind.FloatingIp, OfNetwork),
                (EntryKind.PortForwarding, OfNetwork)],
            waiting.Problems.OrderBy(problem => problem.Key.Key).Select(problem => (
                problem.Key.Key.Kind, problem.Value.Reason.Contains($"{Say.Id(Policy):D}") ? Policy : OfNetwork)));
        Assert.All(waiting.Problems, problem => Assert.False(problem.Value.IsFailure));
        Assert.Empty(waiting.Meters);
        Assert.Equal(
            World().Renderer.Flows.Select(flow => flow.ToString()).Order(StringComparer.Ordinal),
            waiting.Flows.Select(flow => flow.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_policy_that_comes_changes_or_goes_reaches_whoever_has_it_from_the_network()
    {
        Dictionary<int, int> policies = new() { [Outer] = OfNetwork };
        var state = Updates(policies, []).Aggregate(DesiredState.Empty, (held, update) => held.Apply(update).State);
        var renderer = Renderer.Full(state, Facts);
        var partition = Say.QosPolicyPartition(OfNetwork);
        foreach (var rate in new uint[] { 5_000, 6_000 })
        {
            var change = state.Apply(Say.SnapshotOf(
                partition, rate, Say.QosPolicy(OfNetwork, new QosLimit { Egress = true, Rate = rate })));
            state = change.State;
            renderer.Update(state, Facts, change.Changed);
            Assert.Equal(4, renderer.Meters.Count(meter => meter.Bands[0].Rate == rate));
            Assert.Empty(renderer.Problems);
        }
        var gone = state.Drop(partition);
        renderer.Update(gone.State, Facts, gone.Changed);
        Assert.Empty(renderer.Meters);
        Assert.Equal(4, renderer.Problems.Count());
    }

    [Fact]
    public void Where_a_floating_ip_or_gateway_is_not_there_is_no_meter_of_it()
    {
        var state = Updates(
                new() { [FirstIp] = Policy, [Gateway] = Policy, [ForwardedIp] = Policy }, new() { [Policy] = Four })
            .Aggregate(DesiredState.Empty, (held, update) => held.Apply(update).State);
        var facts = Facts with { Interfaces = Facts.Interfaces.Remove(Say.Id(First)) };
        Assert.DoesNotContain(
            Renderer.Full(state, facts).Meters, meter => meter.Id == Meter(FirstIp, isEgress: true));
        var elsewhere = Renderer.Full(state, Facts with { TunnelAddress = IPAddress.Parse(AgentWorld.Other) });
        Assert.Equal(
            [.. Both(FirstIp, isEgress: true), .. Both(FirstIp, isEgress: false)],
            elsewhere.Meters.OrderByDescending(meter => meter.Id & 2).ThenBy(meter => meter.Id)
                .Select(meter => meter.Id));
    }

    [Fact]
    public void A_mark_alone_limits_nothing()
    {
        var plain = World().Renderer;
        var marking = Say.Entry(EntryKind.QosPolicy, Policy, new QosPolicyEntry { Dscp = 46 });
        var marked = Updates(new() { [FirstIp] = Policy }, [])
            .Append(Say.SnapshotOf(Say.QosPolicyPartition(Policy), 1, marking))
            .Aggregate(DesiredState.Empty, (held, update) => held.Apply(update).State);
        var renderer = Renderer.Full(marked, Facts);
        Assert.Equal(plain.FlowCount, renderer.FlowCount);
        Assert.Empty(renderer.Meters);
        Assert.Empty(renderer.Problems);
    }

    private static LimitedOutside World(params (int Port, int Policy)[] policies) => new(
        policies.ToDictionary(one => one.Port, one => one.Policy), new() { [Policy] = Four, [OfNetwork] = Four });

    private static uint[] Both(int port, bool isEgress) =>
        [Meter(port, isEgress, isPackets: false), Meter(port, isEgress, isPackets: true)];

    private static void Arrives((uint Port, IPAddress From)? arrived, uint port, string from) =>
        Assert.Equal((port, IPAddress.Parse(from)), arrived);
}

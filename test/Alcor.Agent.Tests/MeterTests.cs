using Alcor.Agent.Pipeline;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>The meters of ports, kept by an agent on a switch in memory.</summary>
public sealed class MeterTests : IDisposable
{
    private const int Policy = 90;
    private static readonly uint Egress = MeterIds.Of(7, isEgress: true, isPackets: false);
    private static readonly uint Ingress = MeterIds.Of(7, isEgress: false, isPackets: true);

    private readonly AgentWorld _world = new();
    private readonly List<string> _changes = [];
    private ulong _revision;

    public MeterTests()
    {
        _world.Switch.MeterApplied = change => _changes.Add($"{change.Command} {change.Meter.Id}");
        _world.Switch.Applied = change => _changes.Add(
            $"{(change.IsDelete ? "Delete" : "Put")} {change.Flow.Table} {change.Flow.MeterId}".TrimEnd());
        _world.Plug(10, 7);
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Meters_come_before_the_flows_that_use_them_and_go_after_those()
    {
        Begin(Kilobits(5_000));
        Assert.Equal([$"meter={Egress} kbps burst bands=type=drop rate=5000 burst_size=4000"], Meters);
        Assert.True(_changes.IndexOf($"Add {Egress}") < _changes.IndexOf($"Put 2 {Egress}"));
        Assert.Equal([Tables.EgressLimits], Users(Egress));
        _changes.Clear();
        Change(Packets(2_000, 50));
        Assert.Equal([$"meter={Ingress} pktps burst bands=type=drop rate=2000 burst_size=50"], Meters);
        Assert.Equal(
            [$"Add {Ingress}", $"Put 97 {Ingress}", "Put 0", $"Delete 2 {Egress}", $"Delete {Egress}"], _changes);
        Assert.Equal([Tables.IngressPacketLimits], Users(Ingress));
    }

    [Fact]
    public void Another_rate_changes_the_meter_and_no_flow()
    {
        Begin(Kilobits(5_000), Packets(2_000, 50));
        _changes.Clear();
        Change(Kilobits(9_000), Packets(2_000, 50));
        Assert.Equal([$"Modify {Egress}"], _changes);
        Assert.Contains("rate=9000 burst_size=7200", Meters[1]);
    }

    [Fact]
    public void Meters_that_are_right_are_left_alone_when_the_agent_starts_anew()
    {
        Begin(Kilobits(5_000), Packets(2_000, 50));
        _changes.Clear();
        _world.RestartAgent();
        Begin(Kilobits(5_000), Packets(2_000, 50));
        Assert.Empty(_changes);
        Assert.Equal(2, Meters.Count);
        _world.RestartAgent();
        Begin(Kilobits(6_000));
        Assert.Equal([$"Modify {Egress}", $"Delete 97 {Ingress}", $"Delete {Ingress}"], _changes);
    }

    [Fact]
    public void A_switch_that_lost_everything_gets_its_meters_again()
    {
        Begin(Kilobits(5_000), Packets(2_000, 50));
        var before = Meters;
        _world.Do(_world.Switch.Restart);
        Assert.Equal(before, Meters);
        Assert.Equal([Tables.EgressLimits], Users(Egress));
        Assert.Empty(Results());
    }

    [Fact]
    public void An_audit_repairs_what_another_hand_did_to_meters_and_leaves_those_of_others()
    {
        Begin(Kilobits(5_000), Packets(2_000, 50));
        var before = Meters;
        var foreign = new Meter(1 << 18, MeterUnit.KilobitsPerSecond, [new MeterBand(1)]);
        var stray = new Meter(MeterIds.Of(8, isEgress: true, isPackets: true), MeterUnit.PacketsPerSecond, [new(1)]);
        _world.Switch.Tamper(tables =>
        {
            tables.Apply(MeterModCommand.Delete, _world.Switch.Meters[0]);
            tables.Apply(MeterModCommand.Modify, _world.Switch.Meters[0] with { Bands = [new MeterBand(1)] });
            tables.Apply(MeterModCommand.Add, foreign);
            tables.Apply(MeterModCommand.Add, stray);
        });
        Assert.Empty(Users(Ingress));
        _world.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal([.. before, foreign.ToString()], Meters);
        Assert.Equal([Tables.IngressPacketLimits], Users(Ingress));
        // Two meters that were other than before, one in excess, and the flow that went with its meter.
        Assert.Equal(4, _world.Status.Drift);
    }

    [Fact]
    public void A_port_whose_meter_the_switch_refuses_fails_and_goes_on_without_until_it_can_have_it()
    {
        _world.Switch.RefuseMeter = change => change.Meter.Id == Egress ? "METER_MOD_FAILED/OUT_OF_METERS" : null;
        Begin(Kilobits(5_000), Packets(2_000, 50));
        var failed = Result();
        Assert.Equal(EntryState.Failed, failed.State);
        Assert.Contains("OUT_OF_METERS", failed.Reason);
        Assert.Contains("not limited", failed.Reason);
        Assert.Contains($"meter={Egress} kbps", failed.Reason);
        // What it sends goes the same way, uncounted; the other direction is counted.
        Assert.Contains(_world.Switch.Flows, flow => flow is { Table: Tables.EgressLimits, Priority: 100 });
        Assert.Empty(Users(Egress));
        Assert.Equal([Tables.IngressPacketLimits], Users(Ingress));
        _world.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, _world.Status.Drift);
        Assert.Equal(EntryState.Failed, Result().State);
        _world.Switch.RefuseMeter = _ => null;
        _world.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal([Tables.EgressLimits], Users(Egress));
        // The dataplane has been silent for so long that this is another connection, where nothing is wrong any more.
        Assert.Empty(Results());
    }

    [Fact]
    public void A_meter_that_is_refused_for_its_rate_is_used_once_it_has_another()
    {
        _world.Switch.RefuseMeter = change =>
            change.Meter.Bands[0].Rate > 6_000 ? "METER_MOD_FAILED/BAD_RATE" : null;
        Begin(Kilobits(7_000));
        Assert.Equal(EntryState.Failed, Result().State);
        Change(Kilobits(5_000));
        Assert.Equal([Tables.EgressLimits], Users(Egress));
        Assert.Equal(EntryState.Applied, Result().State);
        // A change that is refused leaves the limit that was there.
        Change(Kilobits(8_000));
        Assert.Contains("BAD_RATE", Result().Reason);
        Assert.Contains("rate=5000", Assert.Single(Meters));
        Assert.Equal([Tables.EgressLimits], Users(Egress));
        Change();
        Assert.Empty(Meters);
        Assert.Equal(EntryState.Applied, Result().State);
    }

    [Fact]
    public void A_port_waits_for_its_policy_and_is_not_limited_until_then()
    {
        _world.Say([.. Usual(), Say.Synchronized()]);
        var waiting = Result();
        Assert.Equal(EntryState.Waiting, waiting.State);
        Assert.Contains($"QoS policy {Say.Id(Policy):D} has not arrived", waiting.Reason);
        Assert.Empty(Meters);
        Assert.Contains(_world.Switch.Flows, flow => flow.Match.Find(Field.InPort)?.Value == 7);
        _world.Say(PolicyOf(Kilobits(5_000)));
        Assert.Equal(EntryState.Applied, Result().State);
        Assert.Single(Meters);
        _world.Say(Say.Dropped(Say.QosPolicyPartition(Policy)));
        Assert.Empty(Meters);
        Assert.Equal(EntryState.Waiting, Result().State);
    }

    [Fact]
    public void The_meters_of_a_port_go_with_it()
    {
        Begin(Kilobits(5_000), Packets(2_000, 50));
        _world.Do(() => _world.Switch.SetInterface(Say.Id(10), 9));
        Assert.Equal(
            [MeterIds.Of(9, isEgress: false, isPackets: true), MeterIds.Of(9, isEgress: true, isPackets: false)],
            _world.Switch.Meters.Select(meter => meter.Id));
        _world.Do(() => _world.Switch.SetInterface(Say.Id(10), null));
        Assert.Empty(Meters);
    }

    private List<string> Meters => [.. _world.Switch.Meters.Select(meter => $"{meter}")];

    private List<byte> Users(uint meter) =>
        [.. _world.Switch.Flows.Where(flow => flow.MeterId == meter).Select(flow => flow.Table)];

    /// <summary>The last that was said of a port that is not, or was not, as it should be.</summary>
    private EntryResult Result() => Results().Last();

    private IEnumerable<EntryResult> Results() =>
        _world.Dataplane.Acks.Where(ack => ack.Partition == Say.HostPartition).SelectMany(ack => ack.Results);

    /// <summary>Network 1 with port 10 here, which is held to the policy.</summary>
    private void Begin(params QosLimit[] limits) => _world.Say(
        [.. Usual(), PolicyOf(limits), Say.Synchronized()]);

    private void Change(params QosLimit[] limits) => _world.Say(PolicyOf(limits));

    private static IEnumerable<DataplaneMessage> Usual() =>
    [
        Say.Snapshot(Say.NetworkPartition(1), 5, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24"),
            Say.Neighbor(10, "10.0.0.10", AgentWorld.Tunnel.ToString())),
        Say.Snapshot(Say.HostPartition, 3, Say.Limited(Say.Port(10, 1, 2, "10.0.0.10"), Policy)),
    ];

    private DataplaneMessage PolicyOf(params QosLimit[] limits) =>
        Say.Snapshot(Say.QosPolicyPartition(Policy), ++_revision, Say.QosPolicy(Policy, limits));

    private static QosLimit Kilobits(uint rate) => new() { Egress = true, Rate = rate };

    private static QosLimit Packets(uint rate, uint burst) => new() { Packets = true, Rate = rate, Burst = burst };
}

using Alcor.Lab;

namespace Alcor.OpenFlow.Tests;

/// <summary>The connection against Open vSwitch itself.</summary>
public sealed class RealSwitchTests(RealBridge bridge) : IClassFixture<RealBridge>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<OpenFlowVersion, FlowDelivery> Ways => new()
    {
        { OpenFlowVersion.OpenFlow13, FlowDelivery.Bundle },
        { OpenFlowVersion.OpenFlow13, FlowDelivery.Barrier },
        { OpenFlowVersion.OpenFlow14, FlowDelivery.Bundle },
        { OpenFlowVersion.OpenFlow14, FlowDelivery.Barrier },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_dump_equals_the_flows_that_were_added(OpenFlowVersion version, FlowDelivery delivery)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await Emptied(version);
        Assert.Equal(version, connection.Version);
        var flows = Seed.For(nameof(A_dump_equals_the_flows_that_were_added)).DistinctFlows(2_000);
        var result = await connection.SendFlowsAsync([.. flows.Select(FlowMod.Add)], delivery, Token);
        Assert.Empty(result.Failures);
        Assert.Equal(flows.Count, result.Applied);
        var dump = await connection.DumpFlowsAsync(FlowFilter.Everything, Token);
        Assert.All(dump, entry => Assert.Equal(0, entry.UnknownFields));
        var found = dump.Select(entry => entry.Flow).ToHashSet();
        Assert.Equal([], flows.Where(flow => !found.Contains(flow)).Select(flow => flow.ToString()).Take(10));
        Assert.Equal(flows.Count, found.Count);
    }

    [Fact]
    public async Task Texts_are_those_of_the_tool()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await Emptied(OpenFlowVersion.OpenFlow14);
        var flows = Seed.For(nameof(Texts_are_those_of_the_tool)).DistinctFlows(2_000);
        await connection.SendFlowsAsync([.. flows.Select(FlowMod.Add)], FlowDelivery.Bundle, Token);
        var text = await bridge.Switch.RunAsync(
            "ovs-ofctl", "-O", "OpenFlow14", "dump-flows", "--no-stats", "--no-names", "br0");
        var lines = text.Split('\n').Select(line => line.Trim()).Where(line => line.Contains("actions=")).ToHashSet();
        Assert.Equal(flows.Count, lines.Count);
        var strange = flows.Select(flow => flow.ToString()).Where(line => !lines.Contains(line)).Take(10).ToList();
        var candidates = strange.Select(line => lines.FirstOrDefault(other => Head(other) == Head(line), "(none)"));
        Assert.Equal(string.Join('\n', candidates), string.Join('\n', strange));
    }

    [Theory]
    [InlineData(OpenFlowVersion.OpenFlow13)]
    [InlineData(OpenFlowVersion.OpenFlow14)]
    public async Task A_refused_flow_is_named_and_its_bundle_applies_nothing(OpenFlowVersion version)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await Emptied(version);
        var changes = WithTwoBadOnes();
        var bundled = await connection.SendFlowsAsync(changes, FlowDelivery.Bundle, Token);
        Assert.Equal([(3, "BAD_MATCH/BAD_PREREQ"), (7, "BAD_INSTRUCTION/BAD_TABLE_ID")],
            bundled.Failures.Select(failure => (failure.Index, failure.Error.ToString())));
        Assert.Equal(0, bundled.Applied);
        Assert.Empty(await connection.DumpFlowsAsync(FlowFilter.Everything, Token));

        var single = await connection.SendFlowsAsync(changes, FlowDelivery.Barrier, Token);
        Assert.Equal([3, 7], single.Failures.Select(failure => failure.Index));
        Assert.Equal(8, single.Applied);
        Assert.Equal(8, (await connection.DumpFlowsAsync(FlowFilter.Everything, Token)).Count);
    }

    [Theory]
    [InlineData(OpenFlowVersion.OpenFlow13)]
    [InlineData(OpenFlowVersion.OpenFlow14)]
    public async Task A_flow_refused_at_commit_is_named(OpenFlowVersion version)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await Emptied(version);
        var present = new Flow(0, 1, Match.Empty.InPort(1));
        await connection.SendFlowsAsync([FlowMod.Add(present)], FlowDelivery.Bundle, Token);
        // Only the commit sees that two flows overlap.
        FlowMod[] changes =
        [
            FlowMod.Add(new Flow(0, 2, Match.Empty.InPort(1))),
            FlowMod.Add(new Flow(0, 1, Match.Empty.Register(0, 1)) { Flags = FlowFlags.CheckOverlap }),
        ];
        var result = await connection.SendFlowsAsync(changes, FlowDelivery.Bundle, Token);
        Assert.Equal([(1, "FLOW_MOD_FAILED/OVERLAP")],
            result.Failures.Select(failure => (failure.Index, failure.Error.ToString())));
        Assert.Equal([present], (await connection.DumpFlowsAsync(FlowFilter.Everything, Token))
            .Select(entry => entry.Flow));
    }

    [Fact]
    public async Task Large_batches_go_in_several_bundles()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var plain = await Emptied(OpenFlowVersion.OpenFlow14);
        await using var connection = await OpenFlowConnection.ConnectUnixAsync(
            bridge.Socket, OpenFlowConnectionOptions.Default with { BundleFlowsMax = 10 }, Token);
        List<FlowMod> changes =
            [.. Enumerable.Range(0, 35).Select(i => FlowMod.Add(new Flow(0, (ushort)i, Match.Empty)))];
        changes[25] = WithTwoBadOnes()[3];
        var result = await connection.SendFlowsAsync(changes, FlowDelivery.Bundle, Token);
        Assert.Equal(20, result.Applied);
        Assert.Equal([25], result.Failures.Select(failure => failure.Index));
        Assert.Equal(20, (await plain.DumpFlowsAsync(FlowFilter.Everything, Token)).Count);
    }

    [Fact]
    public async Task Dumps_and_deletes_keep_to_their_filter()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await Emptied(OpenFlowVersion.OpenFlow14);
        var flows = Seed.For(nameof(Dumps_and_deletes_keep_to_their_filter)).DistinctFlows(500);
        await connection.SendFlowsAsync([.. flows.Select(FlowMod.Add)], FlowDelivery.Bundle, Token);
        FlowFilter[] filters =
        [
            new FlowFilter { Table = flows[0].Table }, new FlowFilter { Cookie = 1, CookieMask = 3 },
            new FlowFilter { Match = Match.Empty.EthType(0x0800) },
        ];
        foreach (var filter in filters)
        {
            var expected = flows.Where(filter.Accepts).ToHashSet();
            Assert.NotEmpty(expected);
            Assert.Equal(expected, (await connection.DumpFlowsAsync(filter, Token)).Select(entry => entry.Flow)
                .ToHashSet());
            await connection.SendFlowsAsync([FlowMod.Delete(filter)], FlowDelivery.Bundle, Token);
            flows.RemoveAll(expected.Contains);
            var left = await connection.DumpFlowsAsync(FlowFilter.Everything, Token);
            Assert.Equal(flows.ToHashSet(), left.Select(entry => entry.Flow).ToHashSet());
        }
    }

    [Theory]
    [InlineData(OpenFlowVersion.OpenFlow13)]
    [InlineData(OpenFlowVersion.OpenFlow14)]
    public async Task A_packet_out_through_the_tables_comes_back_as_packet_in(OpenFlowVersion version)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await Emptied(version);
        var flow = new Flow(0, 5, Match.Empty.InPort(3).EthType(0x0806),
            new FlowAction.Load(Field.Register(2), 0x77), FlowAction.ToController()) { Cookie = 0xbeef };
        await connection.SendFlowsAsync([FlowMod.Add(flow)], FlowDelivery.Bundle, Token);
        var frame = Frames.Arp(1, "02:00:00:00:00:01", "10.0.0.1", "10.0.0.2");
        await connection.PacketOutAsync(3, [new FlowAction.Output(Ports.Table)], frame, Token);
        var packet = await connection.PacketIns.ReadAsync(Token);
        Assert.Equal(3u, packet.InPort);
        Assert.Equal(0xbeefu, packet.Cookie);
        Assert.Equal((UInt128)0x77, packet[Field.Register(2)]);
        Assert.Equal(frame, packet.Data.AsSpan().ToArray());
    }

    [Fact]
    public async Task Groups_are_added_and_refused()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await Emptied(OpenFlowVersion.OpenFlow14);
        var group = new Group(
            9, GroupType.All, [new Bucket([new FlowAction.Output(1)]), new Bucket([new FlowAction.Output(2)])]);
        await connection.SendGroupAsync(GroupModCommand.Add, group, Token);
        var refused = await Assert.ThrowsAsync<OpenFlowRefusedException>(
            () => connection.SendGroupAsync(GroupModCommand.Add, group, Token));
        Assert.Equal("GROUP_MOD_FAILED/GROUP_EXISTS", refused.Error.ToString());
        await connection.SendGroupAsync(GroupModCommand.Delete, group, Token);
    }

    [Theory]
    [InlineData(OpenFlowVersion.OpenFlow13)]
    [InlineData(OpenFlowVersion.OpenFlow14)]
    public async Task Meters_are_added_changed_and_refused(OpenFlowVersion version)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await Emptied(version);
        var meter = new Meter(4, MeterUnit.KilobitsPerSecond, [new MeterBand(1_000, 200)]);
        await connection.SendMeterAsync(MeterModCommand.Add, meter, Token);
        var refused = await Assert.ThrowsAsync<OpenFlowRefusedException>(
            () => connection.SendMeterAsync(MeterModCommand.Add, meter, Token));
        Assert.Equal("METER_MOD_FAILED/METER_EXISTS", refused.Error.ToString());
        var changed = meter with { Unit = MeterUnit.PacketsPerSecond, Bands = [new MeterBand(50)] };
        await connection.SendMeterAsync(MeterModCommand.Modify, changed, Token);
        var text = await bridge.Switch.RunAsync("ovs-ofctl", "-O", "OpenFlow13", "dump-meters", "br0");
        Assert.Contains("meter=4 pktps bands=\ntype=drop rate=50", text, StringComparison.Ordinal);
        Assert.Equal([changed], await connection.DumpMetersAsync(Token));
        await connection.SendMeterAsync(MeterModCommand.Delete, meter with { Id = Meter.AllMeters }, Token);
        Assert.Empty(await connection.DumpMetersAsync(Token));
    }

    [Fact]
    public async Task Ports_are_described_and_their_changes_told()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        foreach (var version in new[] { OpenFlowVersion.OpenFlow13, OpenFlowVersion.OpenFlow14 })
        {
            await using var connection = await bridge.ConnectAsync(version);
            var ports = await connection.DescribePortsAsync(Token);
            Assert.Equal(["p1", "p2", "p3", "p4", "p5"], ports.Where(port => port.Number < 10)
                .Select(port => port.Name).Order());
            await bridge.Switch.RunAsync("ovs-vsctl", "add-port", "br0", "extra", "--", "set", "interface", "extra",
                "type=internal", "ofport_request=77");
            var added = await connection.PortStatuses.ReadAsync(Token);
            Assert.Equal((PortStatusReason.Add, 77u, "extra"), (added.Reason, added.Port.Number, added.Port.Name));
            await bridge.Switch.RunAsync("ovs-vsctl", "del-port", "br0", "extra");
        }
    }

    private static string Head(string line) =>
        line[..(line.IndexOf("priority", StringComparison.Ordinal) is var at and >= 0
        ? line.IndexOf(',', at) is var end and >= 0 ? end : at : 20)];

    private static List<FlowMod> WithTwoBadOnes()
    {
        List<FlowMod> changes =
            [.. Enumerable.Range(0, 10).Select(i => FlowMod.Add(new Flow(5, (ushort)i, Match.Empty)))];
        changes[3] = FlowMod.Add(new Flow(5, 3, Match.Empty.TcpDst(80)));
        changes[7] = FlowMod.Add(new Flow(5, 7, Match.Empty, [new Instruction.GotoTable(2)]));
        return changes;
    }

    private async Task<OpenFlowConnection> Emptied(OpenFlowVersion version)
    {
        var connection = await bridge.ConnectAsync(version);
        await connection.SendFlowsAsync([FlowMod.Delete(FlowFilter.Everything)], FlowDelivery.Barrier, Token);
        return connection;
    }
}

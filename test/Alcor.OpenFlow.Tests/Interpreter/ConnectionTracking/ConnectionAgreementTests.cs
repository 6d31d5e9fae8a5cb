using Alcor.Lab;

namespace Alcor.OpenFlow.Tests;

/// <summary>The tracking of connections in memory against that of Open vSwitch, packet by packet.</summary>
public sealed class ConnectionAgreementTests(RealBridge bridge) : IClassFixture<RealBridge>
{
    private const string Marker = "that was all";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_interpreter_tells_the_states_that_are_expected(string name)
    {
        var scenario = Scenarios.All.Single(one => one.Name == name);
        var model = Model(scenario);
        var states = scenario.Steps.Select(step =>
            string.Join(' ', model.Receive(step.Port, new Packet(step.Frame)).PacketIns.Select(State)));
        Assert.Equal(scenario.Steps.Select(step => step.Expected), states);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_interpreter_agrees_with_the_switch(string name)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        var scenario = Scenarios.All.Single(one => one.Name == name);
        var seen = await CompareAsync(scenario);
        Assert.Equal(scenario.Steps.Select(step => step.Expected), seen);
    }

    [Fact]
    public async Task The_interpreter_agrees_with_the_switch_on_packets_at_random()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        var random = Seed.For(nameof(The_interpreter_agrees_with_the_switch_on_packets_at_random));
        var kinds = new HashSet<string>();
        for (var round = 0; round < 8; round++)
            kinds.UnionWith(await CompareAsync(ConversationGenerator.Conversation(random, 60)));
        // The rounds say something only if packets of every kind were among them.
        Assert.Superset(
            new HashSet<string>(["+new", "+est", "+est+rpl", "+inv", "+rel+rpl", "+new+snat", "+est+rpl+dnat"]), kinds);
    }

    /// <summary>The states that both tell, step by step.</summary>
    private async Task<List<string>> CompareAsync(Scenario scenario)
    {
        await using var connection = await bridge.ConnectAsync(OpenFlowVersion.OpenFlow14);
        List<FlowMod> changes = [FlowMod.Delete(FlowFilter.Everything), .. scenario.Flows.Select(FlowMod.Add)];
        Assert.Empty((await connection.SendFlowsAsync(changes, FlowDelivery.Bundle, Token)).Failures);
        foreach (var zone in Scenarios.Zones) await connection.FlushConntrackAsync(new ConnectionFilter(zone), Token);
        Assert.Equal("", await ConnectionsAsync());
        var model = Model(scenario);
        var states = new List<string>();
        foreach (var (number, step) in scenario.Steps.Index())
        {
            var real = await SendAsync(connection, step);
            var result = model.Receive(step.Port, new Packet(step.Frame));
            var (expected, actual) = (Text(real), Text(result.PacketIns));
            Assert.True(expected == actual,
                $"{expected}\nbut in memory\n{actual}\nstep {number} of {scenario.Name}\n{result.Trace}");
            states.Add(string.Join(' ', real.Select(State)));
        }

        Assert.Equal(await ConnectionsAsync(), string.Join('\n', model.Connections.Dump()));
        return states;
    }

    private static FlowTableSwitch Model(Scenario scenario)
    {
        var model = new FlowTableSwitch([.. Generators.Ports, Ports.Local]);
        Assert.Empty(model.Apply([.. scenario.Flows.Select(FlowMod.Add)], FlowDelivery.Bundle).Failures);
        return model;
    }

    private static string State(PacketInEvent packet) =>
        packet.Metadata.Find(Field.CtState) is { } state ? Short((CtState)(uint)state.Value) : "-";

    private static string Short(CtState state) => string.Concat(
        new[] { "new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat" }
            .Where((_, bit) => bit != 5 && ((int)state >> bit & 1) != 0).Select(name => $"+{name}"));

    private static string Text(IEnumerable<PacketInEvent> packets) => string.Join('\n', packets.Select(packet =>
        $"table={packet.Table} {packet.Metadata} {Convert.ToHexString(packet.Data.AsSpan())}"));

    private async Task<List<PacketInEvent>> SendAsync(OpenFlowConnection connection, Step step)
    {
        await connection.PacketOutAsync(step.Port, [new FlowAction.Output(Ports.Table)], step.Frame, Token);
        // Packet-ins come in their order, so the one of this packet is the last.
        var marker = Frames.Arp(1, "02:00:00:00:00:09", "10.9.9.9", "10.9.9.9").Concat(
            System.Text.Encoding.ASCII.GetBytes(Marker)).ToArray();
        await connection.PacketOutAsync(5, [FlowAction.ToController()], marker, Token);
        var packets = new List<PacketInEvent>();
        while (true)
        {
            var packet = await connection.PacketIns.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(5), Token);
            if (packet.Data.AsSpan().EndsWith(marker)) return packets;
            packets.Add(packet);
        }
    }

    private async Task<string> ConnectionsAsync()
    {
        var text = await bridge.Switch.RunAsync("ovs-appctl", "dpctl/dump-conntrack");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(",protoinfo=")[0].Trim()).Order(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }
}

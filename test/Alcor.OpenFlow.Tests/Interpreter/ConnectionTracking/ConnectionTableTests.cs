using static Alcor.OpenFlow.Tests.Datagrams;

namespace Alcor.OpenFlow.Tests;

/// <summary>What holds of every conversation through the switch in memory.</summary>
public sealed class ConnectionTableTests
{
    private static readonly CtState[] Unknown = [CtState.Tracked | CtState.New, CtState.Tracked | CtState.Invalid];
    private static readonly Match Ip = Match.Empty.EthType(0x0800);

    [Fact]
    public void Nothing_is_established_before_it_was_committed()
    {
        var random = Seed.For(nameof(Nothing_is_established_before_it_was_committed));
        var device = Device(new Flow(0, 1, Ip, FlowAction.ConnectionTrack.Lookup((CtZone)4, 1)),
            new Flow(1, 1, Match.Empty, FlowAction.ToController()));
        for (var i = 0; i < 2_000; i++)
        {
            foreach (var step in ConversationGenerator.Conversation(random, 1).Steps)
                foreach (var packet in device.Receive(step.Port, new Packet(step.Frame)).PacketIns)
                    Assert.Contains(State(packet), Unknown);
        }

        Assert.Equal(0, device.Connections.Count);
    }

    [Fact]
    public void Connections_outlive_flows_and_end_with_their_zone()
    {
        var device = Device(Scenarios.Stateful);
        Receive(device, 1, Udp("10.0.0.1", "10.0.0.2", 1, 2));
        device.Apply(FlowMod.Delete(FlowFilter.Everything));
        foreach (var flow in Scenarios.Stateful) Assert.Null(device.Apply(FlowMod.Add(flow)));
        Assert.Equal(CtState.Established | CtState.ReplyDirection | CtState.Tracked,
            State(Receive(device, 2, Udp("10.0.0.2", "10.0.0.1", 2, 1))));
        Assert.Equal(
            ["udp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1,dport=2),reply=(src=10.0.0.2,dst=10.0.0.1,sport=2,dport=1),"
                + "zone=7"], device.Connections.Dump());
        device.Connections.Flush(new ConnectionFilter(8));
        Assert.Equal(1, device.Connections.Count);
        device.Connections.Flush(new ConnectionFilter(7));
        Assert.Equal(
            CtState.New | CtState.Tracked, State(Receive(device, 2, Udp("10.0.0.2", "10.0.0.1", 2, 1))));
    }

    [Fact]
    public void Answers_to_translated_packets_come_back_as_answers_to_what_was_sent()
    {
        var random = Seed.For(nameof(Answers_to_translated_packets_come_back_as_answers_to_what_was_sent));
        var nat = FlowAction.Nat.Source(Ipv4Address.Parse("192.0.2.1")) with
        {
            Ipv4 = new(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("192.0.2.2")), Ports = new(5_000, 5_099),
        };
        var device = Device(Scenarios.Translating(_ => nat).Where(flow => flow.Match.IsWithin(Ip)).ToArray());
        var seen = new Dictionary<(UInt128, UInt128, UInt128), (UInt128, UInt128)>();
        for (var i = 0; i < 1_000; i++)
        {
            var (source, port) = ($"10.0.{random.Next(4)}.{random.Next(1, 5)}", (ushort)random.Next(1, 6));
            var target = $"203.0.113.{random.Next(1, 4)}";
            var sent = Udp(source, target, port, 53, random.Next(30));
            var there = new Packet(Receive(device, 1, sent).Data.AsSpan());
            Assert.Equal(there, there.Summed());
            var outside = (there[Field.Ipv4Src], there[Field.UdpSrc]);
            var inside = ((UInt128)Ipv4Address.Parse(source).Value, (UInt128)port);
            // No two of one outside end are told apart by nothing.
            Assert.Equal(inside, seen.TryAdd((outside.Item1, outside.Item2, there[Field.Ipv4Dst]), inside)
                ? inside : seen[(outside.Item1, outside.Item2, there[Field.Ipv4Dst])]);
            var answer = Udp(target, $"{new Ipv4Address((uint)outside.Item1)}", 53, (ushort)outside.Item2, 9);
            var back = new Packet(Receive(device, 2, answer).Data.AsSpan());
            Assert.Equal(new Packet(Udp(target, source, 53, port, 9)), back);
        }
    }

    [Fact]
    public void Fragments_go_on_once_all_together_and_in_order()
    {
        var random = Seed.For(nameof(Fragments_go_on_once_all_together_and_in_order));
        for (var i = 0; i < 200; i++)
        {
            var device = Device(Scenarios.Stateful);
            var isIpv4 = random.Chance(0.5);
            var (source, target) = isIpv4 ? ("10.0.0.1", "10.0.0.2") : ("fd00::1", "fd00::2");
            // Of both packets, mixed: they differ in nothing but their identification.
            byte[][][] packets = [.. Enumerable.Range(1, 2).Select(id =>
                Fragments(Udp(source, target, 9, 9, random.Next(1_300, 9_000)), 1_280, (ushort)id))];
            var frames = packets.SelectMany(one => one).ToArray();
            random.Shuffle(frames);
            var seen = frames.SelectMany(frame => device.Receive(1, new Packet(frame)).PacketIns)
                .Select(packet => Convert.ToHexString(packet.Data.AsSpan())).ToList();
            var expected = packets.Select(one => one.Select(Convert.ToHexString).ToList()).ToList();
            Assert.Equal(expected.Sum(one => one.Count), seen.Count);
            Assert.Contains(expected, one => one.SequenceEqual(seen.Take(one.Count)));
            Assert.Contains(expected, one => one.SequenceEqual(seen.TakeLast(one.Count)));
        }
    }

    [Fact]
    public void The_trace_shows_where_a_packet_was_looked_at_again()
    {
        var device = Device(Scenarios.Stateful);
        Assert.Equal(
            "table=0, priority=1,ip actions=load:0x7->NXM_NX_REG3[],set_field:0x1234->xxreg2,"
            + "ct(table=1,zone=NXM_NX_REG3[0..15])\n"
            + "  again from table 1: ct_state=+new-est-rel-rpl-inv+trk-snat-dnat,ct_zone=7\n"
            + "  table=1, priority=9,ct_state=+new,ip actions=CONTROLLER:65535,ct(commit,zone=NXM_NX_REG3[0..15])\n",
            device.Receive(1, new Packet(Udp("10.0.0.1", "10.0.0.2", 1, 2))).Trace);
    }

    private static FlowTableSwitch Device(params Flow[] flows)
    {
        var device = new FlowTableSwitch(1, 2);
        Assert.Empty(device.Apply([.. flows.Select(FlowMod.Add)], FlowDelivery.Bundle).Failures);
        return device;
    }

    private static PacketInEvent Receive(FlowTableSwitch device, uint port, byte[] frame) =>
        Assert.Single(device.Receive(port, new Packet(frame)).PacketIns);

    private static CtState State(PacketInEvent packet) => (CtState)(uint)packet[Field.CtState];
}

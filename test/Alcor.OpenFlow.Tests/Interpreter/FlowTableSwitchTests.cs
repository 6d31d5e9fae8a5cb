namespace Alcor.OpenFlow.Tests;

public sealed class FlowTableSwitchTests
{
    private static readonly MacAddress Gateway = MacAddress.Parse("fa:16:3e:00:00:fe");

    [Fact]
    public void An_arp_request_is_answered_through_the_port_it_came_from()
    {
        var device = new FlowTableSwitch(1, 2);
        var answer = new Flow(0, 100,
            Match.Empty.EthType(0x0806).ArpOp(1).ArpTargetProtocolAddress(Ipv4Address.Parse("10.0.0.254")),
            new FlowAction.Move(Field.EthSrc, Field.EthDst), new FlowAction.SetField(Field.EthSrc, Gateway),
            new FlowAction.Load(Field.ArpOp, 2), new FlowAction.Move(Field.ArpSha, Field.ArpTha),
            new FlowAction.SetField(Field.ArpSha, Gateway), new FlowAction.Move(Field.ArpSpa, Field.ArpTpa),
            new FlowAction.SetField(Field.ArpSpa, Ipv4Address.Parse("10.0.0.254")),
            new FlowAction.Output(Ports.InPort));
        Assert.Null(device.Apply(FlowMod.Add(answer)));
        var request = Frames.Arp(1, "02:00:00:00:00:01", "10.0.0.1", "10.0.0.254");
        var output = Assert.Single(device.Receive(1, new Packet(request)).Outputs);
        Assert.Equal(1u, output.Port);
        Assert.Equal(
            "arp,dl_src=fa:16:3e:00:00:fe,dl_dst=02:00:00:00:00:01,arp_spa=10.0.0.254,arp_tpa=10.0.0.1,arp_op=2,"
            + "arp_sha=fa:16:3e:00:00:fe,arp_tha=02:00:00:00:00:01", output.Packet.ToString());
        Assert.True(device.Receive(1, new Packet(Frames.Arp(1, "02:00:00:00:00:01", "10.0.0.1", "10.0.0.9")))
            .IsDropped);
    }

    [Fact]
    public void A_packet_never_goes_back_by_its_number_only_by_in_port()
    {
        var device = new FlowTableSwitch(1, 2);
        device.Apply(FlowMod.Add(new Flow(0, 1, Match.Empty, new FlowAction.Output(1), new FlowAction.Output(2))));
        Assert.Equal([2u], Receive(device, 1));
        device.Apply(FlowMod.Add(new Flow(0, 2, Match.Empty, new FlowAction.Output(Ports.InPort))));
        Assert.Equal([1u], Receive(device, 1));
    }

    [Fact]
    public void A_packet_that_a_meter_drops_is_gone_from_all_that_was_to_come()
    {
        var device = new FlowTableSwitch(1, 2, 3) { Admits = (meter, _) => meter != 7 };
        foreach (var id in new[] { 7u, 8u })
            Assert.Null(device.Apply(MeterModCommand.Add, new Meter(id, MeterUnit.PacketsPerSecond, [new(1)])));
        Flow Metered(byte table, uint meter, uint port) => new(table, 1, Match.Empty,
            [new Instruction.Meter(meter), new Instruction.ApplyActions([new FlowAction.Output(port)])]);
        device.Apply(FlowMod.Add(new Flow(0, 1, Match.Empty,
            new FlowAction.Resubmit(10), new FlowAction.Resubmit(20), new FlowAction.Output(3))));
        Assert.Null(device.Apply(FlowMod.Add(Metered(10, 8, 2))));
        Assert.Null(device.Apply(FlowMod.Add(Metered(20, 7, 3))));
        Assert.Equal([2u], Receive(device, 1));
        Assert.Null(device.Apply(MeterModCommand.Delete, new Meter(7, MeterUnit.PacketsPerSecond, [])));
        Assert.Equal([2u, 3u], Receive(device, 1));
    }

    [Fact]
    public void Every_table_that_a_packet_comes_to_is_told_with_its_flow_and_the_packet_as_it_came()
    {
        var device = new FlowTableSwitch(1);
        var register = Field.Register(4);
        Flow[] flows =
        [
            new(0, 1, Match.Empty, [
                new Instruction.ApplyActions(
                [
                    new FlowAction.Load(register.Whole, 7), new FlowAction.Resubmit(20),
                ]),
                new Instruction.GotoTable(10),
            ]),
            new(10, 1, Match.Empty, new FlowAction.Load(register.Whole, 8)),
        ];
        foreach (var flow in flows)
            Assert.Null(device.Apply(FlowMod.Add(flow)));
        var visits = device.Receive(1, new Packet(Frames.Arp(1, "02:00:00:00:00:01", "10.0.0.1", "10.0.0.2"))).Visits;
        Assert.Equal([(0, 0), (1, 20), (0, 10)], visits.Select(visit => (visit.Depth, (int)visit.Table)));
        Assert.Equal([flows[0], null, flows[1]], visits.Select(visit => visit.Flow));
        Assert.Equal([0u, 7u, 7u], visits.Select(visit => (uint)visit.State[register]));
    }

    [Fact]
    public void Tables_share_registers_and_tunnel_fields_on_the_way_out()
    {
        var device = new FlowTableSwitch(1, 9);
        var peer = Ipv4Address.Parse("192.0.2.7");
        Flow[] flows =
        [
            new Flow(0, 1, Match.Empty.InPort(1),
                [new Instruction.ApplyActions([new FlowAction.Load(Field.Register(0), 0x2a)]),
                    new Instruction.GotoTable(5)]),
            new Flow(5, 1, Match.Empty.Register(0, 0x2a),
                new FlowAction.Move(Field.Register(0).Bits(0, 24), Field.TunnelId.Bits(0, 24)),
                new FlowAction.SetField(Field.TunnelDestination, peer), new FlowAction.Output(9)),
        ];
        Assert.True(device.Apply([.. flows.Select(FlowMod.Add)], FlowDelivery.Bundle).IsComplete);
        var result = device.Receive(1, new Packet(Frames.Ipv4("10.0.0.1", "10.0.0.2", 1, 8, 0)));
        var output = Assert.Single(result.Outputs);
        Assert.Equal((9u, 0x2aUL, peer), (output.Port, output.Tunnel.Id, output.Tunnel.Destination));
        Assert.Equal(
            "table=0, priority=1,in_port=1 actions=load:0x2a->NXM_NX_REG0[],goto_table:5\n"
            + "table=5, priority=1,reg0=0x2a actions=move:NXM_NX_REG0[0..23]->NXM_NX_TUN_ID[0..23],"
            + "set_field:192.0.2.7->tun_dst,output:9\n", result.Trace);
    }

    [Fact]
    public void A_packet_for_the_controller_brings_its_registers_and_is_cut()
    {
        var device = new FlowTableSwitch(1);
        device.Apply(FlowMod.Add(
            new Flow(0, 1, Match.Empty, new FlowAction.Load(Field.Register(1), 5), FlowAction.ToController(20))
        { Cookie = 77 }));
        var packet =
            Assert.Single(device.Receive(1, new Packet(Frames.Ipv4("10.0.0.1", "10.0.0.2", 17, 1, 2))).PacketIns);
        Assert.Equal((1u, 77UL, 20, 48), (packet.InPort, packet.Cookie, packet.Data.Count, packet.TotalLength));
        Assert.Equal((UInt128)5, packet[Field.Register(1)]);
    }

    [Fact]
    public void Checksums_are_right_after_any_rewrite()
    {
        var random = Seed.For(nameof(Checksums_are_right_after_any_rewrite));
        Field[] fields =
        [
            Field.Ipv4Src, Field.Ipv4Dst, Field.IpDscp, Field.IpTtl, Field.TcpSrc, Field.TcpDst, Field.UdpSrc,
            Field.UdpDst, Field.Icmpv4Type, Field.Icmpv4Code,
        ];
        for (var i = 0; i < 500; i++)
        {
            var frame = Frames.Ipv4("10.0.0.1", "10.0.0.2", random.Pick<byte>(1, 6, 17), (ushort)random.Next(256), 5);
            Assert.True(Frames.IsSummed(frame));
            var field = random.Pick<Field>(fields);
            var value = random.Bits(field.Width);
            var packet = new Packet(frame);
            var written = packet.With(field, value);
            Assert.True(Frames.IsSummed(written.Bytes.ToArray()), field.Name);
            Assert.Equal(packet.Has(field) ? value : 0, written[field]);
            Assert.Equal(packet, written.With(field, packet[field]));
        }
    }

    [Fact]
    public void Any_bytes_are_a_packet()
    {
        var random = Seed.For(nameof(Any_bytes_are_a_packet));
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = random.Chance(0.3) ? random.Bytes(80).AsSpan().ToArray() : PipelineGenerator.Frame(random);
            for (var n = random.Next(4); n > 0 && bytes.Length > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Chance(0.3)) bytes = bytes[..random.Next(bytes.Length + 1)];
            var packet = new Packet(bytes);
            Assert.NotNull(packet.ToString());
            foreach (var field in Field.All) packet = packet.With(field, random.Bits(field.Width));
            Assert.Equal(bytes.Length, packet.Bytes.Length);
            Assert.Equal(packet, packet.PushVlan(0x8100).PopVlan());
        }
    }

    [Fact]
    public void A_bundle_with_one_refusal_changes_nothing()
    {
        var device = new FlowTableSwitch(1);
        var present = new Flow(0, 1, Match.Empty, new FlowAction.Output(1));
        device.Apply(FlowMod.Add(present));
        FlowMod[] changes =
        [
            FlowMod.Delete(FlowFilter.Everything), FlowMod.Add(new Flow(1, 1, Match.Empty)),
            FlowMod.Add(new Flow(1, 2, Match.Empty.TcpDst(80))), FlowMod.Add(new Flow(0, 1, Match.Empty)),
        ];
        var result = device.Apply(changes, FlowDelivery.Bundle);
        Assert.Equal([(2, "BAD_MATCH/BAD_PREREQ")], result.Failures.Select(one => (one.Index, one.Error.ToString())));
        Assert.Equal([present], device.Dump(FlowFilter.Everything));
        Assert.Equal(3, device.Apply(changes, FlowDelivery.Barrier).Applied);
        Assert.Equal(2, device.FlowCount);
    }

    [Fact]
    public void Endless_resubmits_end()
    {
        var device = new FlowTableSwitch(1, 2);
        device.Apply(FlowMod.Add(new Flow(0, 1, Match.Empty, new FlowAction.Output(2), new FlowAction.Resubmit(0))));
        Assert.True(device.Receive(1, new Packet(Frames.Ipv4("10.0.0.1", "10.0.0.2", 1, 8, 0))).IsDropped);
    }

    [Fact]
    public void Deleting_a_group_deletes_the_flows_that_use_it()
    {
        var device = new FlowTableSwitch(1, 2, 3);
        var group = new Group(
            7, GroupType.All, [new Bucket([new FlowAction.Output(2)]), new Bucket([new FlowAction.Output(3)])]);
        var flow = FlowMod.Add(new Flow(0, 1, Match.Empty, new FlowAction.Group(7)));
        Assert.Equal("BAD_ACTION/BAD_OUT_GROUP", device.Apply(flow).ToString());
        Assert.Null(device.Apply(GroupModCommand.Add, group));
        Assert.Null(device.Apply(flow));
        Assert.Equal([2u, 3u], Receive(device, 1));
        Assert.Null(device.Apply(GroupModCommand.Delete, group));
        Assert.Equal(0, device.FlowCount);
    }

    [Fact]
    public void A_packet_out_to_the_tables_is_like_one_received()
    {
        var device = new FlowTableSwitch(1, 2);
        device.Apply(FlowMod.Add(new Flow(0, 1, Match.Empty.InPort(1), new FlowAction.Output(2))));
        var packet = new Packet(Frames.Ipv4("10.0.0.1", "10.0.0.2", 1, 8, 0));
        var result = device.PacketOut(1, [new FlowAction.Output(Ports.Table)], packet);
        Assert.Equal([2u], result.Outputs.Select(output => output.Port));
    }

    private static IEnumerable<uint> Receive(FlowTableSwitch device, uint port) =>
        device.Receive(port, new Packet(Frames.Ipv4("10.0.0.1", "10.0.0.2", 1, 8, 0)))
            .Outputs.Select(output => output.Port);
}

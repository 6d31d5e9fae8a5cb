namespace Alcor.OpenFlow.Tests;

/// <summary>
/// Golden texts, in the words of ovs-ofctl; the same is held against the tool itself where it is installed.
/// </summary>
public sealed class FlowTextTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("fa:16:3e:00:00:01");

    [Fact]
    public void An_arp_responder_reads_as_the_tool_prints_it()
    {
        var match = Match.Empty.EthType(0x0806).ArpOp(1).ArpTargetProtocolAddress(Ipv4Address.Parse("10.0.0.3"))
            .Register(0, 5);
        var flow = new Flow(20, 100, match,
            new FlowAction.Move(Field.EthSrc, Field.EthDst),
            new FlowAction.SetField(Field.EthSrc, Mac),
            new FlowAction.Load(Field.ArpOp, 2),
            new FlowAction.Output(Ports.InPort));
        Assert.Equal(
            "table=20, priority=100,arp,reg0=0x5,arp_tpa=10.0.0.3,arp_op=1 "
            + "actions=move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],set_field:fa:16:3e:00:00:01->eth_src,"
            + "load:0x2->NXM_OF_ARP_OP[],IN_PORT",
            flow.ToString());
    }

    [Fact]
    public void A_flow_without_instructions_drops()
    {
        Assert.Equal("priority=0 actions=drop", new Flow(0, 0, Match.Empty).ToString());
        Assert.Equal("actions=drop", new Flow(0, Flow.DefaultPriority, Match.Empty).ToString());
    }

    [Fact]
    public void Instructions_are_listed_in_the_order_of_execution()
    {
        var flow = new Flow(3, 7, Match.Empty.InPort(4).TunnelId(0x2a),
            [new Instruction.GotoTable(9), new Instruction.WriteMetadata(1, 0xff),
             new Instruction.ApplyActions([new FlowAction.Resubmit(5), FlowAction.ToController()])])
        { Cookie = 0xabc };
        Assert.Equal(
            "cookie=0xabc, table=3, priority=7,tun_id=0x2a,in_port=4 "
            + "actions=resubmit(,5),CONTROLLER:65535,write_metadata:0x1/0xff,goto_table:9",
            flow.ToString());
    }

    [Fact]
    public void Connections_are_looked_up_committed_and_translated()
    {
        var zone = Field.Register(3).Bits(0, 16);
        Assert.Equal("ct(table=42,zone=NXM_NX_REG3[0..15])", FlowAction.ConnectionTrack.Lookup(zone, 42).ToString());
        Assert.Equal("ct()", new FlowAction.ConnectionTrack().ToString());
        var mark = new FlowAction.SetField(Field.CtMark, 1);
        Assert.Equal(
            "ct(commit,zone=7,nat(src=10.0.0.1),exec(set_field:0x1->ct_mark))", FlowAction.ConnectionTrack.CommitIn(
                (CtZone)7, FlowAction.Nat.Source(Ipv4Address.Parse("10.0.0.1")), mark).ToString());
        var range = FlowAction.Nat.Destination(Ipv6Address.Parse("fd00::1")) with
        {
            Ports = new(80, 90), Flags = NatFlags.Random,
        };
        Assert.Equal("nat(dst=[fd00::1]:80-90,random)", range.ToString());
        Assert.Equal("ct(nat,alg=ftp)", new FlowAction.ConnectionTrack
        { Actions = [FlowAction.Nat.Existing], Alg = 21 }.ToString());
        Assert.Throws<ArgumentException>(() => new CtZone(Field.Register(3)));
    }

    [Fact]
    public void Matches_of_connections_fragments_and_flags_read_as_the_tool_prints_them()
    {
        var tracked = CtState.Tracked | CtState.Established;
        var match = Match.Empty.CtState(tracked, tracked).EthType(0x0800).IpProto(6).NwFragment(NwFragment.NotLater)
            .CtIpv4Src(Ipv4Address.Parse("10.0.0.0"), 8).CtProto(6).CtPortDst(80).TcpDst(80).TcpFlags(2, 0x12);
        Assert.Equal(
            "ct_state=+est+trk,ct_nw_src=10.0.0.0/8,ct_nw_proto=6,ct_tp_dst=80,tcp,nw_frag=not_later,tp_dst=80,"
            + "tcp_flags=+syn-ack", match.ToString());
        Assert.Equal("ip,nw_frag=later", Match.Empty.EthType(0x0800).NwFragment(NwFragment.Later).ToString());
    }

    [Fact]
    public void Subfields_name_their_bits()
    {
        Assert.Equal("NXM_NX_REG3[]", Field.Register(3).Whole.ToString());
        Assert.Equal("NXM_NX_REG3[4]", Field.Register(3).Bits(4, 1).ToString());
        Assert.Equal("NXM_NX_REG3[0..15]", Field.Register(3).Bits(0, 16).ToString());
    }
}

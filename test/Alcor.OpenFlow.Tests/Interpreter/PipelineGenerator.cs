namespace Alcor.OpenFlow.Tests;

/// <summary>
/// Random pipelines and packets over few values, so that packets hit flows and reach deep tables. No two flows of a
/// table have one priority: which of two equal ones wins is not defined.
/// </summary>
internal static class PipelineGenerator
{
    public const int TableCount = 6;

    private static readonly string[] Macs = ["02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03"];
    private static readonly string[] Ips = ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.1.0.9"];
    private static readonly string[] Ip6s = ["fd00::1", "fd00::2", "fd00:0:0:1::1"];

    public static List<Flow> Pipeline(Random random)
    {
        var flows = new List<Flow>();
        for (byte table = 0; table < TableCount; table++)
        {
            for (ushort priority = 1; priority <= 14; priority++)
                flows.Add(Flow(random, table, priority, SmallMatch(random, random.Next(11))));
            // Whatever meets no other flow mostly goes on, or most packets would die in the first table.
            if (random.Chance(0.8)) flows.Add(Flow(random, table, 0, Match.Empty));
        }

        return flows;
    }

    public static byte[] Frame(Random random)
    {
        var frame = random.Next(8) switch
        {
            0 => Frames.Arp((ushort)random.Next(1, 3), random.Pick(Macs), random.Pick(Ips), random.Pick(Ips)),
            1 => Frames.Ipv4(random.Pick(Ips), random.Pick(Ips), 1, random.Pick<ushort>(8, 0), 0, Ttl(random)),
            2 => Frames.Ipv4(random.Pick(Ips), random.Pick(Ips), 6, Port(random), Port(random), Ttl(random)),
            3 => Frames.Ipv4(random.Pick(Ips), random.Pick(Ips), 17, Port(random), Port(random), Ttl(random)),
            4 => Frames.Ipv6(random.Pick(Ip6s), random.Pick(Ip6s), 58, 128, 0),
            5 => Discovery(random),
            6 => Fragment(random),
            _ => Frames.Ipv6(random.Pick(Ip6s), random.Pick(Ip6s), 17, Port(random), Port(random)),
        };
        MacAddress.Parse(random.Pick(Macs)).Write(frame);
        return random.Chance(0.25) ? Frames.Tagged(frame, (ushort)(random.Next(1, 4) | random.Next(8) << 13)) : frame;
    }

    private static byte[] Discovery(Random random)
    {
        var type = random.Pick<byte>(135, 136);
        byte[] target = [0xfd, .. new byte[14], (byte)random.Next(1, 3)];
        byte[] option = [random.Pick<byte>(1, 2), 1, 2, 0, 0, 0, 0, (byte)random.Next(1, 4)];
        return Datagrams.Icmp(random.Pick(Ip6s), random.Pick(Ip6s), type, 0,
            [random.Pick<byte>(0, 0x60), 0, 0, 0, .. target, .. random.Chance(0.8) ? option : []]);
    }

    private static byte[] Fragment(Random random)
    {
        var (source, target) = random.Chance(0.5)
            ? (random.Pick(Ips), random.Pick(Ips)) : (random.Pick(Ip6s), random.Pick(Ip6s));
        var whole = Datagrams.Udp(source, target, Port(random), Port(random), 60);
        return random.Pick<byte[]>(Datagrams.Fragments(whole, 32));
    }

    private static byte Ttl(Random random) => random.Pick<byte>(64, 64, 2, 1);

    private static ushort Port(Random random) => random.Pick<ushort>(67, 80, 443);

    private static Match SmallMatch(Random random, int kind)
    {
        var match = Match.Empty;
        if (random.Chance(0.25)) match = match.InPort(random.Pick(Generators.Ports));
        if (random.Chance(0.2))
            match = match.Register(random.Next(3), (uint)random.Next(3), random.Pick(3u, uint.MaxValue));
        if (random.Chance(0.1) && match.Find(Field.Register(0)) is null)
            match = match.DoubleExtendedRegister(0, (UInt128)random.Next(3) << 96, (UInt128)uint.MaxValue << 96);
        if (random.Chance(0.1)) match = match.Metadata((ulong)random.Next(3), 3);
        if (random.Chance(0.1)) match = match.TunnelId((ulong)random.Next(3));
        if (random.Chance(0.2)) match = match.EthDst(MacAddress.Parse(random.Pick(Macs)));
        if (random.Chance(0.1)) match = match.EthSrc(default, MacAddress.Parse("01:00:00:00:00:00"));
        if (random.Chance(0.3)) match = random.Next(3) switch
        {
            0 => match.VlanVid((ushort)random.Next(1, 4)),
            1 => match.VlanTagged(),
            _ => match.VlanUntagged(),
        };
        return kind switch
        {
            0 => random.Chance(0.5) ? match.EthType(0x0806).ArpOp(1) : match.EthType(0x0806)
                .ArpTargetProtocolAddress(Ipv4Address.Parse(random.Pick(Ips)), random.Pick(16, 24, 32)),
            1 or 2 => Addresses(random, match.EthType(0x0800)),
            3 => Addresses(random, match.EthType(0x0800).IpProto(6))
                .TcpDst(Port(random), random.Pick<ushort>(0xffff, 0xff00)),
            4 => Addresses(random, match.EthType(0x0800).IpProto(17)).UdpSrc(Port(random)),
            5 => match.EthType(0x0800).IpProto(1).Icmpv4Type(8),
            7 => match.EthType(0x86dd).IpProto(58).Icmpv6Type(135).Icmpv6Code(0),
            8 => match.EthType(0x86dd).IpProto(58).Icmpv6Type(136).Icmpv6Code(0).NdReserved(
                random.Pick(0u, 0x6000_0000u)),
            9 => match.EthType(random.Pick<ushort>(0x0800, 0x86dd)).NwFragment(random.Pick(
                NwFragment.First, NwFragment.Later, NwFragment.Yes, NwFragment.No, NwFragment.NotLater)),
            6 => match.EthType(0x86dd).Ipv6Dst(Ipv6Address.Parse(random.Pick(Ip6s)), random.Pick(48, 64, 128)),
            _ => match,
        };
    }

    private static FlowAction Discover(Random random, Match match)
    {
        if (match.Find(Field.Icmpv6Type)?.Value is not { } type) return new FlowAction.DecrementTtl();
        var link = type == 135 ? Field.NdSll : Field.NdTll;
        return random.Next(6) switch
        {
            0 => new FlowAction.Load(Field.Icmpv6Type, 271 - (ulong)type),
            1 => new FlowAction.SetField(link, MacAddress.Parse(random.Pick(Macs))),
            2 => new FlowAction.Move(Field.EthSrc, link),
            3 => new FlowAction.SetField(Field.NdOptionType, random.Pick(1u, 2u)),
            4 => new FlowAction.SetField(Field.NdReserved, 0x4000_0000),
            _ => new FlowAction.Move(Field.NdTarget, Field.Ipv6Src),
        };
    }

    private static Match Addresses(Random random, Match match)
    {
        if (random.Chance(0.4)) match = match.Ipv4Dst(Ipv4Address.Parse(random.Pick(Ips)), random.Pick(8, 16, 24, 32));
        return random.Chance(0.3) ? match.Ipv4Src(Ipv4Address.Parse(random.Pick(Ips)), random.Pick(16, 24, 32)) : match;
    }

    private static Flow Flow(Random random, byte table, ushort priority, Match match)
    {
        var actions = new List<FlowAction>();
        for (var n = random.Next(5); n > 0; n--) actions.Add(Action(random, table, match));
        // A second tag would meet the switch's limit on how many it looks at, so only the last table, which resubmits
        // to no other, pushes one.
        if (match.Find(Field.VlanVid) is { Value: var tag } && random.Chance(0.3))
            if (tag != 0) actions.Add(new FlowAction.PopVlan());
            else if (table == TableCount - 1)
                actions.AddRange(new FlowAction.PushVlan(), new FlowAction.SetField(Field.VlanVid, 0x1002));
        var instructions = new List<Instruction> { new Instruction.ApplyActions(actions.ToValueList()) };
        if (random.Chance(0.15))
            instructions.Add(new Instruction.WriteMetadata((ulong)random.Next(4), random.Pick(3UL, 1UL)));
        if (table < TableCount - 1 && random.Chance(0.6))
            instructions.Add(new Instruction.GotoTable((byte)random.Next(table + 1, TableCount)));
        return new Flow(table, priority, match, instructions.ToValueList());
    }

    private static FlowAction Action(Random random, byte table, Match match)
    {
        var type = match.Find(Field.EthType)?.Value ?? 0;
        var protocol = match.Find(Field.IpProto)?.Value ?? 0;
        var register = Field.Register(random.Next(3));
        return random.Next(20) switch
        {
            0 or 1 => new FlowAction.Output((uint)random.Next(1, 7)),
            2 => new FlowAction.Output(Ports.InPort),
            3 => FlowAction.ToController(),
            4 => new FlowAction.Load(register.Bits(0, 16), (ulong)random.Next(3)),
            5 => new FlowAction.SetField(register, (UInt128)random.Next(4) & 2, 2),
            6 => new FlowAction.Move(Field.EthSrc, Field.EthDst),
            7 => new FlowAction.SetField(Field.EthSrc, MacAddress.Parse(random.Pick(Macs))),
            8 when table < TableCount - 1 => new FlowAction.Resubmit((byte)random.Next(table + 1, TableCount)),
            9 => new FlowAction.Load(Field.InPort16, 0),
            10 => new FlowAction.Load(Field.TunnelId, (ulong)random.Next(3)),
            11 => new FlowAction.Group((uint)random.Next(1, 3)),
            12 => new FlowAction.Move(Field.InPort16, register.Bits(8, 16)),
            13 => new FlowAction.Output(random.Pick(Ports.Flood, Ports.All)),
            14 when type == 0x0806 => new FlowAction.Move(Field.ArpSpa, Field.ArpTpa),
            14 when type == 0x0800 => new FlowAction.SetField(Field.Ipv4Dst, Ipv4Address.Parse(random.Pick(Ips))),
            14 when type == 0x86dd => new FlowAction.SetField(Field.Ipv6Src, Ipv6Address.Parse(random.Pick(Ip6s))),
            15 when type == 0x0806 => new FlowAction.Load(Field.ArpOp, 2),
            15 when type == 0x0800 || type == 0x86dd => new FlowAction.DecrementTtl(),
            16 when protocol == 6 => new FlowAction.SetField(Field.TcpDst, Port(random)),
            16 when protocol == 17 => new FlowAction.Move(Field.UdpDst, Field.UdpSrc),
            16 when protocol == 1 => new FlowAction.Load(Field.Icmpv4Type, 0),
            16 or 17 when protocol == 58 => Discover(random, match),
            17 => new FlowAction.OutputRegister(register),
            18 => new FlowAction.SetField(Field.DoubleExtendedRegister(0), (UInt128)random.Next(3) << 64,
                (UInt128)0xff << 64),
            19 => new FlowAction.Move(Field.DoubleExtendedRegister(0).Bits(64, 32), register),
            _ => new FlowAction.Move(register, Field.Register(3)),
        };
    }
}

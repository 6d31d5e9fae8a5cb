namespace Alcor.OpenFlow.Tests;

/// <summary>Random values that Open vSwitch accepts: prerequisites are kept, and masks are where they may be.</summary>
internal static class Generators
{
    public static readonly uint[] Ports = [1, 2, 3, 4, 5];

    public static T Pick<T>(this Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static UInt128 Bits(this Random random, int width)
    {
        var value =
            new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) ^ (UInt128)(ulong)random.NextInt64() << 3;
        return width == 128 ? value : value & (UInt128.One << width) - 1;
    }

    public static ValueList<byte> Bytes(this Random random, int lengthMax)
    {
        var bytes = new byte[random.Next(lengthMax + 1)];
        random.NextBytes(bytes);
        return ValueList.Create<byte>(bytes);
    }

    public static Match Match(this Random random)
    {
        var match = OpenFlow.Match.Empty;
        Field[] pipeline =
        [
            Field.InPort, Field.Metadata, Field.TunnelId, Field.TunnelSource, Field.TunnelDestination, Field.PacketMark,
            Field.Register(0), Field.Register(1), Field.Register(7), Field.Register(15), Field.EthDst, Field.EthSrc,
            Field.CtZone, Field.CtMark, Field.CtLabel, Field.ConjunctionId,
        ];
        match = Some(random, match, 0.15, pipeline);
        if (random.Chance(0.1))
            match = match.CtState(
                CtState.Tracked | random.Pick(CtState.New, CtState.None), CtState.Tracked | CtState.New);
        if (random.Chance(0.2))
            match = Some(random, match, 0.5, Field.DoubleExtendedRegister(2));
        if (random.Chance(0.2)) match = Vlan(random, match);
        return Connection(random, Protocol(random, match));
    }

    private static Match Connection(Random random, Match match)
    {
        var type = match.Find(Field.EthType)?.Value ?? 0;
        var isIp = type == 0x0800 || type == 0x86dd;
        if (!isIp || match.Find(Field.CtState) is not null || random.Chance(0.3)) return match;
        match = match.CtState(CtState.Tracked | CtState.Established, CtState.Tracked | CtState.Established);
        if (random.Chance(0.3))
            match = Some(random, match.CtProto(random.Pick<byte>(6, 17)), 0.5, Field.CtPortSrc, Field.CtPortDst);
        return type == 0x0800
            ? Some(random, match, 0.4, Field.CtIpv4Src, Field.CtIpv4Dst)
            : Some(random, match, 0.4, Field.CtIpv6Src, Field.CtIpv6Dst);
    }

    private static Match Vlan(Random random, Match match)
    {
        if (random.Chance(0.3)) return match.VlanUntagged();
        match = random.Chance(0.5) ? match.VlanVid((ushort)random.Next(4096)) : match.VlanTagged();
        return random.Chance(0.5) ? match : match.VlanPcp((byte)random.Next(8));
    }

    private static Match Protocol(Random random, Match match) => random.Next(10) switch
    {
        0 => match.EthType((ushort)random.Pick(0x88cc, 0x1234)),
        1 or 2 => Some(
            random, match.EthType(0x0806), 0.4, Field.ArpOp, Field.ArpSpa, Field.ArpTpa, Field.ArpSha, Field.ArpTha),
        3 => Some(random, Ip(random, match.EthType(0x0800)), 0.3, Field.IpFragment),
        4 => Some(random, Ip(random, match.EthType(0x0800).IpProto(6)), 0.5, Field.TcpSrc, Field.TcpDst,
            Field.TcpFlags),
        5 => Some(random, Ip(random, match.EthType(0x0800).IpProto(17)), 0.5, Field.UdpSrc, Field.UdpDst),
        6 => Some(random, Ip(random, match.EthType(0x0800).IpProto(1)), 0.5, Field.Icmpv4Type, Field.Icmpv4Code),
        7 => Some(random, Ip6(random, match.EthType(0x86dd).IpProto(58)), 0.5, Field.Icmpv6Type, Field.Icmpv6Code),
        8 => Some(random, Ip6(random, match.EthType(0x86dd).IpProto(58).Icmpv6Type(135).Icmpv6Code(0)), 0.5,
            Field.NdTarget, Field.NdSll, Field.NdReserved, Field.NdOptionType),
        _ => match,
    };

    private static Match Ip(Random random, Match match) =>
        Some(random, match, 0.3, Field.Ipv4Src, Field.Ipv4Dst, Field.IpDscp, Field.IpEcn, Field.IpTtl);

    private static Match Ip6(Random random, Match match) =>
        Some(random, match, 0.3, Field.Ipv6Src, Field.Ipv6Dst, Field.IpDscp, Field.IpTtl);

    private static Match Some(Random random, Match match, double probability, params ReadOnlySpan<Field> fields)
    {
        foreach (var field in fields)
        {
            if (!random.Chance(probability)) continue;
            var value = field == Field.InPort ? random.Pick(Ports)
                : field == Field.IpFragment ? (UInt128)random.Pick(0, 1, 3)
                : field == Field.ArpOp ? (UInt128)random.Next(1, 3)
                : random.Bits(random.Chance(0.5) ? field.Width : Math.Min(3, field.Width));
            var mask = field.IsMaskable && random.Chance(0.3) ? Mask(random, field) : field.Ones;
            match = match.With(field, value, mask);
        }

        return match;
    }

    private static UInt128 Mask(Random random, Field field) => random.Next(3) switch
    {
        0 => random.Bits(field.Width),
        _ => field.Ones & ~((UInt128.One << random.Next(field.Width)) - 1),
    };

    public static FlowAction Action(this Random random, Match match)
    {
        var register = Field.Register(random.Next(16));
        var type = match.Find(Field.EthType)?.Value ?? 0;
        var isIp = type == 0x0800 || type == 0x86dd;
        return random.Next(16) switch
        {
            0 => new FlowAction.Output(random.Pick(Ports)),
            1 => new FlowAction.Output(OpenFlow.Ports.InPort),
            2 => FlowAction.ToController((ushort)random.Next(0x10000)),
            3 => new FlowAction.SetField(random.Pick(Field.EthSrc, Field.EthDst), random.Bits(48)),
            4 => Masked(random, register),
            5 => new FlowAction.Load(register.Bits(4, 12), (ulong)random.Bits(12)),
            6 => new FlowAction.Load(Field.TunnelId, (ulong)random.Bits(24)),
            7 => new FlowAction.Move(Field.EthSrc, Field.EthDst),
            8 => new FlowAction.Move(Field.TunnelId.Whole.Field.Bits(0, 20), register.Bits(12, 20)),
            9 => new FlowAction.Resubmit((byte)random.Next(1, 250)),
            10 when isIp => new FlowAction.DecrementTtl(),
            11 => new FlowAction.SetField(Field.TunnelDestination, random.Bits(32)),
            12 => DoubleExtended(random),
            13 => random.Pick<FlowAction>(new FlowAction.OutputRegister(register),
                new FlowAction.OutputRegister(register.Bits(3, 16)), new FlowAction.ClearConnectionTracking(),
                new FlowAction.CheckPacketLarger((ushort)random.Next(0x10000), register.Bits(random.Next(32), 1))),
            14 or 15 when isIp => Track(random, type == 0x0800),
            _ => new FlowAction.SetField(Field.Metadata, random.Bits(64)),
        };
    }

    private static FlowAction DoubleExtended(Random random)
    {
        var register = Field.DoubleExtendedRegister(random.Next(4));
        return random.Next(5) switch
        {
            0 => Masked(random, register),
            1 => new FlowAction.SetField(register, 5, 0xf),
            2 => new FlowAction.Load(register.Bits(40, 24), (ulong)random.Bits(24)),
            3 => new FlowAction.Move(register, Field.DoubleExtendedRegister(3)),
            _ => new FlowAction.SetField(register, random.Bits(128)),
        };
    }

    private static FlowAction.ConnectionTrack Track(Random random, bool isIpv4)
    {
        CtZone zone = random.Chance(0.5) ? Field.Register(random.Next(16)).Bits(random.Next(17), 16)
            : new CtZone((ushort)random.Next(0x10000));
        byte? table = random.Chance(0.5) ? (byte)random.Next(255) : null;
        if (random.Chance(0.3)) return new FlowAction.ConnectionTrack { Zone = zone, Table = table };
        var nested = new List<FlowAction>();
        if (random.Chance(0.5)) nested.Add(random.Chance(0.2) ? FlowAction.Nat.Existing : Nat(random, isIpv4));
        if (random.Chance(0.5)) nested.Add(new FlowAction.SetField(Field.CtMark, random.Bits(32)));
        if (random.Chance(0.5)) nested.Add(new FlowAction.Load(Field.CtMark.Bits(3, 7), (ulong)random.Bits(7)));
        if (random.Chance(0.3)) nested.Add(new FlowAction.SetField(Field.CtLabel, random.Bits(128)));
        if (random.Chance(0.3)) nested.Add(new FlowAction.Move(Field.DoubleExtendedRegister(2), Field.CtLabel));
        return new FlowAction.ConnectionTrack
        {
            Commit = true, Force = random.Chance(0.2), Zone = zone, Table = table, Actions = nested.ToValueList(),
        };
    }

    private static FlowAction.Nat Nat(Random random, bool isIpv4)
    {
        var nat = new FlowAction.Nat
        {
            Kind = random.Pick(NatKind.Source, NatKind.Destination),
            Flags = random.Pick(NatFlags.None, NatFlags.Random, NatFlags.Hash | NatFlags.Persistent),
        };
        if (random.Chance(0.2)) return nat with { Flags = NatFlags.None };
        var (first, size) = (random.Bits(24) + 1, random.Pick(0u, 0u, 7u));
        nat = isIpv4
            ? nat with { Ipv4 = new(new Ipv4Address((uint)first), new Ipv4Address((uint)first + size)) }
            : nat with { Ipv6 = new(new Ipv6Address(first << 64), new Ipv6Address((first << 64) + size)) };
        var port = (ushort)random.Next(1, 60_000);
        return random.Chance(0.6) ? nat : nat with { Ports = new(port, (ushort)(port + random.Pick(0, 99))) };
    }

    private static FlowAction.SetField Masked(Random random, Field field)
    {
        var mask = random.Bits(field.Width) | 1;
        return new FlowAction.SetField(field, random.Bits(field.Width) & mask, mask);
    }

    public static ValueList<FlowAction> Actions(this Random random, Match match) =>
        Enumerable.Range(0, random.Next(6)).Select(_ => random.Action(match)).ToValueList();

    public static Flow Flow(this Random random)
    {
        var match = random.Match();
        var table = (byte)random.Next(250);
        var instructions = new List<Instruction> { new Instruction.ApplyActions(random.Actions(match)) };
        if (random.Chance(0.2)) instructions.Add(new Instruction.WriteMetadata(
            (ulong)random.Bits(8), random.Chance(0.5) ? ulong.MaxValue : 0xff));
        if (random.Chance(0.3)) instructions.Add(new Instruction.GotoTable((byte)random.Next(table + 1, 254)));
        if (random.Chance(0.1)) instructions.Add(new Instruction.ClearActions());
        return new Flow(table, random.Chance(0.1) ? OpenFlow.Flow.DefaultPriority : (ushort)random.Next(0x10000), match,
            instructions.ToValueList())
        {
            Cookie = random.Chance(0.5) ? (ulong)random.Bits(64) & ~(1UL << 63) : 0,
            IdleTimeout = random.Chance(0.1) ? (ushort)random.Next(1000, 60000) : (ushort)0,
            HardTimeout = random.Chance(0.1) ? (ushort)random.Next(1000, 60000) : (ushort)0,
            Flags = random.Chance(0.1) ? FlowFlags.SendFlowRemoved : FlowFlags.None,
        };
    }

    public static List<Flow> DistinctFlows(this Random random, int count)
    {
        var flows = new Dictionary<FlowKey, Flow>();
        while (flows.Count < count)
        {
            var flow = random.Flow();
            flows.TryAdd(flow.Key, flow);
        }

        return [.. flows.Values];
    }

    public static OpenFlowMessage Message(this Random random) => random.Next(12) switch
    {
        0 => new OpenFlowMessage.Hello((uint)random.Bits(8)),
        1 => new OpenFlowMessage.Error(
            new OpenFlowError((ushort)random.Next(18), (ushort)random.Next(20)), random.Bytes(64)),
        2 => new OpenFlowMessage.EchoRequest(random.Bytes(16)),
        3 => new OpenFlowMessage.FeaturesReply((ulong)random.Bits(64), 0, 254, 0, (uint)random.Bits(32)),
        4 => new OpenFlowMessage.PacketIn(
            new PacketInEvent(PacketInReason.Action, 3, 4, random.Match(), random.Bytes(100))
            { TotalLength = 99 }),
        5 => new OpenFlowMessage.PacketOut(random.Pick(Ports), random.Actions(OpenFlow.Match.Empty), random.Bytes(100)),
        6 => new OpenFlowMessage.FlowRemoved(new FlowRemovedEvent(
            new FlowKey(3, 9, random.Match()), 1, FlowRemovedReason.Delete, 10, 20)),
        7 => new OpenFlowMessage.GroupModification(GroupModCommand.Add, new Group(7, GroupType.Select,
            [new Bucket(random.Actions(OpenFlow.Match.Empty)) { Weight = 5 }, new Bucket([])])),
        8 => new OpenFlowMessage.PortStatus(new PortStatusEvent(PortStatusReason.Modify,
            new PortDescription(5, new MacAddress((ulong)random.Bits(48)), "tap1234", 1, 4))),
        9 => new OpenFlowMessage.FlowStatisticsReply(
            [new FlowStatistics(random.Flow(), 1, 2, 3), new FlowStatistics(random.Flow(), 4, 5, 6)],
                random.Chance(0.5)),
        10 => new OpenFlowMessage.BundleAdd(
            12, BundleFlags.Ordered, new OpenFlowMessage.FlowModification(FlowMod.Add(random.Flow()))),
        _ => Simple(random),
    };

    public static Meter Meter(this Random random) => new(
        (uint)random.Next(1, 4),
        random.Pick(MeterUnit.KilobitsPerSecond, MeterUnit.PacketsPerSecond),
        [new MeterBand((uint)random.Next(1, 1 << 20), random.Chance(0.5) ? (uint)random.Bits(20) : null)]);

    public static ConnectionFilter ConnectionFilter(this Random random) => new((ushort)random.Next(0x10000))
    {
        Source = random.Chance(0.5) ? new Ipv4Address((uint)random.Bits(32)) : null,
        Target = random.Chance(0.5) ? new Ipv4Address((uint)random.Bits(32)) : null,
        ReplySource = random.Chance(0.5) ? new Ipv4Address((uint)random.Bits(32)) : null,
        ReplyTarget = random.Chance(0.5) ? new Ipv4Address((uint)random.Bits(32)) : null,
        Protocol = random.Pick<byte>(0, 6, 17),
        TargetPort = (ushort)random.Next(0x10000),
    };

    private static OpenFlowMessage Simple(Random random) => random.Next(19) switch
    {
        0 => new OpenFlowMessage.FeaturesRequest(),
        1 => new OpenFlowMessage.GetConfigRequest(),
        2 => new OpenFlowMessage.GetConfigReply(1, 128),
        3 => new OpenFlowMessage.SetConfig(0, ushort.MaxValue),
        4 => new OpenFlowMessage.PortDescriptionRequest(),
        5 => new OpenFlowMessage.PortDescriptionReply([new PortDescription(1, default, "eth0", 0, 1)], true),
        6 => new OpenFlowMessage.FlowStatisticsRequest(
            new FlowFilter { Table = 4, Match = random.Match(), Cookie = 1, CookieMask = 3 }),
        7 => new OpenFlowMessage.BarrierRequest(),
        8 => new OpenFlowMessage.BarrierReply(),
        9 => new OpenFlowMessage.RoleRequest(ControllerRole.Primary, 17),
        10 => new OpenFlowMessage.RoleReply(ControllerRole.Equal, 18),
        11 => new OpenFlowMessage.BundleControl(
            3, BundleControlType.CommitRequest, BundleFlags.Atomic | BundleFlags.Ordered),
        12 => new OpenFlowMessage.EchoReply(random.Bytes(16)),
        13 => new OpenFlowMessage.FlushConntrack(new ConnectionFilter((ushort)random.Next(0x10000))),
        17 => new OpenFlowMessage.FlushConntrack(random.ConnectionFilter()),
        14 => new OpenFlowMessage.MeterModification(
            random.Pick(MeterModCommand.Add, MeterModCommand.Modify), random.Meter()),
        15 => new OpenFlowMessage.MeterConfigurationRequest((uint)random.Bits(32)),
        16 => new OpenFlowMessage.MeterConfigurationReply([random.Meter(), random.Meter()], random.Chance(0.5)),
        _ => new OpenFlowMessage.Other(26, random.Bytes(16)),
    };
}

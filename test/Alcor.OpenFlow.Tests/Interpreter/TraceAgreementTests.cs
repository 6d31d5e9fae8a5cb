using System.Globalization;
using System.Text.RegularExpressions;
using Alcor.Lab;

namespace Alcor.OpenFlow.Tests;

/// <summary>The interpreter against <c>ovs-appctl ofproto/trace</c>, on generated pipelines and packets.</summary>
public sealed partial class TraceAgreementTests(RealBridge bridge) : IClassFixture<RealBridge>
{
    private const int PipelineCount = 20;
    private const int PacketCount = 25;

    private static readonly (string Name, Field[] Fields)[] Compared =
    [
        ("metadata", [Field.Metadata]), ("dl_src", [Field.EthSrc]), ("dl_dst", [Field.EthDst]),
        ("nw_src", [Field.Ipv4Src]), ("nw_dst", [Field.Ipv4Dst]), ("ipv6_src", [Field.Ipv6Src]),
        ("ipv6_dst", [Field.Ipv6Dst]), ("nw_ttl", [Field.IpTtl]), ("arp_spa", [Field.ArpSpa]),
        ("arp_tpa", [Field.ArpTpa]),
        ("arp_op", [Field.ArpOp]), ("arp_sha", [Field.ArpSha]), ("arp_tha", [Field.ArpTha]),
        ("tp_src", [Field.TcpSrc, Field.UdpSrc]), ("tp_dst", [Field.TcpDst, Field.UdpDst]),
        ("icmp_type", [Field.Icmpv4Type, Field.Icmpv6Type]), ("icmp_code", [Field.Icmpv4Code, Field.Icmpv6Code]),
        ("nd_target", [Field.NdTarget]), ("nd_sll", [Field.NdSll]), ("nd_tll", [Field.NdTll]),
        ("reg0", [Field.Register(0)]), ("reg1", [Field.Register(1)]), ("reg2", [Field.Register(2)]),
        ("reg3", [Field.Register(3)]),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_interpreter_agrees_with_the_switch()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        var random = Seed.For(nameof(The_interpreter_agrees_with_the_switch));
        await using var connection = await bridge.ConnectAsync(OpenFlowVersion.OpenFlow14);
        var model = new FlowTableSwitch([.. Generators.Ports, Ports.Local]);
        foreach (var group in Groups())
        {
            await connection.SendGroupAsync(GroupModCommand.Add, group, Token);
            Assert.Null(model.Apply(GroupModCommand.Add, group));
        }

        var (delivered, deep) = (0, 0);
        for (var i = 0; i < PipelineCount; i++)
        {
            List<FlowMod> changes =
                [FlowMod.Delete(FlowFilter.Everything), .. PipelineGenerator.Pipeline(random).Select(FlowMod.Add)];
            var real = await connection.SendFlowsAsync(changes, FlowDelivery.Bundle, Token);
            Assert.Equal([], real.Failures.Select(failure => failure.ToString()));
            Assert.Empty(model.Apply(changes, FlowDelivery.Bundle).Failures);
            for (var n = 0; n < PacketCount; n++)
            {
                var result = await CompareAsync(model, random);
                delivered += result.IsDropped ? 0 : 1;
                deep += result.Trace.Contains("table=4", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{delivered} delivered, {deep} through table 4");
        // The cases say something only if many packets come through and many reach deep tables.
        Assert.InRange(delivered, PipelineCount * PacketCount / 4, PipelineCount * PacketCount);
        Assert.InRange(deep, PipelineCount * PacketCount / 10, PipelineCount * PacketCount);
    }

    private async Task<ForwardingResult> CompareAsync(FlowTableSwitch model, Random random)
    {
        var port = random.Pick(Generators.Ports);
        var frame = PipelineGenerator.Frame(random);
        var tunnel = random.Chance(0.3)
            ? new TunnelFields((ulong)random.Next(1, 3), Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("192.0.2.2"),
                default, default)
            : default;
        var start = $"in_port={port}";
        if (tunnel.Id != 0) start += $",tun_id={tunnel.Id},tun_src={tunnel.Source},tun_dst={tunnel.Destination}";
        var text = await bridge.Switch.RunAsync(
            "ovs-appctl", "ofproto/trace", "--names", "br0", start, Convert.ToHexString(frame));
        var result = model.Receive(port, new Packet(frame), tunnel);
        var context = $"{start} {Convert.ToHexString(frame)}\n{text}\n{result.Trace}";

        var actions = Line(text, "Datapath actions: ");
        var ports = OutputPattern().Matches(actions).Select(match => match.Value).ToList();
        var expected = ports.Where(name => name != "userspace").Select(Number).ToList();
        var actual = result.Outputs.Select(output => output.Port).ToList();
        // A flood has no order that anybody promises.
        if (result.Trace.Contains("FLOOD", StringComparison.Ordinal)
            || result.Trace.Contains("ALL", StringComparison.Ordinal))
        {
            expected.Sort();
            actual.Sort();
        }

        Assert.True(expected.SequenceEqual(actual), $"ports {string.Join(',', actual)}\n{context}");
        Assert.True(ports.Count(name => name == "userspace") == result.PacketIns.Count, $"packet-ins\n{context}");
        CompareFinal(text, result.Final, context);
        return result;
    }

    private static void CompareFinal(string text, PipelineState final, string context)
    {
        var line = Line(text, "Final flow: ");
        if (line == "unchanged") line = Line(text, "Flow: ");
        var values = line.Split(',').Select(part => part.Split('=')).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        foreach (var (name, fields) in Compared)
        {
            var field = fields.FirstOrDefault(final.Packet.Has, fields[0]);
            // The switch prints both addresses of neighbour discovery, and lets flows have the one of the type.
            if (name is "nd_sll" or "nd_tll" && !final.Has(field)) continue;
            var value = values.GetValueOrDefault(name);
            // What the switch does not print is zero; a field that it prints must have the value that we have.
            Assert.True(value is null ? final[field] == 0 : Parse(value) == final[field], $"{name}\n{context}");
        }

        var tag = values.TryGetValue("dl_vlan", out var identifier) ? Parse(identifier) | Match.VlanPresent : 0;
        Assert.True(final[Field.VlanVid] == tag, $"vlan\n{context}");
    }

    private static UInt128 Parse(string text)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return UInt128.Parse(text[2..], NumberStyles.HexNumber, null);
        if (MacAddress.TryParse(text, out var mac)) return mac.Value;
        if (Ipv6Address.TryParse(text, out var ipv6)) return ipv6.Value;
        return Ipv4Address.TryParse(text, out var ipv4) ? ipv4.Value : UInt128.Parse(text);
    }

    private static uint Number(string name) => name == "br0" ? Ports.Local : uint.Parse(name[1..]);

    private static string Line(string text, string start) =>
        text.Split('\n').First(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..].Trim();

    private static Group[] Groups() =>
    [
        new Group(1, GroupType.All,
        [
            new Bucket([new FlowAction.Output(1)]),
            new Bucket([new FlowAction.SetField(Field.EthDst, MacAddress.Broadcast), new FlowAction.Output(2)]),
        ]),
        new Group(
            2, GroupType.Indirect, [new Bucket([new FlowAction.Load(Field.Register(0), 2), new FlowAction.Output(3)])]),
    ];

    [GeneratedRegex(
        @"(?<![\w=(])(p[0-9]|br0|userspace)(?!\w)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OutputPattern();
}

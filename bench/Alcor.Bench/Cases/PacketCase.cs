using System.Diagnostics;
using System.Text.Json.Nodes;
using Alcor.Bench.Http;
using Alcor.Lab;
using Alcor.OpenFlow;

namespace Alcor.Bench.Cases;

/// <summary>
/// Packets between two machines, on one host and on two: through the pipeline, with security groups, and for comparison
/// through a plain learning Open vSwitch. And how soon a changed rule is in the switch, with few and with many ports.
/// </summary>
internal static class PacketCase
{
    private const int RuleChanges = 20;
    private const byte SecurityGroupRules = 113;
    private static readonly int[] PortCounts = [10, 100, 1_000];

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        if (LabRequirements.WhyNot() is { } reason)
        {
            bench.Report.Say($"packets: left out, because {reason}");
            return;
        }
        await LabTopology.RemoveStaleAsync("bp");
        await PlainAsync(bench, cancellationToken);
        await PipelineAsync(bench, cancellationToken);
    }

    private static async Task PlainAsync(Workbench bench, CancellationToken cancellationToken)
    {
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("bp", 2), cancellationToken);
        var machines = new List<VirtualMachine>();
        for (var i = 0; i < 3; i++)
        {
            var host = lab.Hosts[i / 2];
            await host.CreateIntegrationBridgeAsync();
            await host.Switch.RunAsync("ovs-vsctl", "set", "bridge", LabHost.IntegrationBridge, "fail_mode=standalone",
                "--", "--may-exist", "add-port", LabHost.IntegrationBridge, "vx", "--", "set", "interface", "vx",
                "type=vxlan", $"options:remote_ip={lab.Hosts[1 - i / 2].TunnelAddress}", "options:key=7");
            machines.Add(await host.AddMachineAsync(
                new VirtualMachineOptions($"p{i}", Guid.NewGuid().ToString(), $"02:00:00:00:00:0{i}"),
                cancellationToken));
            await machines[i].SetAddressAsync($"10.0.0.{i + 1}/24", gateway: null);
            await machines[i].RunAsync("ip", "link", "set", "eth0", "mtu", "1450");
        }
        await MeasureAsync(bench, "plain switch", lab, machines);
    }

    private static async Task PipelineAsync(Workbench bench, CancellationToken cancellationToken)
    {
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("bp", 2), cancellationToken);
        using var region = await Region.StartAsync(
            lab, new RegionOptions(ServerUnderTest.Program)
            {
                ServeArguments = ["--quota", "port=100000"],
            }, cancellationToken);
        var network = await region.Api.CreateAsync(
            "networks", new JsonObject { ["name"] = "bench" }, cancellationToken);
        var id = (string)network["id"]!;
        await region.Api.CreateAsync("subnets", new JsonObject
        {
            ["network_id"] = id, ["ip_version"] = 4, ["cidr"] = "10.0.0.0/16",
        }, cancellationToken);
        var machines = new List<VirtualMachine>();
        for (var i = 0; i < 3; i++)
        {
            var port = await PortAsync(region, id, region.Hosts[i / 2].Name, cancellationToken);
            machines.Add(await region.Hosts[i / 2].BootAsync($"p{i}", port, cancellationToken));
            await region.Api.WaitForPortAsync(port.Id, "ACTIVE", cancellationToken);
            await machines[i].SetAddressAsync($"{port.Address}/16", gateway: null);
            await machines[i].RunAsync("ip", "link", "set", "eth0", "mtu", "1450");
        }
        await MeasureAsync(bench, "pipeline", lab, machines);
        var there = 2;
        foreach (var count in PortCounts)
        {
            await PlugAsync(region, id, there, count, cancellationToken);
            there = count;
            bench.Report.Add(await RuleChangesAsync(region, count, cancellationToken));
        }
    }

    private static async Task MeasureAsync(
        Workbench bench, string what, LabTopology lab, IReadOnlyList<VirtualMachine> machines)
    {
        var ways = new PacketPath(bench, lab, "packets");
        foreach (var (target, where) in new[] { (machines[1], "one host"), (machines[2], "two hosts") })
        {
            await ways.MeasureAsync(
                $"{what}, {where}", machines[0], target.Namespace, await AddressAsync(target));
        }
    }

    private static async Task<string> AddressAsync(VirtualMachine machine)
    {
        var text = await machine.RunAsync("ip", "-j", "-4", "addr", "show", "dev", "eth0");
        return (string)JsonNode.Parse(text)![0]!["addr_info"]![0]!["local"]!;
    }

    private static Task<NetworkingPort> PortAsync(
        Region region, string network, string host, CancellationToken cancellationToken) =>
        region.Api.CreatePortAsync(
            new JsonObject { ["network_id"] = network, ["binding:host_id"] = host }, cancellationToken);

    /// <summary>Ports of the first host, until it has so many, all in the default group.</summary>
    private static async Task PlugAsync(
        Region region, string network, int from, int to, CancellationToken cancellationToken)
    {
        var arguments = new List<string>();
        var ports = new List<NetworkingPort>();
        for (var i = from; i < to; i++)
        {
            ports.Add(await PortAsync(region, network, region.Hosts[0].Name, cancellationToken));
            arguments.AddRange(["--", "add-port", LabHost.IntegrationBridge, $"n{i}", "--", "set", "interface", $"n{i}",
                "type=internal", $"external_ids:iface-id=\"{ports[^1].Id}\""]);
        }
        await region.Lab.Hosts[0].Switch.RunAsync("ovs-vsctl", [.. arguments.Skip(1)]);
        foreach (var port in ports)
            await region.Api.WaitForPortAsync(port.Id, "ACTIVE", cancellationToken);
    }

    /// <summary>From the API's answer until the switch has the flow of the rule.</summary>
    private static async Task<Figure> RuleChangesAsync(Region region, int ports, CancellationToken cancellationToken)
    {
        var groups = await region.Api.ListAsync("security-groups", cancellationToken);
        var group = (string)groups.Single(one => (string?)one["name"] == "default")["id"]!;
        await using var connection = await OpenFlowConnection.ConnectUnixAsync(
            region.Lab.Hosts[0].Switch.ManagementSocket(LabHost.IntegrationBridge), OpenFlowConnectionOptions.Default,
            cancellationToken);
        var (enforced, watch) = (new Latencies(), Stopwatch.StartNew());
        for (var i = 0; i < RuleChanges; i++)
        {
            var number = 20_000 + i;
            var rule = await region.Api.CreateAsync("security-group-rules", new JsonObject
            {
                ["security_group_id"] = group, ["direction"] = "ingress", ["protocol"] = "tcp",
                ["port_range_min"] = number, ["port_range_max"] = number,
            }, cancellationToken);
            var accepted = Stopwatch.GetTimestamp();
            // One table, or else the question would cost the switch more than the answer.
            var wanted = FlowFilter.Everything with
            {
                Table = SecurityGroupRules,
                Match = Match.Empty.EthType(0x0800).IpProto(6).TcpDst((ushort)number),
            };
            while ((await connection.DumpFlowsAsync(wanted, cancellationToken)).Count == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
            enforced.Add(accepted, Stopwatch.GetTimestamp());
            await region.Api.DeleteAsync("security-group-rules", (string)rule["id"]!, cancellationToken);
        }
        return new Figure("packets", $"a rule for {ports} ports of a host, until enforced", "rules", RuleChanges,
            watch.Elapsed.TotalSeconds, LatencyFigure.Of(enforced), 0, 0, 0, "from the API's answer to the flow");
    }
}

using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Tests;

/// <summary>The way outside on real Open vSwitch: SNAT, floating IPs, port forwarding, and a machine outside.</summary>
public sealed class GatewaySwitchTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private const string Outside = "203.0.113.1";
    private const string Gateway = "203.0.113.5";
    private const string Floating = "203.0.113.10";
    private const int Inner = 1;
    private const int Outer = 90;
    private const int Router = 80;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explore()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("gwt");
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("gwt", 2), Cancellation);
        var external = await ExternalNetwork.CreateAsync(lab, $"{Outside}/24");
        foreach (var host in lab.Hosts)
            await external.JoinAsync(host);
        await using var first = new LabAgent(lab.Hosts[0], "physnet1");
        await using var second = new LabAgent(lab.Hosts[1], "physnet1");
        var near = await PlugAsync(lab, 0, 10);
        var far = await PlugAsync(lab, 1, 11);
        await SayAsync(lab, first, 10);
        await SayAsync(lab, second, 11);
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var (machine, name) in new[] { (near, "near (gateway here)"), (far, "far") })
        {
            foreach (var target in new[] { "10.0.0.1", Gateway, Outside })
                output.WriteLine($"{name} {target} {(await machine.PingAsync(target, 4, Interval)).Output}");
        }
        output.WriteLine(await external.Outside.RunAsync("ip", "neigh"));
        var ping = await external.Outside.Command("ping", "-n", "-c", "3", "-i", "0.05", "-W", "1", Floating).ResultAsync(Cancellation);
        output.WriteLine(ping.Output);
        ping = await external.Outside.Command("ping", "-n", "-c", "3", "-i", "0.05", "-W", "1", Gateway).ResultAsync(Cancellation);
        output.WriteLine(ping.Output);
        await Task.Delay(6000, Cancellation);
        foreach (var agent in new[] { first, second })
        {
            output.WriteLine(agent.Status.ToString());
            output.WriteLine(string.Join('\n', agent.Log.Lines));
        }
        output.WriteLine(await lab.Hosts[1].Switch.RunAsync("ovs-ofctl", "dump-flows", "--no-stats", LabHost.IntegrationBridge, "table=15"));
    }

    private static async Task<VirtualMachine> PlugAsync(LabTopology lab, int host, int port)
    {
        var machine = await lab.Hosts[host].AddMachineAsync(
            new VirtualMachineOptions($"vm{port}", Say.Id(port).ToString("D"), Say.MacOf(port).ToString()), Cancellation);
        await machine.SetAddressAsync($"10.0.0.{port}/24", "10.0.0.1");
        return machine;
    }

    private static async Task SayAsync(LabTopology lab, LabAgent agent, params int[] ports)
    {
        await agent.ConnectedAsync();
        agent.Dataplane.Say(
            Say.Snapshot(Say.NetworkPartition(Inner), 5, Say.Network(Inner, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
                Say.Neighbor(10, "10.0.0.10", lab.Hosts[0].TunnelAddress.ToString()),
                Say.Neighbor(11, "10.0.0.11", lab.Hosts[1].TunnelAddress.ToString()),
                Say.RouterPort(82, Router, "10.0.0.1")),
            Say.Snapshot(Say.NetworkPartition(Outer), 5,
                Say.Entry(EntryKind.Network, Outer, new NetworkEntry { PhysicalNetwork = "physnet1", Mtu = 1500, AdminStateUp = true }),
                Say.Subnet(92, "203.0.113.0/24", Outside, dhcp: false)),
            Say.Snapshot(Say.SecurityGroupPartition(50), 2, Say.SecurityGroup(50), Say.EgressRule(51),
                Say.Rule(52, new SecurityGroupRuleEntry { IpVersion = 4 })),
            Say.Snapshot(Say.RouterPartition(Router), 1,
                Say.Entry(EntryKind.Router, Router, new RouterEntry
                {
                    AdminStateUp = true,
                    Interfaces = { Say.Interface(82, Inner, 2, "10.0.0.1") },
                    Gateway = new RouterGateway
                    {
                        NetworkId = Say.Bytes(Outer), Mac = Say.Mac(83), EnableSnat = true, Host = "h1", Zone = 7,
                        TunnelAddress = ByteString.CopyFrom(lab.Hosts[0].TunnelAddress.GetAddressBytes()),
                        FixedIps = { new FixedIp { SubnetId = Say.Bytes(92), Address = Say.Bytes(Gateway) } },
                    },
                }),
                Say.Entry(EntryKind.FloatingIp, 95, new FloatingIpEntry
                {
                    Address = Say.Bytes(Floating), Mac = Say.Mac(84), PortId = Say.Bytes(11), FixedAddress = Say.Bytes("10.0.0.11"),
                })),
            Say.Snapshot(Say.HostPartition, 3, [.. ports.Select(port => Say.Protected(port, Inner, 2, $"10.0.0.{port}", 50))]),
            Say.Synchronized());
        await agent.AppliedAsync(Say.HostPartition, 3);
        await agent.EventuallyAsync(() => agent.Dataplane.Acks.Last(ack => ack.Partition == Say.HostPartition)
            .Results.All(result => result.State == EntryState.Applied));
        foreach (var ack in agent.Dataplane.Acks)
            foreach (var result in ack.Results.Where(result => result.State != EntryState.Applied))
                TestContext.Current.TestOutputHelper?.WriteLine($"{ack.Partition} {result}");
    }
}

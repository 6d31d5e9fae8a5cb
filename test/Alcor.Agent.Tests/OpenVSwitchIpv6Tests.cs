using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>IPv6 as machines themselves do it, on real Open vSwitch.</summary>
public sealed class OpenVSwitchIpv6Tests
{
    private const string First = "2001:db8:1:0:f816:3eff:fe00:a";
    private const string Second = "2001:db8:2:0:f816:3eff:fe00:c";

    [Fact]
    public async Task A_machine_makes_its_address_and_finds_its_router_and_another_network_on_another_host()
    {
        await using var lab = await LabMachines.StartAsync(hosts: 2);
        await using var first = new LabAgent(lab.Hosts[0]);
        await using var second = new LabAgent(lab.Hosts[1]);
        var here = await LabMachines.PlugAsync(lab, host: 0, 10);
        var far = await LabMachines.PlugAsync(lab, host: 1, 12);
        await SayAsync(lab, first, Say.Protected(10, 1, 2, First, 50));
        await SayAsync(lab, second, Say.Protected(12, 5, 6, Second, 50));

        string[] usable = ["-6", "addr", "show", "dev", "eth0", "scope", "global", "-tentative"];
        await ShowsAsync(here, $"{First}/64", "ip", usable);
        await ShowsAsync(far, $"{Second}/64", "ip", usable);
        await ShowsAsync(here, "default via fe80::f816:3eff:fe00:52 dev eth0 proto ra", "ip", "-6", "route");
        await ShowsAsync(here, "mtu 1450", "ip", "-6", "route", "get", Second);
        var linkLocal = await here.RunAsync("ip", "-6", "addr", "show", "dev", "eth0");
        Assert.DoesNotContain("dadfailed", linkLocal, StringComparison.Ordinal);
        var ping = await here.PingAsync(Second, count: 5, TimeSpan.FromMilliseconds(20));
        Assert.True(ping.Received == 5, ping.Output);

        // The router goes, and takes the way out with it.
        first.Dataplane.Say(Say.Difference(Say.RouterPartition(80), 1, 2, Say.Removed(EntryKind.Router, 80)));
        await ShowsAsync(here, "", "ip", "-6", "route", "show", "default");
        Assert.Equal((0, 0), (first.Status.Drift, first.Status.FlowsRefused));
    }

    [Fact]
    public async Task A_machine_is_given_its_address_by_dhcp()
    {
        Assert.SkipWhen(Dhcpv6Client.WhyNot() is not null, Dhcpv6Client.WhyNot() ?? "");
        await using var lab = await LabMachines.StartAsync(hosts: 1);
        await using var agent = new LabAgent(lab.Hosts[0]);
        var stateful = await LabMachines.PlugAsync(lab, host: 0, 10);
        var stateless = await LabMachines.PlugAsync(lab, host: 0, 11);
        await agent.ConnectedAsync();
        agent.Dataplane.Say(
            Say.Snapshot(Say.NetworkPartition(1), 1, Say.Network(1, 100), Subnet(2, "2001:db8:1::", "dhcpv6-stateful"),
                Subnet(3, "2001:db8:2::", "dhcpv6-stateless"),
                Say.Neighbor(10, "2001:db8:1::10", lab.Hosts[0].TunnelAddress.ToString())),
            Say.Snapshot(Say.SecurityGroupPartition(50), 1, Say.SecurityGroup(50)),
            Say.Snapshot(Say.HostPartition, 3, Say.Protected(10, 1, 2, "2001:db8:1::10", 50),
                Say.Protected(11, 1, 3, "2001:db8:2:0:f816:3eff:fe00:b", 50)),
            Say.Synchronized());
        await agent.AppliedAsync(Say.HostPartition, 3);

        var cancellation = TestContext.Current.CancellationToken;
        var lease = await stateful.Dhcpv6Async(isStateless: false, TimeSpan.FromSeconds(60), cancellation);
        Assert.Equal("2001:db8:1::10", lease["new_ip6_address"]);
        Assert.Equal("86400", lease["new_max_life"]);
        Assert.Equal("2001:db8::53", lease["new_dhcp6_name_servers"]);
        var told = await stateless.Dhcpv6Async(isStateless: true, TimeSpan.FromSeconds(60), cancellation);
        Assert.Equal("2001:db8::53", told["new_dhcp6_name_servers"]);
        Assert.DoesNotContain("new_ip6_address", told.Keys);
        Assert.Equal(0, agent.Status.FlowsRefused);
    }

    private static Entry Subnet(int id, string prefix, string mode) =>
        Say.Ipv6Subnet(id, $"{prefix}/64", mode, dhcp: true, "2001:db8::53");

    /// <summary>Waits until a command of a machine prints something, or nothing at all.</summary>
    private static async Task ShowsAsync(VirtualMachine machine, string text, string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var shown = "";
        do
        {
            Assert.False(limit.IsCancellationRequested, $"not '{text}' but '{shown}'");
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            shown = await machine.RunAsync(program, arguments);
        }
        while (text.Length == 0 ? shown.Length > 0 : !shown.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Two networks, each with a machine on a host of its own, joined by the router 80.</summary>
    private static async Task SayAsync(LabTopology lab, LabAgent agent, Entry port)
    {
        await agent.ConnectedAsync();
        agent.Dataplane.Say(
            Network(1, 2, "2001:db8:1::", 82, Say.Neighbor(10, First, lab.Hosts[0].TunnelAddress.ToString())),
            Network(5, 6, "2001:db8:2::", 86, Say.Neighbor(12, Second, lab.Hosts[1].TunnelAddress.ToString())),
            Say.Snapshot(Say.RouterPartition(80), 1, Say.Router(
                80, Say.Interface(82, 1, 2, "2001:db8:1::1"), Say.Interface(86, 5, 6, "2001:db8:2::1"))),
            Say.Snapshot(Say.SecurityGroupPartition(50), 1, Say.SecurityGroup(50),
                Say.Rule(51, new SecurityGroupRuleEntry { Egress = true, IpVersion = 6 }),
                Say.Rule(52, new SecurityGroupRuleEntry { IpVersion = 6, Protocol = 58 })),
            Say.Snapshot(Say.HostPartition, 3, port),
            Say.Synchronized());
        await agent.AppliedAsync(Say.HostPartition, 3);
    }

    private static DataplaneMessage Network(int id, int subnet, string prefix, int routerPort, Entry neighbor) =>
        Say.Snapshot(Say.NetworkPartition(id), 1, Say.Network(id, (uint)id * 100),
            Say.Ipv6Subnet(subnet, $"{prefix}/64", "slaac"), Say.RouterPort(routerPort, 80, $"{prefix}1"), neighbor);
}

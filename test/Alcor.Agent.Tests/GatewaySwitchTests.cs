using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>SNAT, floating IPs and port forwarding on real Open vSwitch, with a machine outside.</summary>
public sealed class GatewaySwitchTests
{
    private const string Outside = "203.0.113.1";
    private const string GatewayAddress = "203.0.113.5";
    private const string Floating = "203.0.113.10";
    private const string Forwarding = "203.0.113.11";
    private const int Inner = 1;
    private const int Outer = 90;
    private const int Router = 80;

    [Theory]
    [InlineData(0)]
    [InlineData(111)]
    public async Task Machines_reach_outside_and_are_reached_by_the_addresses_that_they_have_there(int vlan)
    {
        await using var world = await LabWorld.StartAsync("gwt", hosts: 2);
        var external = await world.StartWithOutsideAsync($"{Outside}/24", vlan);
        // The first host has the gateway; the machine on the second one has an address outside of its own.
        var near = await world.PlugAsync(0, 10, "10.0.0.10/24 10.0.0.1");
        var far = await world.PlugAsync(1, 11, "10.0.0.11/24 10.0.0.1");
        var other = await world.PlugAsync(1, 12, "10.0.0.12/24 10.0.0.1");
        await SayAsync(world, vlan);
        foreach (var network in new[] { external.Outside, near.Namespace, far.Namespace, other.Namespace })
            await TcpService.StartAsync(network, world.Lab.Directory, 80);

        Assert.Equal(GatewayAddress, await AskAsync(near, Outside));
        Assert.Equal(GatewayAddress, await AskAsync(other, Outside));
        Assert.Equal(Floating, await AskAsync(far, Outside));

        Assert.Equal(Outside, await TcpService.AskAsync(external.Outside, Floating, 80));
        Assert.Equal(Outside, await TcpService.AskAsync(external.Outside, Forwarding, 8080));
        Assert.Null(await TcpService.AskAsync(external.Outside, Forwarding, 8082));
        Assert.Null(await TcpService.AskAsync(external.Outside, GatewayAddress, 80));

        // Inside, an address outside is reached too, by way of outside.
        Assert.Equal(GatewayAddress, await AskAsync(near, Floating));
        Assert.Equal(Floating, await TcpService.AskAsync(far.Namespace, Forwarding, 8080));

        foreach (var target in new[] { GatewayAddress, Floating })
            Assert.Equal(0, (await Echo.AskAsync(external.Outside, target)).Lost);
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task A_gateway_that_moves_takes_its_addresses_along_and_outside_hears_of_it()
    {
        await using var world = await LabWorld.StartAsync("gwm", hosts: 2);
        var external = await world.StartWithOutsideAsync($"{Outside}/24");
        var near = await world.PlugAsync(0, 10, "10.0.0.10/24 10.0.0.1");
        await world.PlugAsync(1, 11, "10.0.0.11/24 10.0.0.1");
        await world.PlugAsync(1, 12, "10.0.0.12/24 10.0.0.1");
        await SayAsync(world, vlan: 0);
        await using var ping = near.StartPing(Outside, LabWorld.Interval);
        await ping.WaitForAnswersAsync(10, TestContext.Current.CancellationToken);
        await world.ChangeAsync(Say.RouterPartition(Router), RouterEntry(world, host: 1, zone: 9));
        await ping.WaitForAnswersAsync(20, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"lost {ping.Lost.Count} at 50 a second");
        await TcpService.StartAsync(external.Outside, world.Lab.Directory, 80);
        Assert.Equal(GatewayAddress, await AskAsync(near, Outside));
    }

    [Fact]
    public async Task A_floating_IP_that_moves_leads_nobody_on_to_the_machine_before()
    {
        await using var world = await LabWorld.StartAsync("gwf", hosts: 2);
        var external = await world.StartWithOutsideAsync($"{Outside}/24");
        await world.PlugAsync(0, 10, "10.0.0.10/24 10.0.0.1");
        var before = await world.PlugAsync(1, 11, "10.0.0.11/24 10.0.0.1");
        await world.PlugAsync(1, 12, "10.0.0.12/24 10.0.0.1");
        await SayAsync(world, vlan: 0);
        await world.ChangeAsync(Say.RouterPartition(Router), FloatingIp(port: 11, "10.0.0.11", onGateway: true));
        // Its echoes all are one connection, which the gateway knows.
        await using var ping = RunningPing.Start(
            external.Outside, Path.Combine(world.Lab.Directory, "moved.ping"), Floating, LabWorld.Interval);
        await ping.WaitForAnswersAsync(5, TestContext.Current.CancellationToken);
        await before.Namespace.IpAsync("addr del 10.0.0.11/24 dev eth0");
        await world.ChangeAsync(Say.RouterPartition(Router), FloatingIp(port: 12, "10.0.0.12", onGateway: true));
        await ping.WaitForAnswersAsync(20, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("10.0.0.11", await world.Lab.Hosts[0].Switch.RunAsync(
            "ovs-appctl", "dpctl/dump-conntrack"));
    }

    private static Task<string?> AskAsync(VirtualMachine from, string address) =>
        TcpService.AskAsync(from.Namespace, address, 80);

    private static Entry RouterEntry(LabWorld world, int host, uint zone)
    {
        var gateway = Say.Gateway(Outer, 83, world.Tunnel(host), (92, GatewayAddress));
        gateway.Zone = zone;
        return Say.Entry(EntryKind.Router, Router, new RouterEntry
        {
            AdminStateUp = true, Interfaces = { Say.Interface(82, Inner, 2, "10.0.0.1") }, Gateway = gateway,
        });
    }

    private static Task SayAsync(LabWorld world, int vlan) => world.SayAsync(
        [
            (0, Say.Protected(10, Inner, 2, "10.0.0.10", 50)), (1, Say.Protected(11, Inner, 2, "10.0.0.11", 50)),
            (1, Say.Protected(12, Inner, 2, "10.0.0.12", 50)),
        ],
        (Say.NetworkPartition(Inner), [
            Say.Network(Inner, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
            Say.Neighbor(10, "10.0.0.10", world.Tunnel(0)), Say.Neighbor(11, "10.0.0.11", world.Tunnel(1)),
            Say.Neighbor(12, "10.0.0.12", world.Tunnel(1)), Say.RouterPort(82, Router, "10.0.0.1"),
        ]),
        (Say.NetworkPartition(Outer), [
            Say.External(Outer, vlan),
            Say.Subnet(92, "203.0.113.0/24", Outside, dhcp: false),
        ]),
        (Say.SecurityGroupPartition(50), [
            Say.SecurityGroup(50), Say.EgressRule(51), Say.Rule(52, new SecurityGroupRuleEntry { IpVersion = 4 }),
        ]),
        (Say.RouterPartition(Router), [
            RouterEntry(world, host: 0, zone: 7),
            FloatingIp(port: 11, "10.0.0.11", onGateway: false),
            Say.Entry(EntryKind.PortForwarding, 96, new PortForwardingEntry
            {
                Address = Say.Bytes(Forwarding), Mac = Say.Mac(85), Protocol = 6,
                ExternalPorts = Ports(8079, 8081), InternalAddress = Say.Bytes("10.0.0.12"),
                InternalPorts = Ports(79, 81),
            }),
        ]));

    private static Entry FloatingIp(int port, string inside, bool onGateway) => Say.Entry(
        EntryKind.FloatingIp, 95, new FloatingIpEntry
        {
            Address = Say.Bytes(Floating), Mac = Say.Mac(84), PortId = Say.Bytes(port),
            FixedAddress = Say.Bytes(inside), OnGateway = onGateway,
        });

    private static PortRange Ports(uint first, uint last) => new() { First = first, Last = last };
}

using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Tests;

/// <summary>Networks of different MTU on real Open vSwitch: whoever sends too much into one is told, and sends
/// less.</summary>
public sealed class PathMtuSwitchTests
{
    private const string Outside = "203.0.113.1";
    private const string OutsideIpv6 = "2001:db8:ff::1";
    private const string GatewayAddress = "203.0.113.5";
    private const string GatewayIpv6 = "2001:db8:ff::5";
    private const string Floating = "203.0.113.10";
    private const string Far = "10.0.1.11";
    private const string FarIpv6 = "2001:db8:1::11";
    private const int Wide = 1;
    private const int Narrow = 70;
    private const int Outer = 90;
    private const int Router = 80;
    private const int Bytes = 300_000;
    private const string Received = "1 received";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(111)]
    public async Task Whoever_sends_too_much_into_a_network_is_told_how_much_it_takes(int vlan)
    {
        await using var world = await LabWorld.StartAsync("mtu", hosts: 2);
        var external = await StartAsync(world, vlan);
        // The first host has the gateway, the second one the machine of the narrow network.
        var near = await world.PlugAsync(0, 10, "10.0.0.10/24 10.0.0.1", "2001:db8:2::10/64 2001:db8:2::1");
        var far = await world.PlugAsync(1, 11, $"{Far}/24 10.0.1.1", $"{FarIpv6}/64 2001:db8:1::1");
        await far.RunAsync("ip", "link", "set", "eth0", "mtu", "1400");
        // It takes larger segments of TCP than it could receive, as if the narrow network were in between.
        await far.RunAsync("ip", "route", "replace", "default", "via", "10.0.1.1", "advmss", "1460");
        await SayAsync(world, vlan);
        await TcpService.StartAsync(far.Namespace, world.Lab.Directory, 80);
        await external.RouteAsync("2001:db8:1::/64", GatewayIpv6);

        foreach (var (from, to, teller) in new[]
        {
            (near.Namespace, Far, "10.0.0.1"), (near.Namespace, FarIpv6, "2001:db8:2::1"),
            (external.Outside, Floating, Floating), (external.Outside, GatewayAddress, GatewayAddress),
            (external.Outside, FarIpv6, GatewayIpv6),
        })
        {
            Assert.Contains(Received, await PingAsync(from, to, size: 1_300));
            await RequireToldAsync(from, to, size: 1_400, teller, mtu: 1_400);
        }
        foreach (var (from, to) in new[] { (near.Namespace, Far), (external.Outside, Floating) })
            Assert.Equal(Bytes, await EchoedAsync(from, to));
        // The other way, outside takes a little less than the wide network.
        await far.RunAsync("ip", "link", "set", "eth0", "mtu", "1500");
        foreach (var (machine, teller) in new[] { (near, "10.0.0.1"), (far, "10.0.1.1") })
        {
            Assert.Contains(Received, await PingAsync(machine.Namespace, Outside, size: 1_450));
            await RequireToldAsync(machine.Namespace, Outside, size: 1_460, teller, mtu: 1_480);
        }
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task A_network_that_becomes_narrow_is_one_from_then_on()
    {
        await using var world = await LabWorld.StartAsync("mtc", hosts: 2);
        await StartAsync(world, vlan: 0);
        var near = await world.PlugAsync(0, 10, "10.0.0.10/24 10.0.0.1");
        await world.PlugAsync(1, 11, $"{Far}/24 10.0.1.1");
        await SayAsync(world, vlan: 0, narrow: 1_500);
        Assert.Contains(Received, await PingAsync(near.Namespace, Far, size: 1_450));
        await world.ChangeAsync(Say.NetworkPartition(Narrow), Say.Network(Narrow, 700, mtu: 1_400));
        Assert.Contains("mtu = 1400", await PingAsync(near.Namespace, Far, size: 1_450));
    }

    private static async Task RequireToldAsync(NetworkNamespace from, string to, int size, string teller, int mtu)
    {
        var refused = await PingAsync(from, to, size);
        Assert.Contains($"From {teller}", refused);
        Assert.Matches($"mtu ?= ?{mtu}", refused);
    }

    private static async Task<ExternalNetwork> StartAsync(LabWorld world, int vlan)
    {
        var external = await world.StartWithOutsideAsync($"{Outside}/24", vlan);
        await external.AddIpv6AddressAsync($"{OutsideIpv6}/64");
        return external;
    }

    /// <summary>One echo request that may not be cut, of so many bytes behind the header of ICMP.</summary>
    private static async Task<string> PingAsync(NetworkNamespace from, string to, int size)
    {
        var result = await from.Command("ping", "-n", "-c", "1", "-W", "3", "-M", "do", "-s", $"{size}", to)
            .ResultAsync(Cancellation);
        return result.Output + result.Error;
    }

    /// <summary>How much comes back of what is sent over TCP.</summary>
    private static async Task<int> EchoedAsync(NetworkNamespace from, string to)
    {
        var result = await from.Command("sh", "-c",
            $"head -c {Bytes} /dev/zero | timeout 30 socat -t 5 - TCP:{to}:80 | tail -n +2 | wc -c")
            .ResultAsync(Cancellation);
        return int.Parse(result.Output, global::System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task SayAsync(LabWorld world, int vlan, uint narrow = 1_400) => world.SayAsync(
        [
            (0, Also(Say.Protected(10, Wide, 2, "10.0.0.10", 50), 3, "2001:db8:2::10")),
            (1, Also(Say.Protected(11, Narrow, 72, Far, 50), 73, FarIpv6)),
        ],
        (Say.NetworkPartition(Wide), [
            Say.Network(Wide, 100, mtu: 1_500), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
            Say.Subnet(3, "2001:db8:2::/64", "2001:db8:2::1"),
            Both(10, world.Tunnel(0), "10.0.0.10", "2001:db8:2::10"),
            Say.RouterPort(82, Router, "10.0.0.1", "2001:db8:2::1"),
        ]),
        (Say.NetworkPartition(Narrow), [
            Say.Network(Narrow, 700, mtu: narrow), Say.Subnet(72, "10.0.1.0/24", "10.0.1.1"),
            Say.Subnet(73, "2001:db8:1::/64", "2001:db8:1::1"), Both(11, world.Tunnel(1), Far, FarIpv6),
            Say.RouterPort(81, Router, "10.0.1.1", "2001:db8:1::1"),
        ]),
        (Say.NetworkPartition(Outer), [
            Say.External(Outer, vlan, mtu: 1_480),
            Say.Subnet(92, "203.0.113.0/24", Outside, dhcp: false),
            Say.Subnet(93, "2001:db8:ff::/64", OutsideIpv6, dhcp: false),
        ]),
        (Say.SecurityGroupPartition(50), [
            Say.SecurityGroup(50), Say.EgressRule(51), Say.Rule(52, new SecurityGroupRuleEntry { IpVersion = 4 }),
            Say.Rule(53, new SecurityGroupRuleEntry { IpVersion = 6, Egress = true }),
            Say.Rule(54, new SecurityGroupRuleEntry { IpVersion = 6 }),
        ]),
        (Say.RouterPartition(Router), [
            Say.Entry(EntryKind.Router, Router, new RouterEntry
            {
                AdminStateUp = true,
                Interfaces =
                {
                    Interface(82, Wide, (2, "10.0.0.1"), (3, "2001:db8:2::1")),
                    Interface(81, Narrow, (72, "10.0.1.1"), (73, "2001:db8:1::1")),
                },
                Gateway = Say.Gateway(Outer, 83, world.Tunnel(0), (92, GatewayAddress), (93, GatewayIpv6)),
            }),
            Say.Entry(EntryKind.FloatingIp, 95, new FloatingIpEntry
            {
                Address = Say.Bytes(Floating), Mac = Say.Mac(84), PortId = Say.Bytes(11), FixedAddress = Say.Bytes(Far),
            }),
        ]));

    private static Entry Both(int port, string tunnel, params string[] addresses)
    {
        var entry = NeighborEntry.Parser.ParseFrom(Say.Neighbor(port, addresses[0], tunnel).Value);
        entry.Addresses.Add(Say.Bytes(addresses[1]));
        return Say.Entry(EntryKind.Neighbor, port, entry);
    }

    private static Entry Also(Entry port, int subnet, string address)
    {
        var value = PortEntry.Parser.ParseFrom(port.Value);
        value.FixedIps.Add(Ip(subnet, address));
        port.Value = value.ToByteString();
        return port;
    }

    private static RouterInterface Interface(int port, int network, params (int Subnet, string Address)[] addresses) =>
        new()
        {
            PortId = Say.Bytes(port), NetworkId = Say.Bytes(network),
            FixedIps = { addresses.Select(address => Ip(address.Subnet, address.Address)) },
        };

    private static FixedIp Ip(int subnet, string address) =>
        new() { SubnetId = Say.Bytes(subnet), Address = Say.Bytes(address) };
}

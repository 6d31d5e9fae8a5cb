using Alcor.Agent.Pipeline;
using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>IPv6 by way of a router's gateway on real Open vSwitch, untranslated, with a machine outside.</summary>
public sealed class GatewayIpv6SwitchTests
{
    private const string Outside = "2001:db8:ff::1";
    private const string GatewayAddress = "2001:db8:ff::5";
    private const string Near = "2001:db8:1::10";
    private const string Far = "2001:db8:1::11";
    private const string Strange = "2001:db8:3::12";
    private const int Inner = 1;
    private const int Stranger = 3;
    private const int Outer = 90;
    private const int Router = 80;
    private static readonly string GatewayLinkLocal = Say.MacOf(83).LinkLocalAddress().ToString();

    [Theory]
    [InlineData(0, Encapsulation.Vxlan)]
    [InlineData(111, Encapsulation.Geneve)]
    public async Task Machines_reach_outside_and_are_reached_by_their_own_addresses(
        int vlan, Encapsulation encapsulation)
    {
        await using var world = await LabWorld.StartAsync("g6t", hosts: 2);
        var external = await StartAsync(world, vlan);
        // The first host has the gateway.
        var near = await world.PlugAsync(0, 10, $"{Near}/64 2001:db8:1::1");
        var far = await world.PlugAsync(1, 11, $"{Far}/64 2001:db8:1::1");
        var strange = await world.PlugAsync(1, 12, $"{Strange}/64 2001:db8:3::1");
        await SayAsync(world, vlan, encapsulation);
        foreach (var network in new[] { external.Outside, near.Namespace, far.Namespace, strange.Namespace })
            await TcpService.StartAsync(network, world.Lab.Directory, 80, isIpv6: true);

        // Nobody routes there yet but by the link-local address of the router.
        await external.RouteAsync("2001:db8:1::/64", GatewayLinkLocal);
        Assert.Equal(Near, await SeenAsync(near.Namespace, Outside));
        Assert.Equal(Far, await SeenAsync(far.Namespace, Outside));
        await external.RouteAsync("2001:db8::/32", GatewayAddress);
        foreach (var target in new[] { Near, Far })
            Assert.Equal(Outside, await SeenAsync(external.Outside, target));
        foreach (var target in new[] { GatewayAddress, "2001:db8:1::1", Far })
            Assert.Equal(0, (await Echo.AskAsync(external.Outside, target)).Lost);

        // Of another address scope: the router joins it with the networks behind it, and with nothing outside.
        Assert.Equal(Strange, await SeenAsync(strange.Namespace, Near));
        Assert.Null(await AskAsync(strange.Namespace, Outside));
        Assert.Null(await AskAsync(external.Outside, Strange));
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task A_gateway_that_moves_takes_its_addresses_along_and_outside_hears_of_it()
    {
        await using var world = await LabWorld.StartAsync("g6m", hosts: 2);
        var external = await StartAsync(world, vlan: 0);
        var near = await world.PlugAsync(0, 10, $"{Near}/64 2001:db8:1::1");
        await world.PlugAsync(1, 11, $"{Far}/64 2001:db8:1::1");
        await world.PlugAsync(1, 12, $"{Strange}/64 2001:db8:3::1");
        await SayAsync(world, vlan: 0, Encapsulation.Vxlan);
        await external.RouteAsync("2001:db8:1::/64", GatewayAddress);
        await using var ping = near.StartPing(Outside, LabWorld.Interval);
        await ping.WaitForAnswersAsync(10, TestContext.Current.CancellationToken);
        await world.ChangeAsync(Say.RouterPartition(Router), RouterEntry(world, host: 1));
        await ping.WaitForAnswersAsync(20, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"lost {ping.Lost.Count} at 50 a second");
    }

    private static async Task<ExternalNetwork> StartAsync(LabWorld world, int vlan)
    {
        var external = await world.StartWithOutsideAsync("203.0.113.1/24", vlan);
        await external.AddIpv6AddressAsync($"{Outside}/64");
        return external;
    }

    private static Task<string?> AskAsync(NetworkNamespace from, string address) =>
        TcpService.AskAsync(from, $"[{address}]", 80);

    /// <summary>By which address it is seen, as soon as it is: on a busy machine a second may be too short.</summary>
    private static async Task<string> SeenAsync(NetworkNamespace from, string address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string? seen;
        while ((seen = await AskAsync(from, address)) is null)
            Assert.False(limit.IsCancellationRequested, $"{address} does not answer {from.Name}");
        // socat writes addresses in full and in brackets.
        return global::System.Net.IPAddress.Parse(seen.Trim('[', ']')).ToString();
    }

    private static Entry RouterEntry(LabWorld world, int host) => Say.Entry(EntryKind.Router, Router, new RouterEntry
    {
        AdminStateUp = true,
        Interfaces =
        {
            Say.Interface(82, Inner, 2, "2001:db8:1::1"), Say.Interface(81, Stranger, 4, "2001:db8:3::1"),
        },
        Gateway = Say.Gateway(Outer, 83, world.Tunnel(host), (92, GatewayAddress)),
    });

    private static Task SayAsync(LabWorld world, int vlan, Encapsulation encapsulation) => world.SayAsync(
        [
            (0, Say.Protected(10, Inner, 2, Near, 50)), (1, Say.Protected(11, Inner, 2, Far, 50)),
            (1, Say.Protected(12, Stranger, 4, Strange, 50)),
        ],
        (Say.NetworkPartition(Inner), [
            Say.Network(Inner, 100, of: encapsulation), Say.Subnet(2, "2001:db8:1::/64", "2001:db8:1::1"),
            Say.Neighbor(10, Near, world.Tunnel(0)), Say.Neighbor(11, Far, world.Tunnel(1)),
            Say.RouterPort(82, Router, "2001:db8:1::1"),
        ]),
        (Say.NetworkPartition(Stranger), [
            Say.Entry(EntryKind.Network, Stranger, new NetworkEntry
            {
                SegmentationId = 300, Mtu = 1450, AdminStateUp = true, Ipv6AddressScope = Say.Bytes(70),
            }),
            Say.Subnet(4, "2001:db8:3::/64", "2001:db8:3::1"), Say.Neighbor(12, Strange, world.Tunnel(1)),
            Say.RouterPort(81, Router, "2001:db8:3::1"),
        ]),
        (Say.NetworkPartition(Outer), [
            Say.External(Outer, vlan),
            Say.Subnet(92, "2001:db8:ff::/64", Outside, dhcp: false),
        ]),
        (Say.SecurityGroupPartition(50), [
            Say.SecurityGroup(50),
            Say.Rule(51, new SecurityGroupRuleEntry { IpVersion = 6, Egress = true }),
            Say.Rule(52, new SecurityGroupRuleEntry { IpVersion = 6 }),
        ]),
        (Say.RouterPartition(Router), [RouterEntry(world, host: 0)]));
}

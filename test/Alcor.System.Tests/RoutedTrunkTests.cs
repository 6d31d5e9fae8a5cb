using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>Subports behind a router: IPv6 over it and outside, and a floating IP, from the API to packets.</summary>
public sealed class RoutedTrunkTests
{
    private const int VlanSlaac = 5;
    private const int VlanDhcp = 6;
    private static readonly TimeSpan LeaseLimit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tag_of_a_machine_has_ipv6_and_a_floating_ip_as_any_other_port()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("tro");
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("tro", hosts: 2), Token);
        var external = await RoutedCloud.OutsideAsync(lab);
        using var region = await Region.StartAsync(lab, RoutedCloud.OptionsOf(RegionFixture.Options), Token);
        var cloud = await RoutedCloud.CreateAsync(region);
        var (parents, routed) = (cloud.Networks[0], cloud.Networks[1]);
        // All of it ends with the lab.
        var managed = await TenantNetwork.CreateAsync(region, "10.3.0.0/24");
        await AddIpv6Async(region, cloud, routed.Id, "2001:db8:2::/64", "slaac");
        await AddIpv6Async(region, cloud, managed.Id, "2001:db8:3::/64", "dhcpv6-stateful");
        var trunk = await LabTrunk.CreateAsync(region, parents, (routed, VlanSlaac), (managed, VlanDhcp));
        // Where the gateway is not: what is outside is one hop further.
        var gateway = await cloud.GatewayHostAsync();
        var host = region.Hosts.First(one => one.Name != gateway);
        await trunk.BindAsync(host);
        await using var machine = await TrunkMachine.PlugAsync(host.Lab, "trk", trunk.Parent.Id, Token);
        await trunk.ActiveAsync();

        var slaac = await machine.AddAsync(VlanSlaac, trunk.SubPorts[0].MacAddress, Token);
        var made = Ipv6Of(trunk.SubPorts[0]);
        await HearRoutersAsync(slaac);
        await Traffic.EventuallyAsync(
            async () => (await AddressesAsync(slaac)).Contains(made), "the machine makes no address of the prefix");
        var dhcp = await machine.AddAsync(VlanDhcp, trunk.SubPorts[1].MacAddress, Token);
        var given = Ipv6Of(trunk.SubPorts[1]);
        await HearRoutersAsync(dhcp);
        var lease = await dhcp.Dhcpv6Async(isStateless: false, LeaseLimit, Token);
        Assert.Equal(given, lease["new_ip6_address"]);

        // From tag to tag by way of the router, whose answers to solicitations both have heard.
        await Traffic.AnswerAsync(slaac, given);
        await Traffic.AnswerAsync(dhcp, made);
        await external.AddIpv6AddressAsync($"{RoutedCloud.OutsideIpv6}/64");
        await external.RouteAsync("2001:db8:2::/64", cloud.GatewayIpv6Address);
        await Traffic.AnswerAsync(slaac, RoutedCloud.OutsideIpv6);

        await RequireFloatingIpAsync(region, external, cloud, trunk.SubPorts[0], slaac);
    }

    /// <summary>What comes from outside to it reaches the subport, whose answers come from it.</summary>
    private static async Task RequireFloatingIpAsync(
        Region region, ExternalNetwork external, RoutedCloud cloud, NetworkingPort port, VirtualMachine machine)
    {
        var directory = region.Hosts[0].Lab.Switch.Directory;
        await machine.DhcpAsync(LeaseLimit, Token);
        await TcpService.StartAsync(external.Outside, directory, 80);
        await TcpService.StartAsync(machine.Namespace, directory, 80);
        await Traffic.EventuallyAsync(
            async () => await TcpService.AskAsync(machine.Namespace, RoutedCloud.Outside, 80) == cloud.GatewayAddress,
            "the router does not translate what the subport sends");
        var floating = await cloud.AssociateAsync(port);
        await cloud.AllowAsync("tcp", 80);
        await Traffic.EventuallyAsync(
            async () => await TcpService.AskAsync(machine.Namespace, RoutedCloud.Outside, 80) == floating,
            "the floating IP is not what the subport is seen by");
        // A connection is made only if what answers has the address that was asked.
        await Traffic.EventuallyAsync(
            async () => await TcpService.AskAsync(external.Outside, floating, 80) == RoutedCloud.Outside,
            "the floating IP does not lead to the subport");
        var trace = await PacketTrace.OfAsync(region, port, RoutedCloud.Outside, "tcp 80", "--reply");
        Assert.Contains($"its source becomes {floating}", trace.Text);
        Assert.True(trace.Arrives, trace.Text);
    }

    private static async Task AddIpv6Async(
        Region region, RoutedCloud cloud, string network, string cidr, string mode)
    {
        var subnet = await region.Api.CreateAsync("subnets", new JsonObject
        {
            ["network_id"] = network, ["ip_version"] = 6, ["cidr"] = cidr,
            ["ipv6_ra_mode"] = mode, ["ipv6_address_mode"] = mode,
        }, Token);
        await region.Api.ActAsync("routers", cloud.Router, "add_router_interface",
            new JsonObject { ["subnet_id"] = (string)subnet["id"]! }, Token);
    }

    private static string Ipv6Of(NetworkingPort port) =>
        port.Addresses.Single(address => address.Contains(':', StringComparison.Ordinal));

    /// <summary>Its kernel solicits routers once it may speak IPv6.</summary>
    private static Task HearRoutersAsync(VirtualMachine machine) => machine.RunAsync(
        "sysctl", "-qw", "net.ipv6.conf.eth0.accept_ra=1", "net.ipv6.conf.eth0.disable_ipv6=0");

    /// <summary>Those that can be used: nobody else has been found to have them.</summary>
    private static async Task<IReadOnlyList<string>> AddressesAsync(VirtualMachine machine)
    {
        var text = await machine.RunAsync("ip", "-j", "-6", "addr", "show", "dev", "eth0", "-tentative");
        return
        [
            .. JsonNode.Parse(text)!.AsArray().SelectMany(link => link?["addr_info"]?.AsArray() ?? [])
                .Select(one => (string)one!["local"]!),
        ];
    }
}

using System.Diagnostics;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>
/// Two networks behind a router with a gateway, from the API to packets: three hosts that all have the network outside.
/// </summary>
public sealed class NorthSouthTests
{
    private const string Outside = RoutedCloud.Outside;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Machines_meet_across_a_router_and_outside_and_a_gateway_outlives_its_host()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("nso");
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("nso", hosts: 3), Token);
        var external = await RoutedCloud.OutsideAsync(lab);
        using var region = await Region.StartAsync(lab, RoutedCloud.OptionsOf(RegionFixture.Options), Token);
        var cloud = await RoutedCloud.CreateAsync(region);
        // The gateway is on one host; the machines are on the two others, which go on when it ends.
        var gateway = await cloud.GatewayHostAsync();
        var others = region.Hosts.Where(host => host.Name != gateway).ToList();
        var (first, firstPort) = await cloud.Networks[0].BootAsync(others[0]);
        var (second, port) = await cloud.Networks[1].BootAsync(others[1]);
        await TcpService.StartAsync(external.Outside, lab.Directory, 80);
        await TcpService.StartAsync(second.Namespace, lab.Directory, 80);

        await Traffic.AnswerAsync(first, port.Address);
        Assert.Equal(cloud.GatewayAddress, await SeenOutsideAsync(first));
        Assert.Equal(cloud.GatewayAddress, await SeenOutsideAsync(second));

        var floating = await cloud.AssociateAsync(port);
        await Traffic.EventuallyAsync(async () => await SeenOutsideAsync(second) == floating,
            "the floating IP is not what the machine is seen by");
        Assert.Equal(cloud.GatewayAddress, await SeenOutsideAsync(first));
        Assert.Null(await TcpService.AskAsync(external.Outside, floating, 80));
        await cloud.AllowAsync("tcp", 80);
        await Traffic.EventuallyAsync(async () =>
            await TcpService.AskAsync(external.Outside, floating, 80) == Outside, "the rule does not open port 80");
        Assert.Equal(cloud.GatewayAddress, await TcpService.AskAsync(first.Namespace, floating, 80));
        await RequireToldAsync(region, firstPort, Outside, $"its source becomes {cloud.GatewayAddress}");
        await RequireToldAsync(region, port, Outside, $"its source becomes {floating}");
        await RequireToldAsync(region, firstPort, floating, $"its destination becomes {port.Address}");

        await RequireIpv6Async(external, first, firstPort, cloud);
        await using var ping = first.StartPing(Outside, Interval);
        await ping.WaitForAnswersAsync(20, Token);
        var clock = Stopwatch.StartNew();
        var dead = region.Hosts.Single(host => host.Name == gateway);
        await dead.KillAgentAsync();
        await dead.Lab.Switch.KillSwitchAsync();
        await ping.WaitForAnswersAsync(5, Token);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"the gateway's host died: {clock.Elapsed.TotalSeconds:0.0} s until it answered again elsewhere, of which "
            + $"{RegionFixture.LivenessSeconds} s until it counted as dead; {ping.Lost.Count} of 50 a second lost");
        Assert.NotEqual(gateway, await cloud.GatewayHostAsync());
        Assert.Equal(floating, await SeenOutsideAsync(second));
    }

    /// <summary>IPv6 is routed outside and back untranslated.</summary>
    private static async Task RequireIpv6Async(
        ExternalNetwork external, VirtualMachine machine, NetworkingPort port, RoutedCloud cloud)
    {
        var address = port.Addresses.Single(one => one.Contains(':', StringComparison.Ordinal));
        await machine.RunAsync("sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=0");
        await machine.SetAddressAsync($"{address}/64", "2001:db8:1::1");
        await external.AddIpv6AddressAsync($"{RoutedCloud.OutsideIpv6}/64");
        await external.RouteAsync("2001:db8:1::/64", cloud.GatewayIpv6Address);
        await Traffic.AnswerAsync(machine, RoutedCloud.OutsideIpv6);
        Assert.Equal(0, (await Echo.AskAsync(external.Outside, cloud.GatewayIpv6Address)).Lost);
    }

    private static Task<string?> SeenOutsideAsync(VirtualMachine machine) =>
        TcpService.AskAsync(machine.Namespace, Outside, 80);

    /// <summary>A trace says so too, and that what is sent to TCP port 80 arrives with its answer.</summary>
    private static async Task RequireToldAsync(
        Region region, NetworkingPort port, string destination, string text)
    {
        var trace = await PacketTrace.OfAsync(region, port, destination, "tcp 80", "--reply");
        Assert.Contains(text, trace.Text);
        Assert.True(trace.Arrives, trace.Text);
    }
}

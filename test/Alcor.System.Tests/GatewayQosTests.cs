using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>
/// Quality of service of floating IPs and gateways from the API to packets; what meters do is tested where they are
/// rendered.
/// </summary>
public sealed class GatewayQosTests
{
    private const int Plenty = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Floating_ips_and_gateways_have_the_limits_of_their_policy_or_of_the_network_outside()
    {
        Assert.SkipWhen(Throughput.WhyNot() is not null, Throughput.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("gqo");
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("gqo", hosts: 2), Token);
        var external = await RoutedCloud.OutsideAsync(lab);
        using var region = await Region.StartAsync(lab, RoutedCloud.OptionsOf(RegionFixture.Options), Token);
        var cloud = await RoutedCloud.CreateAsync(region);
        var (floated, port) = await cloud.Networks[0].BootAsync(region.Hosts[0]);
        var (other, _) = await cloud.Networks[1].BootAsync(region.Hosts[1]);
        await Throughput.ListenAsync(external.Outside, lab.Directory);
        await cloud.AssociateAsync(port);
        var ip = (string)(await region.Api.ListAsync("floatingips", Token)).Single()["id"]!;
        var policy = (string)(await region.Api.CreateAsync("qos/policies", new JsonObject { ["name"] = "slow" }, Token))
            ["id"]!;
        var rules = $"qos/policies/{policy}/bandwidth_limit_rules";
        var rule = (string)(await region.Api.CreateAsync(rules, new JsonObject { ["max_kbps"] = 1_000 }, Token))["id"]!;
        Task NameAsync(string collection, string id, string? named) => region.Api.UpdateAsync(
            collection, id, new JsonObject { ["qos_policy_id"] = named }, Token);
        await RequireAsync((floated, false), (other, false));

        await NameAsync("floatingips", ip, policy);
        await RequireAsync((floated, true), (other, false));
        var trace = await PacketTrace.OfAsync(region, port, RoutedCloud.Outside, "udp 5201");
        Assert.Contains("counts towards the 1000 kilobits a second that may leave by floating IP", trace.Text);
        Assert.Contains("by QoS policy slow", trace.Text);
        await region.Api.UpdateAsync(rules, rule, new JsonObject { ["max_kbps"] = 400_000 }, Token);
        await RequireAsync((floated, false));
        await region.Api.UpdateAsync(rules, rule, new JsonObject { ["max_kbps"] = 1_000 }, Token);
        await RequireAsync((floated, true));

        await NameAsync("floatingips", ip, null);
        await NameGatewayAsync(region, cloud, policy);
        await RequireAsync((other, true), (floated, false));
        await NameGatewayAsync(region, cloud, null);
        await NameAsync("networks", cloud.External, policy);
        await RequireAsync((other, true), (floated, true));
        Assert.Equal(
            policy, (string?)(await region.Api.ListAsync("floatingips", Token)).Single()["qos_network_policy_id"]);

        await NameAsync("networks", cloud.External, null);
        await region.Api.DeleteAsync("qos/policies", policy, Token);
        await RequireAsync((other, false), (floated, false));
        foreach (var host in region.Hosts)
        {
            Assert.DoesNotContain("meter=", await host.Lab.Switch.RunAsync(
                "ovs-ofctl", "-O", "OpenFlow13", "dump-meters", LabHost.IntegrationBridge));
        }
    }

    private static Task NameGatewayAsync(Region region, RoutedCloud cloud, string? policy) => region.Api.UpdateAsync(
        "routers", cloud.Router, new JsonObject
        {
            ["external_gateway_info"] = new JsonObject { ["network_id"] = cloud.External, ["qos_policy_id"] = policy },
        }, Token);

    /// <summary>What machines send outside comes to be limited to a megabit a second, or not.</summary>
    private static async Task RequireAsync(params (VirtualMachine Machine, bool IsLimited)[] machines)
    {
        foreach (var (machine, isLimited) in machines)
        {
            await Traffic.EventuallyAsync(
                async () => await RateAsync(machine) is var rate && (isLimited ? rate < 2_000 : rate > 4_000),
                $"{machine.Name} is {(isLimited ? "not limited" : "limited")}");
        }
    }

    private static async Task<double> RateAsync(VirtualMachine from) => (await Throughput.MeasureAsync(
        from.Namespace, RoutedCloud.Outside, Plenty, 1_200)).KilobitsPerSecond;
}

using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>Quality of service from the API to packets; what meters do is tested where they are rendered.</summary>
[Collection(RegionCollection.Name)]
public sealed class QosTests(RegionFixture fixture)
{
    private const int Plenty = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Region Region => fixture.Region;

    [Fact]
    public async Task A_port_has_the_limits_of_its_policy_or_of_its_network_as_long_as_they_are_there()
    {
        Assert.SkipWhen(Throughput.WhyNot() is not null, Throughput.WhyNot() ?? "");
        await using var network = await TenantNetwork.CreateAsync(Region, "10.41.0.0/24");
        var policy = (string)(await Region.Api.CreateAsync("qos/policies", new JsonObject { ["name"] = "slow" }, Token))
            ["id"]!;
        var rules = $"qos/policies/{policy}/bandwidth_limit_rules";
        var rule = (string)(await Region.Api.CreateAsync(rules, new JsonObject { ["max_kbps"] = 1_000 }, Token))["id"]!;
        var named = new JsonObject { ["qos_policy_id"] = policy };
        var (limited, port) = await network.BootAsync(Region.Hosts[0], named.DeepClone().AsObject());
        var (peer, peerPort) = await network.BootAsync(Region.Hosts[1]);
        await Throughput.ListenAsync(peer.Namespace, peer.Host.Switch.Directory);
        Assert.InRange(await RateAsync(limited, peerPort), 0, 2_000);

        var trace = await PacketTrace.OfAsync(Region, port, peerPort.Address, "udp 5201");
        Assert.Contains("counts towards the 1000 kilobits a second", trace.Text);
        Assert.Contains("QoS policy slow", trace.Text);

        // The rule changes, the port loses its policy, and has that of its network.
        await Region.Api.UpdateAsync(rules, rule, new JsonObject { ["max_kbps"] = 400_000 }, Token);
        await Traffic.EventuallyAsync(async () => await RateAsync(limited, peerPort) > 4_000, "still limited");
        await Region.Api.UpdateAsync(rules, rule, new JsonObject { ["max_kbps"] = 1_000 }, Token);
        await Traffic.EventuallyAsync(async () => await RateAsync(limited, peerPort) < 2_000, "not limited again");
        await network.UpdateAsync(port, new JsonObject { ["qos_policy_id"] = null });
        await Traffic.EventuallyAsync(async () => await RateAsync(limited, peerPort) > 4_000, "limited by no policy");
        await Region.Api.UpdateAsync("networks", network.Id, named.DeepClone().AsObject(), Token);
        await Traffic.EventuallyAsync(async () => await RateAsync(limited, peerPort) < 2_000, "not as its network");
        await network.ActiveAsync(port);

        await Region.Api.UpdateAsync("networks", network.Id, new JsonObject { ["qos_policy_id"] = null }, Token);
        await Region.Api.DeleteAsync("qos/policies", policy, Token);
        await Traffic.EventuallyAsync(async () => await RateAsync(limited, peerPort) > 4_000, "still limited");
        foreach (var host in Region.Hosts)
        {
            Assert.DoesNotContain("meter=", await host.Lab.Switch.RunAsync(
                "ovs-ofctl", "-O", "OpenFlow13", "dump-meters", LabHost.IntegrationBridge));
        }
    }

    private static async Task<double> RateAsync(VirtualMachine from, NetworkingPort to) =>
        (await Throughput.MeasureAsync(from.Namespace, to.Address, Plenty, 1_200)).KilobitsPerSecond;
}

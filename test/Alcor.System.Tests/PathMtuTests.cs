using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>A router between networks whose MTU users set, from the API to packets.</summary>
[Collection(RegionCollection.Name)]
public sealed class PathMtuTests(RegionFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_sends_too_much_through_a_router_is_told_and_a_trace_says_so()
    {
        var region = fixture.Region;
        await using var wide = await TenantNetwork.CreateAsync(region, Of(1_450), "10.7.0.0/24");
        await using var narrow = await TenantNetwork.CreateAsync(region, Of(1_350), "10.7.1.0/24");
        await using var joined = await JoinedNetworks.CreateAsync(region, wide, narrow);
        var (near, nearPort) = await wide.BootAsync(region.Hosts[0]);
        var (far, farPort) = await narrow.BootAsync(region.Hosts[1]);
        await Traffic.AnswerAsync(near, farPort.Address);

        var refused = await PingAsync(near, farPort.Address);
        Assert.Contains("From 10.7.0.1", refused, StringComparison.Ordinal);
        Assert.Contains("mtu = 1350", refused, StringComparison.Ordinal);
        var trace = await PacketTrace.OfAsync(region, nearPort, farPort.Address, "icmp", "--size", "1400");
        Assert.False(trace.Arrives, trace.Text);
        Assert.Contains("has more than the 1350 bytes", trace.Text, StringComparison.Ordinal);

        await region.Api.UpdateAsync("networks", narrow.Id, Of(1_450), Token);
        await far.RunAsync("ip", "link", "set", "eth0", "mtu", "1450");
        await near.RunAsync("ip", "route", "flush", "cache");
        await Traffic.EventuallyAsync(async () => (await PingAsync(near, farPort.Address))
            .Contains("1 received", StringComparison.Ordinal), "the network does not become wide");
    }

    private static JsonObject Of(int mtu) => new() { ["mtu"] = mtu };

    /// <summary>An echo request of 1,400 bytes of IP that may not be cut.</summary>
    private static async Task<string> PingAsync(VirtualMachine from, string to)
    {
        var result = await from.Namespace.Command("ping", "-n", "-c", "1", "-W", "3", "-M", "do", "-s", "1372", to)
            .ResultAsync(Token);
        return result.Output + result.Error;
    }
}

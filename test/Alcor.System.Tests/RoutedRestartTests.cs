using Alcor.Lab;
using Alcor.System.Tests.Scenarios;

namespace Alcor.System.Tests;

/// <summary>
/// Restarts of all that Alcor is made of cost no packet that is routed, held to security groups or translated: the
/// agents, the server, and the relay between them, which is a process of its own here.
/// </summary>
public sealed class RoutedRestartTests
{
    private const string Outside = RoutedCloud.Outside;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // Patient with silence: a host that is silent for long is thought to be gone, and its gateways move.
    private static readonly RegionOptions Options = RoutedCloud.OptionsOf(
        RegionFixture.Options with { ServeArguments = [], AgentArguments = [] });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_is_routed_or_translated_or_held_to_groups_notices_a_restart()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("rst");
        await using var lab = await LabTopology.StartAsync(LabTopologyOptions.ForTest("rst", hosts: 3), Token);
        var external = await RoutedCloud.OutsideAsync(lab);
        using var region = await Region.StartAsync(lab, Options, Token);
        await using var traffic = await RoutedTraffic.StartAsync(region, external);

        await traffic.UnderAsync("agents that are ended",
            () => RestartAgentsAsync(region, host => host.StopAgentAsync()));
        await traffic.UnderAsync("agents that are killed",
            () => RestartAgentsAsync(region, host => host.KillAgentAsync()));
        await traffic.UnderAsync("a server that is ended", () => ComeBackAsync(region, async () =>
        {
            await region.StopServerAsync();
            await region.StartServerAsync(Token);
        }));
        await traffic.UnderAsync("a server that is killed", () => ComeBackAsync(region, async () =>
        {
            await region.KillServerAsync();
            await region.StartApartAsync(Token);
        }));
        await traffic.UnderAsync("a relay that is killed", () => ComeBackAsync(region, async () =>
        {
            await region.KillRelayAsync();
            region.StartRelay();
        }));
    }

    private static Task RestartAgentsAsync(Region region, Func<RegionHost, Task> endAsync) =>
        ComeBackAsync(region, async () =>
        {
            foreach (var host in region.Hosts)
                await endAsync(host);
            foreach (var host in region.Hosts)
                host.StartAgent();
        });

    /// <summary>After what happens, every agent finds a relay again.</summary>
    private static async Task ComeBackAsync(Region region, Func<Task> happenAsync)
    {
        var before = region.Hosts.Select(host => (Host: host, Connections: AgentConnections.Of(host))).ToList();
        await happenAsync();
        foreach (var (host, connections) in before)
            await AgentConnections.BackAsync(host, connections);
    }

    /// <summary>Two machines on two hosts, and the gateway of their router on a third.</summary>
    private sealed class RoutedTraffic(
        (string Name, RunningPing Ping)[] pings, LastingConnection connection) : IAsyncDisposable
    {
        public static async Task<RoutedTraffic> StartAsync(Region region, ExternalNetwork external)
        {
            var directory = region.Lab.Directory;
            var cloud = await RoutedCloud.CreateAsync(region);
            var gateway = await cloud.GatewayHostAsync();
            var hosts = region.Hosts.Where(host => host.Name != gateway).ToList();
            var (client, _) = await cloud.Networks[0].BootAsync(hosts[0]);
            var (server, port) = await cloud.Networks[1].BootAsync(hosts[1]);
            var floating = await cloud.AssociateAsync(port);
            await cloud.AllowAsync("icmp");
            await cloud.AllowAsync("tcp", 80);
            await TcpService.StartAsync(server.Namespace, directory, 80);
            await Traffic.AnswerAsync(client, port.Address);
            await Traffic.AnswerAsync(client, Outside);
            await Traffic.EventuallyAsync(async () =>
                await TcpService.AskAsync(external.Outside, floating, 80) == Outside, "the floating IP is not reached");
            var log = Path.Combine(directory, "outside.ping.log");
            (string, RunningPing)[] pings =
            [
                ("from machine to machine by a router", client.StartPing(port.Address, Interval)),
                ("from a machine to outside by SNAT", client.StartPing(Outside, Interval)),
                ("from outside to a floating IP", RunningPing.Start(external.Outside, log, floating, Interval)),
            ];
            var connection = LastingConnection.Start(external.Outside, directory, floating, 80);
            var traffic = new RoutedTraffic(pings, connection);
            await traffic.UnderAsync("nothing", () => Task.CompletedTask);
            return traffic;
        }

        /// <summary>Something happens, and nobody notices.</summary>
        public async Task UnderAsync(string name, Func<Task> happenAsync)
        {
            await happenAsync();
            foreach (var (_, ping) in pings)
                await ping.WaitForAnswersAsync(50, Token);
            await connection.RequireFlowAsync($"under {name}, the connection to the floating IP");
            foreach (var (way, ping) in pings)
                Assert.True(ping.Lost.Count == 0, $"under {name}, lost {way}: {string.Join(' ', ping.Lost)}");
        }

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            foreach (var (_, ping) in pings)
                await ping.DisposeAsync();
        }
    }
}

using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>What an operator sees of hosts with the real client.</summary>
[Collection(RegionCollection.Name)]
public sealed class OpenStackClientTests(RegionFixture fixture)
{
    [Fact]
    public async Task The_openstack_client_lists_agents_that_are_alive_and_one_that_is_not()
    {
        var region = fixture.Region;
        Assert.SkipUnless(File.Exists("/usr/bin/openstack"), "the openstack client is not installed");
        Assert.Equal([("h1", true), ("h2", true)], await AgentsAsync(region));

        await region.Hosts[1].KillAgentAsync();
        await AliveAsync(region, "h2", isAlive: false);
        Assert.Equal([("h1", true), ("h2", false)], await AgentsAsync(region));

        region.Hosts[1].StartAgent();
        await AliveAsync(region, "h2", isAlive: true);
    }

    private static async Task<List<(string Host, bool IsAlive)>> AgentsAsync(Region region)
    {
        var command = new CommandLine("/usr/bin/openstack", ["network", "agent", "list", "-f", "json"])
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["OS_AUTH_TYPE"] = "none",
                ["OS_ENDPOINT"] = region.Listen,
            },
        };
        var agents = JsonNode.Parse(await command.OutputAsync(TestContext.Current.CancellationToken))!.AsArray();
        Assert.All(agents, agent => Assert.Equal("alcor-agent", (string)agent!["Binary"]!));
        return [.. agents.Select(agent => ((string)agent!["Host"]!, (bool)agent["Alive"]!)).Order()];
    }

    // Asked of the API itself: the client takes seconds to start.
    private static Task AliveAsync(Region region, string host, bool isAlive) => Traffic.EventuallyAsync(
        async () => (await region.Api.ListAsync("agents", TestContext.Current.CancellationToken))
            .Any(agent => (string)agent["host"]! == host && (bool)agent["alive"]! == isAlive),
        $"the agent of {host} is not shown as {(isAlive ? "alive" : "gone")}");
}

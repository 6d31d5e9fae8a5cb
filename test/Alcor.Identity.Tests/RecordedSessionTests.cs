using Alcor.Lab;
using Alcor.Network;
using Alcor.Server.Tests;
using Alcor.Testing.Keystone;

namespace Alcor.Identity.Tests;

/// <summary>
/// A session of the real client with OpenStack Neutron, replayed with Alcor: every command ends as it did there, and
/// every request is answered with the same status.
/// </summary>
[Collection(RealCloudCollection.Name)]
public sealed class RecordedSessionTests(RealCloud cloud)
{
    private const string Client = "/usr/bin/openstack";
    private const string Region = "RegionOfSession";

    private static readonly string Folder = Path.Combine(SourceTree.Root, "test", "Alcor.Identity.Tests", "Session");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_command_goes_as_it_went_with_Neutron()
    {
        Assert.SkipUnless(File.Exists(Client), $"{Client} is not installed");
        var recorded = (await File.ReadAllLinesAsync(Path.Combine(Folder, "recorded-session.txt"), Cancelled))
            .Where(line => !line.StartsWith('#'))
            .ToList();
        await using var server = await StartAsync();
        await CreateExternalNetworkAsync(server);
        var commands = recorded.Where(line => line[0] != ' ').Select(line => line[(line.IndexOf(' ') + 1)..]);
        var replayed = await ReplayAsync(server.Server.Addresses[0], commands);
        var differences = CommandsOf(recorded)
            .Zip(CommandsOf(replayed.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
            .Where(pair => pair.First != pair.Second)
            .Select(pair => $"with Neutron:\n{pair.First}with Alcor:\n{pair.Second}")
            .ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>Each command with what it asked, as one text.</summary>
    private static List<string> CommandsOf(IEnumerable<string> lines)
    {
        var commands = new List<string>();
        foreach (var line in lines)
        {
            if (line[0] == ' ')
                commands[^1] += $"{line}\n";
            else
                commands.Add($"{line}\n");
        }
        return commands;
    }

    private async Task<RunningServer> StartAsync()
    {
        var server = new RunningServer(RunningServer.Options with
        {
            Keystone = cloud.Options,
            // As in the recorded cloud.
            Network = new NetworkSettings { VlanRanges = [new VlanRange("physnet1", new NumberRange(100, 999))] },
        });
        await server.InitializeAsync();
        await cloud.Api.CreateRegionAsync(Region);
        await cloud.Api.AddEndpointAsync("network", server.Server.Addresses[0], Region);
        await cloud.Api.AddEndpointAsync("identity", cloud.Keystone.Url.AbsoluteUri, Region);
        return server;
    }

    /// <summary>It was there before the session: the second address of its pool is the floating IP in it.</summary>
    private async Task CreateExternalNetworkAsync(RunningServer server)
    {
        var token = ("X-Auth-Token", await cloud.Api.IssueAsync(
            "admin", KeystoneServer.AdminPassword, IdentityApi.ProjectScope("admin")));
        var network = (await server.SendAsync(
            HttpMethod.Post, "/v2.0/networks", """{"network": {"name": "ext", "router:external": true}}""", token))
            .Is(201)["network"];
        var subnet = $$"""
            {"subnet": {"network_id": "{{network["id"]}}", "ip_version": 4, "cidr": "203.0.113.0/24",
             "enable_dhcp": false, "allocation_pools": [{"start": "203.0.113.130", "end": "203.0.113.200"}]} }
            """;
        (await server.SendAsync(HttpMethod.Post, "/v2.0/subnets", subnet, token)).Is(201);
    }

    private async Task<string> ReplayAsync(string endpoint, IEnumerable<string> commands)
    {
        var replay = new CommandLine("/usr/bin/python3", [Path.Combine(Folder, "replay.py"), endpoint])
        {
            TimeLimit = TimeSpan.FromMinutes(4),
            Input = string.Join('\n', commands),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["OS_AUTH_URL"] = cloud.Keystone.Url.AbsoluteUri,
                ["OS_USERNAME"] = "admin",
                ["OS_PASSWORD"] = KeystoneServer.AdminPassword,
                ["OS_PROJECT_NAME"] = "admin",
                ["OS_USER_DOMAIN_NAME"] = "Default",
                ["OS_PROJECT_DOMAIN_NAME"] = "Default",
                ["OS_IDENTITY_API_VERSION"] = "3",
                ["OS_REGION_NAME"] = Region,
            },
        };
        return await replay.OutputAsync(Cancelled);
    }
}

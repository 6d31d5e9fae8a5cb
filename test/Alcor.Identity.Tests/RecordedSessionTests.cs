using System.Text.Json.Nodes;
using Alcor.Lab;
using Alcor.Network;
using Alcor.Server.Tests;
using Alcor.Testing.Keystone;

namespace Alcor.Identity.Tests;

/// <summary>
/// A session of the real client with OpenStack Neutron, replayed with Alcor: every command ends as it did there, every
/// request is answered with the same status, and the user is told the same.
/// </summary>
[Collection(RealCloudCollection.Name)]
public sealed class RecordedSessionTests(RealCloud cloud)
{
    private const string Client = "/usr/bin/openstack";

    private static readonly string Folder = Path.Combine(SourceTree.Root, "test", "Alcor.Identity.Tests", "Session");
    private static readonly string Recorded = Path.Combine(Folder, "recorded-session.txt");
    private static readonly string Differences = Path.Combine(Folder, "session-differences.txt");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_command_goes_as_it_went_with_Neutron()
    {
        Assert.SkipUnless(File.Exists(Client), $"{Client} is not installed");
        await using var server = await StartAsync();
        var recorded = RecordedSession.Read(Recorded);
        recorded.Check(await ReplayAsync(server.Server.Addresses[0], "RegionOfSession", recorded), Differences);
    }

    /// <summary>Only by hand: CONTRIBUTING says how.</summary>
    [Fact(Explicit = true)]
    public async Task Record_the_session_with_Neutron()
    {
        Assert.SkipWhen(NeutronServer.WhyNot() is not null, NeutronServer.WhyNot() ?? "");
        var recorded = RecordedSession.Read(Recorded);
        await using var neutron = await NeutronServer.StartAsync(cloud.Keystone.Url, Cancelled);
        var anew = await ReplayAsync(neutron.Url.AbsoluteUri.TrimEnd('/'), "RegionOfRecording", recorded);
        await File.WriteAllTextAsync(Recorded, recorded.Header + anew.Text, Cancelled);
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
        return server;
    }

    private async Task<RecordedSession> ReplayAsync(string endpoint, string region, RecordedSession session)
    {
        await cloud.Api.CreateRegionAsync(region);
        await cloud.Api.AddEndpointAsync("network", endpoint, region);
        await cloud.Api.AddEndpointAsync("identity", cloud.Keystone.Url.AbsoluteUri, region);
        var input = new JsonObject
        {
            ["callers"] = new JsonObject
            {
                ["admin"] = OptionsOf("admin", KeystoneServer.AdminPassword, "admin", region),
                ["demo"] = OptionsOf("alice", "alice", "demo", region),
            },
            ["commands"] = new JsonArray([.. session.Steps.Select(step => (JsonNode)step.Line)]),
        };
        var replay = new CommandLine("/usr/bin/python3", Path.Combine(Folder, "replay.py"), endpoint)
        {
            // Hang protection; a Neutron on a busy machine takes seconds for a request.
            TimeLimit = TimeSpan.FromHours(1),
            Input = input.ToJsonString(),
        };
        return RecordedSession.Parse(await replay.OutputAsync(Cancelled));
    }

    private JsonArray OptionsOf(string user, string password, string project, string region) =>
    [
        "--os-auth-type=password",
        $"--os-auth-url={cloud.Keystone.Url.AbsoluteUri}",
        $"--os-username={user}",
        $"--os-password={password}",
        $"--os-project-name={project}",
        "--os-user-domain-name=Default",
        "--os-project-domain-name=Default",
        "--os-identity-api-version=3",
        $"--os-region-name={region}",
    ];
}

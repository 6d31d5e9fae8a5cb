using System.Net;
using System.Text.Json.Nodes;
using Alcor.Protocol.V1;
using Alcor.Rpc;

namespace Alcor.Server.Tests;

/// <summary>How a server starts, is composed and ends.</summary>
public sealed class ServerTests
{
    private static readonly RpcMethod<AgentMessage, DataplaneMessage> Connect =
        new(DataplaneReflection.Descriptor.Services[0], "Connect");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_created_outlives_the_process_in_a_database()
    {
        var directory = Directory.CreateTempSubdirectory("alcor-server-");
        try
        {
            var options = RunningServer.Options with { DatabasePath = Path.Combine(directory.FullName, "alcor.db") };
            string id;
            await using (var first = new RunningServer(options))
            {
                await first.InitializeAsync();
                id = await first.CreateNetworkAsync("kept");
            }
            await using var second = new RunningServer(options);
            await second.InitializeAsync();
            Assert.Equal("kept", (string?)(await second.GetAsync($"/v2.0/networks/{id}")).Is(200)["network"]["name"]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_dataplane_has_a_listener_of_its_own_that_speaks_http2_only()
    {
        var options = RunningServer.Options with { Roles = ServerRoles.All };
        await using var server = await AlcorServer.StartAsync(options, Cancelled);
        using var channel = new RpcChannel(new Uri(server.SouthboundAddresses[0]));
        await using var call = channel.Duplex(Connect, options: null, Cancelled);
        await call.SendAsync(
            new AgentMessage { Hello = new Hello { Host = "alpha", TunnelAddress = "192.0.2.1" } }, Cancelled);
        var first = await call.ReadAllAsync(Cancelled).FirstAsync(Cancelled);
        Assert.NotEqual(DataplaneMessage.BodyOneofCase.None, first.BodyCase);
        using var http = new HttpClient();
        Assert.Null(await ReadAsync(http, $"{server.SouthboundAddresses[0]}/v2.0/networks", HttpVersion.Version20));
        Assert.Null(await ReadAsync(http, $"{server.SouthboundAddresses[0]}/v2.0/networks", HttpVersion.Version11));
        Assert.Null(await ReadAsync(http, $"{server.Addresses[0]}/alcor.v1.Dataplane/Connect", HttpVersion.Version11));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", "192.0.2.1")]
    [InlineData("http://[::1]:0", "2001:db8::1")]
    public async Task An_agent_that_connects_is_an_agent_of_the_api_and_its_host_a_node(string listen, string tunnel)
    {
        await using var server = await AlcorServer.StartAsync(
            RunningServer.Options with { Roles = ServerRoles.All, Southbound = [listen] }, Cancelled);
        using var channel = new RpcChannel(new Uri(server.SouthboundAddresses[0]));
        await using var call = channel.Duplex(Connect, options: null, Cancelled);
        await call.SendAsync(
            new AgentMessage { Hello = new Hello { Host = "alpha", TunnelAddress = tunnel } }, Cancelled);
        await foreach (var message in call.ReadAllAsync(Cancelled))
        {
            if (message.BodyCase == DataplaneMessage.BodyOneofCase.Synchronized)
                break;
        }
        using var http = new HttpClient();
        var agents = JsonNode.Parse(await http.GetStringAsync($"{server.Addresses[0]}/v2.0/agents", Cancelled))!;
        var agent = Assert.Single(agents["agents"]!.AsArray())!;
        Assert.Equal(("alpha", true), ((string?)agent["host"], (bool)agent["alive"]!));
    }

    [Theory]
    [InlineData(ServerRoles.Api, 1, 0)]
    [InlineData(ServerRoles.Dataplane, 0, 1)]
    [InlineData(ServerRoles.All, 1, 1)]
    public async Task A_role_that_is_not_asked_for_does_not_listen(ServerRoles roles, int addresses, int southbound)
    {
        await using var server = await AlcorServer.StartAsync(RunningServer.Options with { Roles = roles }, Cancelled);
        Assert.Equal(addresses, server.Addresses.Length);
        Assert.Equal(southbound, server.SouthboundAddresses.Length);
    }

    [Fact]
    public async Task An_address_in_use_is_said_to_be_in_use()
    {
        await using var first = await AlcorServer.StartAsync(RunningServer.Options, Cancelled);
        var exception = await Assert.ThrowsAsync<IOException>(
            () => AlcorServer.StartAsync(RunningServer.Options with { Listen = first.Addresses }, Cancelled));
        Assert.Contains(first.Addresses[0], exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_and_randomness_can_be_given_from_outside()
    {
        var time = new FixedTime(new DateTimeOffset(2031, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var server = new RunningServer(
            RunningServer.Options with { Time = time, Entropy = () => 0x123456 });
        await server.InitializeAsync();
        var network = await server.CreateNetworkAsync();
        Assert.Equal(
            $"{time.GetUtcNow().ToUnixTimeMilliseconds():x12}",
            network.Replace("-", "", StringComparison.Ordinal)[..12]);
        var port = await server.CreatePortAsync(network);
        Assert.Equal("2031-01-02T03:04:05Z", (string?)port["created_at"]);
        Assert.StartsWith("fa:16:3e:", (string?)port["mac_address"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopping_server_answers_what_it_has_accepted()
    {
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var store = new InterceptedStore();
        var server = new RunningServer(RunningServer.Options with { Store = store });
        await server.InitializeAsync();
        store.BeforeCommit = () =>
        {
            reached.TrySetResult();
            return gate.Task;
        };
        var accepted = server.PostAsync("/v2.0/networks", """{"network": {}}""");
        await reached.Task.WaitAsync(Cancelled);
        var stopping = server.Server.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            // The listener closes at some moment after the stop began, and stays closed.
            while (true)
            {
                using var other = new HttpClient();
                await other.GetStringAsync(server.Http.BaseAddress, Cancelled);
            }
        });
        Assert.False(stopping.IsCompleted);
        gate.SetResult();
        (await accepted).Is(201);
        await stopping;
        server.Http.Dispose();
    }

    private static async Task<string?> ReadAsync(HttpClient http, string url, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request, Cancelled);
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(Cancelled) : null;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

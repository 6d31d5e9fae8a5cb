using System.Text.Json.Nodes;
using Alcor.Network;

namespace Alcor.Server.Tests;

public sealed class ProviderNetworkTests(ProviderNetworkTests.Server fixture)
    : IClassFixture<ProviderNetworkTests.Server>
{
    private readonly RunningServer server = fixture.Running;

    [Fact]
    public async Task A_network_of_several_segments_shows_these_and_no_provider_attributes()
    {
        var network = await server.CreateAsync("network", new JsonObject
        {
            ["segments"] = new JsonArray(
                new JsonObject
                {
                    ["provider:network_type"] = "vlan",
                    ["provider:physical_network"] = "physnet1",
                },
                new JsonObject { ["provider:network_type"] = "vxlan" }),
        });
        var shown = network["segments"]!.AsArray().Select(segment => (string)segment!["provider:network_type"]!);
        Assert.Equal(["vlan", "vxlan"], shown);
        Assert.False(network.AsObject().ContainsKey("provider:network_type"));
        var types = await server.ListAsync($"/v2.0/segments?network_id={network["id"]}", "network_type");
        Assert.Equal(["vlan", "vxlan"], types.Order());
    }

    [Fact]
    public async Task Whether_a_network_is_the_default_is_said_of_external_ones()
    {
        var inside = await server.CreateAsync("network", []);
        Assert.False(inside.AsObject().ContainsKey("is_default"));
        Assert.False(inside.AsObject().ContainsKey("segments"));
        var outside = await server.CreateAsync("network", new JsonObject { ["router:external"] = true });
        Assert.False((bool)outside["is_default"]!);
    }

    [Theory]
    [InlineData("network_segment_ranges")]
    [InlineData("network-segment-ranges")]
    public async Task Ranges_of_the_settings_are_shown_in_either_spelling_of_the_path(string path)
    {
        var ranges = (await server.GetAsync($"/v2.0/{path}?network_type=vlan")).Is(200)["network_segment_ranges"];
        var range = Assert.Single(ranges.AsArray())!;
        Assert.Equal(("physnet1", 100, 101), (
            (string)range["physical_network"]!, (int)range["minimum"]!, (int)range["maximum"]!));
        Assert.True((bool)range["default"]!);
        Assert.Null(range["project_id"]);
        var one = (await server.GetAsync($"/v2.0/{path}/{range["id"]}")).Is(200);
        Assert.Equal((string?)range["id"], (string?)one["network_segment_range"]["id"]);
        var deletion = await server.DeleteAsync($"/v2.0/{path}/{range["id"]}");
        deletion.Error(400, "NetworkSegmentRangeDefaultReadOnly");
    }

    /// <summary>A server whose settings have a physical network.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public RunningServer Running { get; } = new(RunningServer.Options with
        {
            Network = new NetworkSettings { VlanRanges = [new VlanRange("physnet1", new NumberRange(100, 101))] },
        });

        public ValueTask InitializeAsync() => Running.InitializeAsync();

        public ValueTask DisposeAsync() => Running.DisposeAsync();
    }
}

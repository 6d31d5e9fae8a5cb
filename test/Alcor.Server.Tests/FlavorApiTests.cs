namespace Alcor.Server.Tests;

public sealed class FlavorApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_fresh_region_has_no_flavors_and_one_provider_of_routers()
    {
        Assert.Empty((await server.GetAsync("/v2.0/flavors")).Is(200)["flavors"].AsArray());
        var provider = Assert.Single(
            (await server.GetAsync("/v2.0/service-providers")).Is(200)["service_providers"].AsArray());
        Assert.Equal("L3_ROUTER_NAT", (string?)provider!["service_type"]);
        Assert.Equal("alcor", (string?)provider["name"]);
        Assert.True((bool)provider["default"]!);
    }
}

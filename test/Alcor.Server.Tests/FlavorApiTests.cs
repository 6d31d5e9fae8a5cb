using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

public sealed class FlavorApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Alcor_itself_provides_routers_and_what_neutron_knows_is_known()
    {
        var providers = (await server.GetAsync("/v2.0/service-providers")).Is(200)["service_providers"].AsArray();
        Assert.All(providers, provider => Assert.Equal("L3_ROUTER_NAT", (string?)provider!["service_type"]));
        Assert.Equal(
            [("alcor", true), ("dvrha", false), ("dvr", false), ("ha", false), ("single_node", false)],
            providers.Select(provider => ((string)provider!["name"]!, (bool)provider["default"]!)));
    }

    /// <summary>What Tempest's tests of router flavors do.</summary>
    [Fact]
    public async Task A_router_is_of_the_kind_that_the_provider_of_its_flavor_provides()
    {
        const string dvr = "neutron.services.l3_router.service_providers.dvr.DvrDriver";
        var flavor = await FlavorAsync("gold");
        (await RouterAsync(flavor)).Error(404, "FlavorServiceProfileBindingNotFound");
        var profile = await ProfileAsync($$"""{"driver": "{{dvr}}", "project_id": "nobody"}""");
        var tie = $$$"""{"service_profile": {"id": "{{{profile}}}"}}""";
        var tied = await server.PostAsync($"/v2.0/flavors/{flavor}/service_profiles", tie);
        Assert.Equal(profile, (string?)tied.Is(201)["service_profile"]["id"]);
        (await server.PostAsync($"/v2.0/flavors/{flavor}/service_profiles", tie))
            .Error(409, "FlavorServiceProfileBindingExists");
        Assert.Equal([profile], Texts((await server.GetAsync($"/v2.0/flavors/{flavor}")).Is(200)["flavor"]));
        var next = (await server.GetAsync($"/v2.0/flavors/{flavor}/next_providers")).Is(200)["next_providers"][0]!;
        Assert.Equal(("dvr", dvr), ((string)next["provider"]!, (string)next["driver"]!));

        (await RouterAsync(flavor, """, "ha": true""")).Error(400, "InvalidInput");
        var router = (await RouterAsync(flavor)).Is(201)["router"];
        Assert.Equal(
            (flavor, true, false),
            ((string)router["flavor_id"]!, (bool)router["distributed"]!, (bool)router["ha"]!));
        var central = """{"router": {"distributed": false, "admin_state_up": false}}""";
        (await server.PutAsync($"/v2.0/routers/{router["id"]}", central)).Error(400, "InvalidInput");

        (await server.DeleteAsync($"/v2.0/flavors/{flavor}")).Error(409, "FlavorInUse");
        var disable = """{"service_profile": {"enabled": false}}""";
        (await server.PutAsync($"/v2.0/service_profiles/{profile}", disable)).Error(409, "ServiceProfileInUse");
        (await server.DeleteAsync($"/v2.0/service_profiles/{profile}")).Error(409, "ServiceProfileInUse");
        (await server.DeleteAsync($"/v2.0/flavors/{flavor}/service_profiles/{profile}")).Is(204);
        (await server.DeleteAsync($"/v2.0/flavors/{flavor}/service_profiles/{profile}"))
            .Error(404, "FlavorServiceProfileBindingNotFound");
        (await server.PutAsync($"/v2.0/service_profiles/{profile}", disable)).Is(200);
        (await server.DeleteAsync($"/v2.0/routers/{router["id"]}")).Is(204);
        (await server.PutAsync(
            $"/v2.0/flavors/{flavor}", $$$"""{"flavor": {"service_profiles": ["{{{profile}}}"]}}""")).Is(200);
        (await RouterAsync(flavor)).Error(503, "ServiceProfileDisabled");
        (await server.DeleteAsync($"/v2.0/flavors/{flavor}")).Is(204);
        (await server.DeleteAsync($"/v2.0/service_profiles/{profile}")).Is(204);
    }

    [Theory]
    [InlineData("""{"driver": "nobody"}""", 404, "ServiceProfileDriverNotFound")]
    [InlineData("""{"description": "nothing"}""", 400, "ServiceProfileEmpty")]
    [InlineData("""{"metainfo": {"data": "value"}}""", 400, "HTTPBadRequest")]
    [InlineData("""{"flavors": []}""", 400, "HTTPBadRequest")]
    public async Task A_profile_that_means_nothing_is_refused(string profile, int status, string type)
    {
        var answer = await server.PostAsync("/v2.0/service_profiles", $$"""{"service_profile": {{profile}}}""");
        answer.Error(status, type);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_makes_up_no_flavor()
    {
        var flavor = await FlavorAsync("empty");
        (await server.PostAsync(
            $"/v2.0/flavors/{flavor}/service_profiles", $$$"""{"service_profile": {"id": "{{{flavor}}}"}}"""))
            .Error(404, "ServiceProfileNotFound");
        (await server.PutAsync(
            $"/v2.0/flavors/{flavor}", $$$"""{"flavor": {"service_profiles": ["{{{flavor}}}"]}}"""))
            .Error(404, "ServiceProfileNotFound");
        (await server.PostAsync($"/v2.0/flavors/{flavor}/service_profiles", """{"service_profile": {"id": "x"}}"""))
            .Error(400, "HTTPBadRequest");
        (await RouterAsync("no-such-flavor")).Error(404, "FlavorNotFound");
    }

    private static IEnumerable<string> Texts(JsonNode flavor) =>
        flavor["service_profiles"]!.AsArray().Select(id => (string)id!);

    private async Task<string> FlavorAsync(string name)
    {
        var flavor = $$$"""{"flavor": {"name": "{{{name}}}", "service_type": "L3_ROUTER_NAT", "tenant_id": "x"}}""";
        return (string)(await server.PostAsync("/v2.0/flavors", flavor)).Is(201)["flavor"]["id"]!;
    }

    private async Task<string> ProfileAsync(string attributes)
    {
        var made = await server.PostAsync("/v2.0/service_profiles", $$"""{"service_profile": {{attributes}}}""");
        var profile = made.Is(201)["service_profile"].AsObject();
        Assert.Equal(
            ["description", "driver", "enabled", "id", "metainfo"], profile.Select(member => member.Key).Order());
        return (string)profile["id"]!;
    }

    private Task<Answer> RouterAsync(string flavor, string more = "") =>
        server.PostAsync("/v2.0/routers", $$"""{"router": {"flavor_id": "{{flavor}}"{{more}} } }""");
}

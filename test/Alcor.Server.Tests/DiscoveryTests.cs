using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

public sealed class DiscoveryTests(RunningServer server) : IClassFixture<RunningServer>
{
    private string Root => server.Http.BaseAddress!.ToString().TrimEnd('/');

    [Fact]
    public async Task The_root_names_the_version()
    {
        var version = Assert.Single((await server.GetAsync("/")).Is(200)["versions"].AsArray())!;
        Assert.Equal("v2.0", (string?)version["id"]);
        Assert.Equal("CURRENT", (string?)version["status"]);
        Assert.Equal($"{Root}/v2.0/", (string?)version["links"]![0]!["href"]);
    }

    [Theory]
    [InlineData("/v2.0")]
    [InlineData("/v2.0/")]
    public async Task The_version_names_the_collections_and_their_addresses_answer(string path)
    {
        var resources = (await server.GetAsync(path)).Is(200)["resources"].AsArray();
        var names = resources.Select(resource => (string)resource!["collection"]!).ToList();
        Assert.Subset(names.ToHashSet(), new HashSet<string>(["networks", "subnets", "ports", "agents"]));
        foreach (var resource in resources)
        {
            var href = (string)resource!["links"]![0]!["href"]!;
            Assert.NotNull((await server.GetAsync(href)).Is(200).Json![(string)resource["collection"]!]);
        }
    }

    [Fact]
    public async Task Every_extension_is_listed_and_shown()
    {
        var extensions = (await server.GetAsync("/v2.0/extensions")).Is(200)["extensions"].AsArray();
        var aliases = extensions.Select(extension => (string)extension!["alias"]!).ToList();
        Assert.Equal(aliases.Distinct(), aliases);
        Assert.Superset(new HashSet<string> { "agent", "binding", "pagination", "project-id" }, aliases.ToHashSet());
        foreach (var extension in extensions)
        {
            Assert.Equal(
                ["alias", "name", "description", "updated", "links"],
                extension!.AsObject().Select(member => member.Key));
            var shown = await server.GetAsync($"/v2.0/extensions/{extension["alias"]}");
            Assert.True(JsonNode.DeepEquals(extension, shown.Is(200)["extension"]));
        }
    }

    [Fact]
    public async Task An_extension_that_is_not_there_is_not_found() =>
        (await server.GetAsync("/v2.0/extensions/vpnaas")).Error(404, "HTTPNotFound");

    [Fact]
    public async Task The_documentation_page_and_all_it_loads_come_from_this_process()
    {
        var page = await ReadAsync("/docs/index.html");
        var assets = page.Split(["src=\"", "href=\""], StringSplitOptions.None)[1..]
            .Select(text => text[..text.IndexOf('"', StringComparison.Ordinal)])
            .ToList();
        Assert.True(assets.Count >= 5, page);
        foreach (var asset in assets)
        {
            Assert.DoesNotContain("//", asset, StringComparison.Ordinal);
            Assert.NotEmpty(await ReadAsync(new Uri(new Uri("http://page/docs/"), asset).AbsolutePath));
        }
        var script = await ReadAsync("/docs/index.js");
        Assert.Contains("/openapi/neutron.json", script, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("validator.swagger.io", script, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", await ReadAsync("/docs/swagger-ui.css"), StringComparison.Ordinal);
        Assert.Equal(page, await ReadAsync("/docs"));
    }

    private Task<string> ReadAsync(string path) =>
        server.Http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}

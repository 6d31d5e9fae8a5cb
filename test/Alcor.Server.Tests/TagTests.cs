namespace Alcor.Server.Tests;

/// <summary>Tags of resources, one by one and all together, and the four ways to select by them.</summary>
public sealed class TagTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Tags_are_replaced_added_and_removed()
    {
        var path = $"/v2.0/networks/{await server.CreateNetworkAsync()}/tags";
        var replaced = await server.PutAsync(path, """{"tags": ["red", "blue", "red"]}""");
        Assert.Equal(["blue", "red"], Tags(replaced.Is(200)));
        (await server.SendAsync(HttpMethod.Put, $"{path}/green", body: null)).Is(201);
        (await server.GetAsync($"{path}/green")).Is(204);
        (await server.GetAsync($"{path}/white")).Error(404, "TagNotFound");
        (await server.DeleteAsync($"{path}/red")).Is(204);
        (await server.DeleteAsync($"{path}/red")).Error(404, "TagNotFound");
        Assert.Equal(["blue", "green"], Tags((await server.GetAsync(path)).Is(200)));
        (await server.DeleteAsync(path)).Is(204);
        Assert.Empty(Tags((await server.GetAsync(path)).Is(200)));
    }

    [Fact]
    public async Task A_tag_is_a_short_word()
    {
        var path = $"/v2.0/networks/{await server.CreateNetworkAsync()}/tags";
        (await server.PutAsync(path, """{"tags": "red"}""")).Error(400, "HTTPBadRequest");
        (await server.PutAsync(path, "{}")).Error(400, "InvalidTagBody");
        (await server.PutAsync(path, $$"""{"tags": ["{{new string('x', 61)}}"]}""")).Error(400, "HTTPBadRequest");
        (await server.PutAsync("/v2.0/networks/none/tags", """{"tags": []}""")).Error(404, "NetworkNotFound");
        (await server.PutAsync(path, """{"tags": []}""", ifMatch: "revision_number=77"))
            .Error(412, "RevisionNumberConstraintFailed");
    }

    [Fact]
    public async Task A_new_tag_is_a_change_of_its_resource()
    {
        var id = await server.CreateNetworkAsync();
        var before = (await server.GetAsync($"/v2.0/networks/{id}")).Is(200)["network"];
        (await server.PutAsync($"/v2.0/networks/{id}/tags", """{"tags": ["red"]}""")).Is(200);
        var after = (await server.GetAsync($"/v2.0/networks/{id}")).Is(200)["network"];
        Assert.True((long)before["revision_number"]! < (long)after["revision_number"]!);
    }

    [Theory]
    [InlineData("tags=red", "rg,r")]
    [InlineData("tags=red,green", "rg")]
    [InlineData("tags-any=red,green", "rg,r,g")]
    [InlineData("not-tags=red,green", "r,g,none")]
    [InlineData("not-tags-any=red,green", "none")]
    [InlineData("tags=red&not-tags=green", "r")]
    public async Task Lists_select_by_tags_in_four_ways(string query, string expected)
    {
        await using var own = new RunningServer();
        await own.InitializeAsync();
        (string Name, string Tags)[] networks =
            [("rg", "\"red\", \"green\""), ("r", "\"red\""), ("g", "\"green\""), ("none", "")];
        foreach (var (name, tags) in networks)
        {
            var id = await own.CreateNetworkAsync(name);
            (await own.PutAsync($"/v2.0/networks/{id}/tags", $$"""{"tags": [{{tags}}]}""")).Is(200);
        }
        Assert.Equal(expected.Split(',').Order(), (await own.ListAsync($"/v2.0/networks?{query}", "name")).Order());
    }

    private static IEnumerable<string> Tags(Answer answer) => answer["tags"].AsArray().Select(tag => (string)tag!);
}

using System.Text.Json.Nodes;

namespace Alcor.Server.Tests;

/// <summary>Projection, order and pages of lists, over one network with ten ports.</summary>
public sealed class ListPageTests(RunningServer server) : IClassFixture<RunningServer>, IAsyncLifetime
{
    private const int Count = 10;
    private string network = "";

    public async ValueTask InitializeAsync()
    {
        network = await server.CreateNetworkAsync();
        for (var i = 0; i < Count; i++)
        {
            await server.CreateAsync("port", new JsonObject
            {
                ["network_id"] = network,
                ["name"] = $"name{i * 7 % Count}",
                ["device_id"] = i % 2 == 0 ? "even" : "odd",
                ["mac_address"] = $"fa:16:3e:00:00:{i * 3 % Count:x2}",
            });
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Fields_say_what_is_shown()
    {
        const string fields = "fields=mac_address&fields=id&fields=unheard_of";
        var answer = await server.GetAsync($"/v2.0/ports?network_id={network}&{fields}");
        foreach (var port in answer["ports"].AsArray())
            Assert.Equal(["id", "mac_address"], port!.AsObject().Select(member => member.Key));
        var one = await server.GetAsync($"/v2.0/networks/{network}?fields=name");
        Assert.Equal("""{"network":{"name":"net"}}""", one.Json!.ToJsonString());
        var all = await server.GetAsync($"/v2.0/networks/{network}?fields=");
        Assert.Equal(network, (string?)all["network"]["id"]);
    }

    [Fact]
    public async Task Without_a_sort_key_the_order_is_by_id()
    {
        var ids = await server.ListAsync("/v2.0/ports", "id");
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData("sort_key=name&sort_dir=asc", "name0 name1 name2 name3 name4 name5 name6 name7 name8 name9")]
    [InlineData("sort_key=name&sort_dir=desc", "name9 name8 name7 name6 name5 name4 name3 name2 name1 name0")]
    [InlineData(
        "sort_key=device_id&sort_dir=desc&sort_key=name&sort_dir=asc",
        "name1 name3 name5 name7 name9 name0 name2 name4 name6 name8")]
    [InlineData("sort_key=mac_address&sort_dir=asc&limit=3", "name0 name9 name8")]
    public async Task Sort_keys_order(string query, string names) =>
        Assert.Equal(
            names, string.Join(' ', await server.ListAsync($"/v2.0/ports?network_id={network}&{query}", "name")));

    [Theory]
    [InlineData("sort_key=name", "number of sort_keys and sort_dirs must be same")]
    [InlineData("sort_key=foo&sort_dir=asc", "['foo'] is invalid attribute for sort_keys")]
    [InlineData("sort_key=fixed_ips&sort_dir=asc", "['fixed_ips'] is invalid attribute for sort_keys")]
    [InlineData("sort_key=name&sort_dir=up", "['up'] is invalid value for sort_dirs")]
    public async Task Orders_that_make_no_sense_are_refused(string query, string message) =>
        Assert.Contains(message, (await server.GetAsync($"/v2.0/ports?{query}")).Error(400), StringComparison.Ordinal);

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    public async Task Limits_that_make_no_sense_are_refused(string limit) =>
        Assert.Equal(
            $"Bad limit request: Limit must be an integer 0 or greater and not '{limit}'.",
            (await server.GetAsync($"/v2.0/ports?limit={limit}")).Error(400, "BadRequest"));

    [Theory]
    [InlineData("", 3)]
    [InlineData("", 1)]
    [InlineData("", 5)]
    [InlineData("", 10)]
    [InlineData("", 100)]
    [InlineData("&device_id=odd", 2)]
    [InlineData("&admin_state_up=true", 4)]
    [InlineData("&sort_key=name&sort_dir=desc", 3)]
    [InlineData("&sort_key=device_id&sort_dir=asc", 3)]
    [InlineData("&sort_key=id&sort_dir=desc", 4)]
    public async Task Following_next_shows_everything_once_and_previous_leads_back(string query, int limit)
    {
        var path = $"/v2.0/ports?network_id={network}{query}";
        var whole = await server.ListAsync(path, "id");
        var pages = new List<List<string>>();
        var href = $"{path}&limit={limit}";
        JsonNode? links = null;
        while (href is not null)
        {
            var answer = (await server.GetAsync(href)).Is(200);
            pages.Add([.. answer["ports"].AsArray().Select(port => (string)port!["id"]!)]);
            links = answer.Json!["ports_links"];
            href = Link(links, "next");
        }
        Assert.Equal(whole, pages.SelectMany(page => page));
        // A full page is taken to have another one behind it, as in Neutron: it may be empty.
        Assert.Equal(whole.Count / limit + 1, pages.Count);
        for (var back = pages.Count - 2; back >= 0; back--)
        {
            var answer = (await server.GetAsync(Link(links, "previous")!)).Is(200);
            links = answer.Json!["ports_links"];
            Assert.Equal(pages[back], answer["ports"].AsArray().Select(port => (string)port!["id"]!));
        }
        var front = (await server.GetAsync(Link(links, "previous")!)).Is(200);
        Assert.Empty(front["ports"].AsArray());
        Assert.Null(Link(front.Json!["ports_links"], "previous"));
    }

    [Fact]
    public async Task All_of_a_type_is_paged_straight_from_the_store()
    {
        var whole = await server.ListAsync("/v2.0/ports", "id");
        var page = await server.GetAsync($"/v2.0/ports?limit=2&marker={whole[0]}");
        Assert.Equal(whole[1..3], page["ports"].AsArray().Select(port => (string)port!["id"]!));
    }

    [Fact]
    public async Task A_marker_alone_begins_behind_it_and_zero_is_no_limit()
    {
        var path = $"/v2.0/ports?network_id={network}";
        var whole = await server.ListAsync(path, "id");
        Assert.Equal(whole[6..], await server.ListAsync($"{path}&marker={whole[5]}&limit=0", "id"));
    }

    [Fact]
    public async Task A_reversed_page_without_a_marker_is_the_last_one()
    {
        var whole = await server.ListAsync($"/v2.0/ports?network_id={network}", "id");
        var page = await server.GetAsync($"/v2.0/ports?network_id={network}&limit=3&page_reverse=True");
        Assert.Equal(whole[7..], page["ports"].AsArray().Select(port => (string)port!["id"]!));
        var behind = (await server.GetAsync(Link(page.Json!["ports_links"], "next")!)).Is(200);
        Assert.Empty(behind["ports"].AsArray());
    }

    [Fact]
    public async Task An_unknown_marker_is_not_found() =>
        (await server.GetAsync($"/v2.0/ports?limit=2&marker={Guid.Empty}")).Error(404, "PortNotFound");

    [Fact]
    public async Task A_list_without_a_limit_has_no_links() =>
        Assert.Equal(["ports"], (await server.GetAsync("/v2.0/ports")).Json!.AsObject().Select(member => member.Key));

    private static string? Link(JsonNode? links, string relation) =>
        (string?)links?.AsArray().FirstOrDefault(link => (string?)link!["rel"] == relation)?["href"];
}

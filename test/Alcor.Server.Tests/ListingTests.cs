using System.Text.Json.Serialization;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Server.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Alcor.Server.Tests;

/// <summary>Something in a box, with an owner who shows it to others.</summary>
internal sealed record Thing(string Id, string Box, string Colour, string ProjectId, string[] ShownTo)
{
    public static readonly ResourceType<Thing> Type = new("thing", "things")
    {
        Json = ThingJson.Default.Thing,
        Id = thing => thing.Id,
        Partition = _ => PartitionKey.Pool("things"),
        References = thing => [new ResourceKey("box", thing.Box)],
        IndexedBy = [("colour", thing => [thing.Colour])],
        ListedByReference = [("box", "box")],
        VisibleTo = thing => [thing.ProjectId, .. thing.ShownTo],
        Attributes =
        [
            Text("id", thing => thing.Id), Text("box", thing => thing.Box), Text("colour", thing => thing.Colour),
            Text("project_id", thing => thing.ProjectId), Text("tenant_id", thing => thing.ProjectId),
        ],
    };

    private static Attribute<Thing, string> Text(string name, Func<Thing, string> read) =>
        new(name, Schemas.Text(5_000), "A text.") { Read = thing => read(thing.Value) };
}

[JsonSerializable(typeof(Thing))]
internal sealed partial class ThingJson : JsonSerializerContext;

/// <summary>Lists as a caller sees them, against all things looked at one by one.</summary>
public sealed class ListingTests : IAsyncLifetime
{
    private static readonly string[] Projects = ["", "a", "b", "c"];
    // So few that many things share a place.
    private readonly DecodedResources decoded = new(16);

    private static readonly ApiCollection Things = new(new Catalog(Thing.Type), Thing.Type, null, "v2.0");

    private readonly InterceptedStore store = new();
    private readonly List<ListQuery?> reads = [];
    private readonly List<Thing> all = [];

    public ValueTask InitializeAsync()
    {
        store.BeforeRead = reads.Add;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_list_is_what_a_look_at_everything_finds()
    {
        var random = Seed.For(nameof(A_list_is_what_a_look_at_everything_finds));
        await FillAsync(Enumerable.Range(0, 150).Select(i => Any(random, i)));
        string[] filters =
        [
            "", "id=t001&id=t050&id=t149&id=x", "colour=red", "colour=red&colour=blue", "box=1", "box=1&box=2&box=9",
            "box=1&colour=red", "colour=", "box=", "project_id=a", "tenant_id=b&tenant_id=c", "project_id=",
            $"colour={new string('x', 2_000)}",
        ];
        foreach (var filter in filters)
        {
            foreach (var viewer in Projects.Append(null).Append("d"))
            {
                var marker = random.Next(2) == 0 ? null : $"t{random.Next(150):D3}";
                int? limit = random.Next(2) == 0 ? null : random.Next(1, 40);
                await AssertListAsync(filter, viewer, marker, limit);
            }
        }
    }

    [Fact]
    public async Task A_page_of_what_a_project_sees_reads_a_page_of_its_own_and_of_everybodys()
    {
        await FillAsync(Enumerable.Range(0, 100).Select(i => Of(i, i % 2 == 0 ? "a" : "b", i % 4 == 1 ? ["*"] : [])));
        Assert.Equal(
            ["t010", "t012", "t013"], await IdsAsync("", "a", marker: "t009", limit: 3));
        Assert.Equal(["thing.visible_to=a after t009: 4", "thing.visible_to=* after t009: 4"], Reads());
    }

    [Fact]
    public async Task What_is_shown_to_a_project_and_to_everybody_is_listed_once()
    {
        await FillAsync([Of(1, "a", ["*", "b", "b", "a"]), Of(2, "b", [""]), Of(3, "", ["b"])]);
        Assert.Equal(["t001", "t002", "t003"], await IdsAsync("", "b"));
        Assert.Equal(["t001"], await IdsAsync("", "a"));
        Assert.Equal(["t001"], await IdsAsync("", ""));
    }

    [Theory]
    [InlineData("colour=red", "t001 t003", "thing.colour=red after : 1000")]
    [InlineData("box=1&project_id=a", "t001", "box/1 after : 1000")]
    [InlineData("box=1&colour=red", "t001 t003", "thing.colour=red after : 1000")]
    [InlineData("id=t002&id=t003", "t003", "one one")]
    public async Task A_filter_that_finds_less_is_preferred_and_each_row_looked_at(
        string filter, string ids, string reading)
    {
        await FillAsync([Of(1, "a", []), Of(2, "b", []), Of(3, "b", ["a"])]);
        Assert.Equal(ids, string.Join(' ', await IdsAsync(filter, "a")));
        Assert.Equal(reading, string.Join(' ', Reads()));
    }

    [Theory]
    [InlineData("fixed_ips=ip_address=10.0.0.7", "port.fixed_ips.ip_address=10.0.0.7 after : 1000")]
    [InlineData("fixed_ips=subnet_id=s&fixed_ips=subnet_id=t", "subnet/s after : 500 subnet/t after : 500")]
    [InlineData(
        "fixed_ips=subnet_id=s&fixed_ips=ip_address=10.0.0.7", "port.fixed_ips.ip_address=10.0.0.7 after : 1000")]
    [InlineData("fixed_ips=ip_address_substr=10.0&limit=1", " after : 1000")]
    public async Task Ports_are_found_by_their_addresses_without_a_look_at_all(string query, string reading)
    {
        var ports = new ApiCollection(
            Alcor.Network.NetworkCatalog.Types, Alcor.Network.Ports.Port.Type, null, "v2.0");
        var request = ListRequest.Parse(ports, new QueryCollection(QueryHelpers.ParseQuery(query))).Value;
        await foreach (var _ in new Listing(store, decoded, ports, request, rows: null)
            .RunAsync(marker: null, TestContext.Current.CancellationToken))
            Assert.Fail("there are no ports");
        Assert.Equal(reading, string.Join(' ', Reads()));
    }

    [Fact]
    public async Task What_a_project_owns_is_found_among_what_it_sees()
    {
        await FillAsync([Of(1, "a", ["b"]), Of(2, "b", []), Of(3, "a", [])]);
        Assert.Equal(["t002"], await IdsAsync("tenant_id=b", viewer: null));
        Assert.Equal(["thing.visible_to=b after : 1000"], Reads());
    }

    [Fact]
    public async Task Many_sources_share_what_a_list_holds_in_memory()
    {
        await FillAsync(Enumerable.Range(0, 100).Select(i => Of(i, "a", []) with { Box = $"{i % 50}" }));
        var boxes = string.Join('&', Enumerable.Range(0, 100).Select(i => $"box={i}"));
        Assert.Equal(100, (await IdsAsync(boxes, viewer: null)).Count);
        Assert.All(reads, read => Assert.Equal(ServerLimits.ListReadMin, read!.Limit));
        Assert.Equal(100, reads.Count);
    }

    [Fact]
    public async Task A_list_goes_on_behind_a_portion()
    {
        var count = (2 * ServerLimits.ListReadMax) + 3;
        await FillAsync(Enumerable.Range(0, count).Select(i => Of(i, i % 3 == 0 ? "a" : "b", ["*"])));
        Assert.Equal(count, (await IdsAsync("", "a")).Count);
        Assert.Equal(count, (await IdsAsync("box=1", viewer: null)).Count);
    }

    private static Thing Of(int number, string project, string[] shownTo) =>
        new($"t{number:D3}", "1", "red", project, shownTo);

    private static Thing Any(Random random, int number)
    {
        var shownTo = Enumerable.Range(0, random.Next(4)).Select(_ => Projects[random.Next(Projects.Length)]);
        var thing = Of(number, Projects[random.Next(Projects.Length)], [.. shownTo]);
        return thing with
        {
            ShownTo = random.Next(8) == 0 ? [.. thing.ShownTo, "*"] : thing.ShownTo,
            Box = $"{random.Next(1, 4)}",
            Colour = random.Next(3) switch { 0 => "red", 1 => "blue", _ => "" },
        };
    }

    private static bool IsSeen(Thing thing, string? viewer) => viewer is null
        || thing.ShownTo.Append(thing.ProjectId).Any(one => one == "*" || (one == viewer && viewer.Length > 0));

    private async Task FillAsync(IEnumerable<Thing> things)
    {
        all.AddRange(things);
        var writes = all.Select(Thing.Type.ToWrite).ToList();
        var results = await store.CommitAsync([new Transaction(writes, [])], TestContext.Current.CancellationToken);
        Assert.IsType<CommitResult.Committed>(results.Single());
        reads.Clear();
    }

    private async Task AssertListAsync(string filter, string? viewer, string? marker, int? limit)
    {
        var request = ListRequest.Parse(Things, new QueryCollection(QueryHelpers.ParseQuery(filter))).Value;
        var expected = all
            .Where(thing => IsSeen(thing, viewer))
            .Where(thing => request.Filters.All(one => one.Matches(new Stamped<object>(thing, 1))))
            .Select(thing => thing.Id)
            .Where(id => marker is null || string.CompareOrdinal(id, marker) > 0)
            .Take(limit ?? int.MaxValue)
            .ToList();
        var found = await IdsAsync(filter, viewer, marker, limit);
        Assert.True(
            expected.SequenceEqual(found),
            $"'{filter}' for {viewer} after {marker}, {limit}: {string.Join(' ', found)}, "
            + $"expected {string.Join(' ', expected)}");
    }

    private async Task<List<string>> IdsAsync(string filter, string? viewer, string? marker = null, int? limit = null)
    {
        var query = string.Join('&', new[] { filter, $"marker={marker}", $"limit={limit ?? 0}" });
        var request = ListRequest.Parse(Things, new QueryCollection(QueryHelpers.ParseQuery(query))).Value;
        var listing = new Listing(store, decoded, Things, request with { VisibleTo = viewer }, rows: null);
        var ids = new List<string>();
        await foreach (var found in listing.RunAsync(null, TestContext.Current.CancellationToken))
            ids.Add(((Thing)found.Value).Id);
        return ids;
    }

    private IEnumerable<string> Reads() => reads.Select(read => read is null
        ? "one"
        : $"{(read.Index is { } entry ? $"{entry.Name}={entry.Value}" : $"{read.RefersTo}")} after {read.After}: "
            + $"{read.Limit}");
}

using System.Text;
using Alcor.Kernel.Store;
using static Alcor.Storage.Tests.Conformance.Words;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>What reads and subscribers are promised, by name.</summary>
public sealed class ReadTests
{
    public static TheoryData<StoreKind> Kinds => StoreUnderTest.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_unknown_partition_is_empty_at_revision_zero(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        Assert.Equal("network/red:0", Text(await opened.Store.SnapshotAsync(Red, Token)));
        Assert.Equal("network/red:0", Text(await opened.Store.ChangesAsync(Red, 5, Token)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_partition_keeps_its_revision_when_all_its_resources_are_gone(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        await opened.Store.CommitAsync(Of(Put(Port("1"), Red)));
        await opened.Store.CommitAsync(Of(Write.Tombstone(Port("1"), Red)));
        Assert.Equal("network/red:2", Text(await opened.Store.SnapshotAsync(Red, Token)));
        Assert.Equal("committed network/red:3", await opened.Store.CommitAsync(Of(Put(Port("1"), Red))));
        var changes = await opened.Store.ChangesAsync(Red, 1, Token);
        Assert.Equal("network/red:3\nport/1:3 -> port/1 in network/red:3 = v", Text(changes));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_tombstone_of_nothing_is_a_change_all_the_same(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        await opened.Store.CommitAsync(Of(Write.Tombstone(Port("1"), Red)));
        var changes = await opened.Store.ChangesAsync(Red, 0, Token);
        Assert.Equal("network/red:1\nport/1:1 -> gone", Text(changes));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_list_ends_at_its_type_and_goes_on_behind_an_id(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var colour = new IndexEntry("colour", "");
        ResourceKey[] keys =
            [Port("a"), Port("b/c"), Port("c"), new("port0", "x"), new("por", "t"), new("port.", "y")];
        await opened.Store.CommitAsync(Of([.. keys.Select(key => Put(key, Red).Under(colour))]));
        Assert.Equal(["a", "b/c", "c"], await IdsAsync(ListQuery.All("port")));
        Assert.Equal(["b/c", "c"], await IdsAsync(ListQuery.All("port") with { After = "a" }));
        Assert.Equal(["b/c"], await IdsAsync(ListQuery.By("port", "colour", "") with { After = "a", Limit = 1 }));
        Assert.Equal(["a"], await IdsAsync(new ListQuery("port", colour, "", 1)));
        Assert.Empty(await IdsAsync(ListQuery.By("port", "colour", "red")));
        await Assert.ThrowsAsync<ArgumentException>(() => IdsAsync(ListQuery.All("port") with { Limit = 0 }));

        async Task<IEnumerable<string>> IdsAsync(ListQuery query) =>
            (await opened.Store.ListAsync(query, Token)).Select(one => one.Key.Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_refers_to_a_resource_is_listed_by_type_in_order_of_id(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var target = new ResourceKey("network", "n");
        ResourceKey[] keys = [Port("c"), Port("a"), new("port0", "b"), new("por", "b"), new("port.", "b"), Port("b/c")];
        await opened.Store.CommitAsync(Of([.. keys.Select(key => Put(key, Red).Needing(target)), Put(Port("d"), Red)]));
        var query = ListQuery.To(target, "port");
        Assert.Equal(["a", "b/c", "c"], await IdsAsync(query));
        Assert.Equal(["b/c"], await IdsAsync(query with { After = "a", Limit = 1 }));
        Assert.Equal(["b/c", "c"], await IdsAsync(query with { After = "b" }));
        Assert.Empty(await IdsAsync(query with { RefersTo = Port("a") }));
        await opened.Store.CommitAsync(Of(Put(Port("a"), Red), Write.Tombstone(Port("c"), Red)));
        Assert.Equal(["b/c"], await IdsAsync(query));
        foreach (var bad in new[]
        {
            query with { RefersTo = new ResourceKey("a/b", "c") }, query with { Index = new IndexEntry("name", "x") },
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => IdsAsync(bad));
        }

        async Task<IEnumerable<string>> IdsAsync(ListQuery wanted) =>
            (await opened.Store.ListAsync(wanted, Token)).Select(one => one.Key.Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_value_is_kept_although_the_caller_fills_its_buffer_again(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var buffer = Encoding.UTF8.GetBytes("before");
        await opened.Store.CommitAsync(Of(Put(Port("1"), Red) with { Value = buffer }));
        buffer.AsSpan().Fill((byte)'x');
        var stored = await opened.Store.GetAsync(Port("1"), Token);
        Assert.Equal("port/1 in network/red:1 = before", Text(stored));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Subscribers_are_told_in_commit_order_before_the_committer_until_they_leave(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var told = new List<string>();
        var subscription = opened.Store.Subscribe(revision => told.Add(Text(revision)));
        var both = Of(Put(Port("1"), Red), Put(Port("2"), Blue));
        var refused = both.If(new Guard.Exists(Port("9")));
        await opened.Store.CommitAsync([both, refused, Of(Put(Port("1"), Red))], Token);
        string[] expected = ["network/blue:1", "network/red:1", "network/red:2"];
        Assert.Equal(expected, told);
        subscription.Dispose();
        await opened.Store.CommitAsync(both);
        Assert.Equal(expected, told);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_cancelled_call_does_nothing(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var cancelled = new CancellationToken(canceled: true);
        var one = Of(Put(Port("1"), Red));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await opened.Store.CommitAsync([one], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await opened.Store.GetAsync(Port("1"), cancelled));
        Assert.Null(await opened.Store.GetAsync(Port("1"), Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Concurrent_committers_get_every_revision_once_and_readers_see_whole_commits(StoreKind kind)
    {
        const int Callers = 8;
        const int Each = 25;
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var told = new List<long>();
        using var subscription = opened.Store.Subscribe(revision => told.Add(revision.Revision));
        var committers = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var value = $"{caller} {i}";
                var pair = Of(Put(Port("1"), Red, value), Put(Port("2"), Red, value));
                Assert.StartsWith("committed", await opened.Store.CommitAsync(pair));
            }
        })).ToList();
        var all = Task.WhenAll(committers);
        do
        {
            var resources = (await opened.Store.SnapshotAsync(Red, Token)).Resources;
            Assert.Single(resources.Select(Value).DefaultIfEmpty("").Distinct());
        }
        while (!all.IsCompleted);
        await all;
        Assert.Equal(Enumerable.Range(1, Callers * Each).Select(one => (long)one), told);
    }
}

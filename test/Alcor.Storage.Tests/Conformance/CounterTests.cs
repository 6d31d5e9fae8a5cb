using Alcor.Kernel;
using Alcor.Kernel.Store;
using static Alcor.Storage.Tests.Conformance.Words;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>What counters promise, by name.</summary>
public sealed class CounterTests
{
    private const string Key = "quota/a/port";

    public static TheoryData<StoreKind> Kinds => StoreUnderTest.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_counter_grows_to_its_limit_and_no_further(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var two = Of(Put(Port("1"), Red)).Counting(new CounterChange(Key, 2, 3));
        Assert.Equal("committed network/red:1", await opened.Store.CommitAsync(two));
        Assert.Equal($"refused {Key} is 2 of 3", await opened.Store.CommitAsync(two));
        var one = Of(Put(Port("2"), Red)).Counting(new CounterChange(Key, 1, 3));
        Assert.Equal("committed network/red:2", await opened.Store.CommitAsync(one));
        Assert.Equal($"refused {Key} is 3 of 3", await opened.Store.CommitAsync(one));
        Assert.Equal([new Counter(Key, 3)], await opened.Store.CountsAsync("quota/", Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_limit_holds_nobody_who_shrinks_or_has_none(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var results = await opened.Store.CommitAsync(
            [
                Of().Counting(new CounterChange(Key, 5, null)), Of().Counting(new CounterChange(Key, -1, 0)),
                Of().Counting(new CounterChange(Key, 0, 0)), Of().Counting(new CounterChange(Key, 1, 0)),
            ],
            Token);
        Assert.Equal(
            ["committed ", "committed ", "committed ", $"refused {Key} is 4 of 0"], results.Select(Text));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_refused_transaction_counts_nothing_and_comes_to_counters_last(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        await opened.Store.CommitAsync(Of(Put(Port("1"), Red).Claiming(Address(1))));
        var over = new CounterChange("quota/b/port", 1, 0);
        var both = Of(Put(Port("2"), Red).Claiming(Address(1))).Counting(new CounterChange(Key, 1, null), over);
        Assert.Equal("refused subnet/a/00000001 claimed by port/1", await opened.Store.CommitAsync(both));
        var free = both with { Writes = [Put(Port("2"), Red)] };
        Assert.Equal("refused quota/b/port is 0 of 0", await opened.Store.CommitAsync(free));
        Assert.Empty(await opened.Store.CountsAsync("", Token));
        Assert.Null(await opened.Store.GetAsync(Port("2"), Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_counter_that_would_fall_below_zero_is_our_mistake(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        await opened.Store.CommitAsync(Of().Counting(new CounterChange(Key, 1, null)));
        var two = Of(Put(Port("1"), Red)).Counting(new CounterChange(Key, -2, null));
        await Assert.ThrowsAsync<InvariantException>(() => opened.Store.CommitAsync(two));
        Assert.Null(await opened.Store.GetAsync(Port("1"), Token));
        Assert.Equal([new Counter(Key, 1)], await opened.Store.CountsAsync("", Token));
        await opened.Store.CommitAsync(Of().Counting(new CounterChange(Key, -1, null)));
        Assert.Empty(await opened.Store.CountsAsync("", Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_prefix_ends_where_another_begins(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        string[] keys = ["a", "a/", "a/é", "a/\uffff", "a0", "ab", "b"];
        await opened.Store.CommitAsync(Of().Counting([.. keys.Select(key => new CounterChange(key, 1, null))]));
        Assert.Equal(["a/", "a/é", "a/\uffff"], await KeysAsync("a/"));
        Assert.Equal(keys, await KeysAsync(""));
        Assert.Empty(await KeysAsync("c"));
        var tooLong = new string('x', StoreLimits.KeyCharsMax + 1);
        await Assert.ThrowsAsync<ArgumentException>(() => KeysAsync(tooLong));

        async Task<IEnumerable<string>> KeysAsync(string prefix) =>
            (await opened.Store.CountsAsync(prefix, Token)).Select(one => one.Key);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_malformed_count_is_refused_with_the_whole_call(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var good = new CounterChange(Key, 1, null);
        foreach (var bad in new[] { good with { Key = "" }, good with { Limit = -1 }, good with { Delta = 2 } })
        {
            await Assert.ThrowsAsync<ArgumentException>(
                () => opened.Store.CommitAsync(Of(Put(Port("1"), Red)).Counting(good, bad)));
        }

        Assert.Equal(0, (await opened.Store.SnapshotAsync(Red, Token)).Revision);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Concurrent_committers_reach_a_limit_exactly(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            opened.Store.CommitAsync(Of(Put(Port($"{i}"), Red)).Counting(new CounterChange(Key, 1, 25))))));
        Assert.Equal(25, outcomes.Count(outcome => outcome.StartsWith("committed", StringComparison.Ordinal)));
        Assert.Equal([new Counter(Key, 25)], await opened.Store.CountsAsync("", Token));
        Assert.Equal(25, (await opened.Store.SnapshotAsync(Red, Token)).Resources.Count);
    }
}

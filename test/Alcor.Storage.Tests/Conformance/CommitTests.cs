using Alcor.Kernel;
using Alcor.Kernel.Store;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>Each rule of a commit that the contract writes down, by name.</summary>
public sealed class CommitTests
{
    private static readonly ResourceKey Network = new("network", "n");

    public static TheoryData<StoreKind> Kinds => StoreUnderTest.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_partition_advances_by_one_however_many_writes_name_it(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var transaction = Words.Of(
            Words.Put(Words.Port("1"), Words.Red), Words.Put(Words.Port("2"), Words.Blue), Words.Put(Words.Port("3"), Words.Red));
        Assert.Equal("committed network/blue:1 network/red:1", await opened.Store.CommitAsync(transaction));
        Assert.Equal("committed network/blue:2 network/red:2", await opened.Store.CommitAsync(transaction));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_refused_transaction_leaves_no_trace_and_does_not_hinder_the_next(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var refused = Words.Of(Words.Put(Words.Port("1"), Words.Red).Claiming(Words.Address(1)))
            .If(new Guard.Exists(Network));
        var next = Words.Of(Words.Put(Words.Port("2"), Words.Red).Claiming(Words.Address(1)));
        var results = await opened.Store.CommitAsync([refused, next], Words.Token);
        Assert.Equal(["refused missing network/n", "committed network/red:1"], results.Select(Words.Text));
        Assert.Null(await opened.Store.GetAsync(Words.Port("1"), Words.Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_transaction_sees_those_before_it_in_the_same_call(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var put = Words.Of(Words.Put(Words.Port("1"), Words.Red));
        var results = await opened.Store.CommitAsync(
            [put.If(new Guard.Absent(Words.Port("1"))), put.If(new Guard.Absent(Words.Port("1"))), put], Words.Token);
        Assert.Equal(
            ["committed network/red:1", "refused present port/1", "committed network/red:2"], results.Select(Words.Text));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_first_guard_that_fails_is_the_reason_and_comes_before_any_claim(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        await opened.Store.CommitAsync(Words.Of(Words.Put(Words.Port("1"), Words.Red).Claiming(Words.Address(1))));
        var transaction = Words.Of(Words.Put(Words.Port("2"), Words.Red).Claiming(Words.Address(1)));
        Assert.Equal("refused subnet/a/00000001 claimed by port/1", await opened.Store.CommitAsync(transaction));
        var guarded = transaction.If(
            new Guard.Exists(Words.Port("1")), new Guard.AtRevision(Words.Port("1"), 7), new Guard.Exists(Network));
        Assert.Equal("refused port/1 is at 1", await opened.Store.CommitAsync(guarded));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_revision_of_something_missing_is_a_missing_resource(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var transaction = Words.Of(Words.Put(Words.Port("1"), Words.Red)).If(new Guard.AtRevision(Words.Port("1"), 0));
        Assert.Equal("refused missing port/1", await opened.Store.CommitAsync(transaction));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_claim_has_one_owner_until_it_is_released(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var first = Words.Put(Words.Port("1"), Words.Red).Claiming(Words.Address(1));
        var second = Words.Put(Words.Port("2"), Words.Red).Claiming(Words.Address(1));
        await opened.Store.CommitAsync(Words.Of(first));
        Assert.Equal("committed network/red:2", await opened.Store.CommitAsync(Words.Of(first)));
        Assert.Equal("refused subnet/a/00000001 claimed by port/1", await opened.Store.CommitAsync(Words.Of(second)));
        await opened.Store.CommitAsync(Words.Of(first.Claiming(Words.Address(2))));
        Assert.Equal("committed network/red:4", await opened.Store.CommitAsync(Words.Of(second)));
        await opened.Store.CommitAsync(Words.Of(Write.Tombstone(Words.Port("2"), Words.Red)));
        Assert.Equal("committed network/red:6", await opened.Store.CommitAsync(Words.Of(first)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Claims_may_change_places_inside_a_transaction(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var first = Words.Put(Words.Port("1"), Words.Red);
        var second = Words.Put(Words.Port("2"), Words.Red);
        await opened.Store.CommitAsync(Words.Of(first.Claiming(Words.Address(1)), second.Claiming(Words.Address(2))));
        var swap = Words.Of(first.Claiming(Words.Address(2)), second.Claiming(Words.Address(1)));
        Assert.Equal("committed network/red:2", await opened.Store.CommitAsync(swap));
        var both = Words.Of(first.Claiming(Words.Address(3)), second.Claiming(Words.Address(3)));
        Assert.Equal("refused subnet/a/00000003 claimed by port/1", await opened.Store.CommitAsync(both));
        var third = Words.Put(Words.Port("3"), Words.Red).Claiming(Words.Address(1));
        Assert.Equal("refused subnet/a/00000001 claimed by port/2", await opened.Store.CommitAsync(Words.Of(third)));
        var deleted = Words.Of(third, Write.Tombstone(Words.Port("2"), Words.Red));
        Assert.Equal("committed network/red:3", await opened.Store.CommitAsync(deleted));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Claims_of_different_spaces_and_sizes_are_different(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var claims = new[] { new Claim("a", 1), new Claim("b", 1), new Claim("a", (UInt128)1 << 64), new Claim("a/00000001", 1) };
        var writes = claims.Select((claim, i) => Words.Put(Words.Port($"{i}"), Words.Red).Claiming(claim));
        Assert.Equal("committed network/red:1", await opened.Store.CommitAsync(Words.Of([.. writes])));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Unreferenced_does_not_count_those_that_the_transaction_deletes_or_turns_away(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var first = Words.Put(Words.Port("1"), Words.Red).Needing(Network);
        var second = Words.Put(Words.Port("2"), Words.Blue).Needing(Network);
        await opened.Store.CommitAsync(Words.Of(Words.Put(Network, Words.Red), first, second));
        var delete = Write.Tombstone(Network, Words.Red);
        var gone = Write.Tombstone(Words.Port("1"), Words.Red);
        var guard = new Guard.Unreferenced(Network);
        Assert.Equal(
            "refused network/n referenced by port/2", await opened.Store.CommitAsync(Words.Of(delete, gone).If(guard)));
        Assert.Equal(
            "refused network/n referenced by port/2",
            await opened.Store.CommitAsync(Words.Of(delete, gone, second).If(guard)));
        Assert.Equal(
            "committed network/blue:2 network/red:2",
            await opened.Store.CommitAsync(Words.Of(delete, gone, second.Needing()).If(guard)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_guard_alone_commits_nothing_and_advances_nothing(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var told = 0;
        using var subscription = opened.Store.Subscribe(_ => told++);
        Assert.Equal("committed ", await opened.Store.CommitAsync(Words.Of().If(new Guard.Absent(Network))));
        Assert.Equal("refused missing network/n", await opened.Store.CommitAsync(Words.Of().If(new Guard.Exists(Network))));
        Assert.Empty(await opened.Store.CommitAsync([], Words.Token));
        Assert.Equal(0, told);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_resource_that_moves_to_another_partition_is_our_mistake(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        await opened.Store.CommitAsync(Words.Of(Words.Put(Words.Port("1"), Words.Red)));
        foreach (var moved in new[] { Words.Put(Words.Port("1"), Words.Blue), Write.Tombstone(Words.Port("1"), Words.Blue) })
            await Assert.ThrowsAsync<InvariantException>(() => opened.Store.CommitAsync(Words.Of(moved)));
        await opened.Store.CommitAsync(Words.Of(Write.Tombstone(Words.Port("1"), Words.Red)));
        Assert.Equal("committed network/blue:1", await opened.Store.CommitAsync(Words.Of(Words.Put(Words.Port("1"), Words.Blue))));
        var red = await opened.Store.ChangesAsync(Words.Red, 0, Words.Token);
        Assert.Equal("network/red:2\nport/1:2 -> gone", Words.Text(red));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_malformed_transaction_is_refused_with_the_whole_call(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var good = Words.Of(Words.Put(Words.Port("1"), Words.Red));
        var put = Words.Put(Words.Port("2"), Words.Red);
        foreach (var bad in new[]
        {
            put with { Key = new ResourceKey("a/b", "1") }, put with { Key = new ResourceKey("a", "") },
            put with { Partition = new PartitionKey("a/b", "c") }, put.Under(new IndexEntry("a=b", "c")),
            Write.Tombstone(Words.Port("2"), Words.Red).Claiming(Words.Address(1)), put.Claiming(new Claim("", 1)),
            put with { Key = Words.Port(new string('x', StoreLimits.KeyCharsMax + 1)) }, put.Needing(new ResourceKey("", "1")),
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await opened.Store.CommitAsync([good, Words.Of(bad)], Words.Token));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => opened.Store.CommitAsync(Words.Of(put, put)));
        Assert.Equal(0, (await opened.Store.SnapshotAsync(Words.Red, Words.Token)).Revision);
    }
}

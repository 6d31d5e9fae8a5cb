using Alcor.Kernel;
using Alcor.Kernel.Store;
using static Alcor.Storage.Tests.Conformance.Words;

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
        var transaction = Of(
            Put(Port("1"), Red), Put(Port("2"), Blue), Put(Port("3"), Red));
        Assert.Equal("committed network/blue:1 network/red:1", await opened.Store.CommitAsync(transaction));
        Assert.Equal("committed network/blue:2 network/red:2", await opened.Store.CommitAsync(transaction));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_refused_transaction_leaves_no_trace_and_does_not_hinder_the_next(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var refused = Of(Put(Port("1"), Red).Claiming(Address(1)))
            .If(new Guard.Exists(Network));
        var next = Of(Put(Port("2"), Red).Claiming(Address(1)));
        var results = await opened.Store.CommitAsync([refused, next], Token);
        Assert.Equal(["refused missing network/n", "committed network/red:1"], results.Select(Text));
        Assert.Null(await opened.Store.GetAsync(Port("1"), Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_transaction_sees_those_before_it_in_the_same_call(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var put = Of(Put(Port("1"), Red));
        var results = await opened.Store.CommitAsync(
            [put.If(new Guard.Absent(Port("1"))), put.If(new Guard.Absent(Port("1"))), put], Token);
        Assert.Equal(
            ["committed network/red:1", "refused present port/1", "committed network/red:2"], results.Select(Text));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_first_guard_that_fails_is_the_reason_and_comes_before_any_claim(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        await opened.Store.CommitAsync(Of(Put(Port("1"), Red).Claiming(Address(1))));
        var transaction = Of(Put(Port("2"), Red).Claiming(Address(1)));
        Assert.Equal("refused subnet/a/00000001 claimed by port/1", await opened.Store.CommitAsync(transaction));
        var guarded = transaction.If(
            new Guard.Exists(Port("1")), new Guard.AtRevision(Port("1"), 7), new Guard.Exists(Network));
        Assert.Equal("refused port/1 is at 1", await opened.Store.CommitAsync(guarded));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_revision_of_something_missing_is_a_missing_resource(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var transaction = Of(Put(Port("1"), Red)).If(new Guard.AtRevision(Port("1"), 0));
        Assert.Equal("refused missing port/1", await opened.Store.CommitAsync(transaction));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_claim_has_one_owner_until_it_is_released(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var first = Put(Port("1"), Red).Claiming(Address(1));
        var second = Put(Port("2"), Red).Claiming(Address(1));
        await opened.Store.CommitAsync(Of(first));
        Assert.Equal("committed network/red:2", await opened.Store.CommitAsync(Of(first)));
        Assert.Equal("refused subnet/a/00000001 claimed by port/1", await opened.Store.CommitAsync(Of(second)));
        await opened.Store.CommitAsync(Of(first.Claiming(Address(2))));
        Assert.Equal("committed network/red:4", await opened.Store.CommitAsync(Of(second)));
        await opened.Store.CommitAsync(Of(Write.Tombstone(Port("2"), Red)));
        Assert.Equal("committed network/red:6", await opened.Store.CommitAsync(Of(first)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Claims_may_change_places_inside_a_transaction(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var first = Put(Port("1"), Red);
        var second = Put(Port("2"), Red);
        await opened.Store.CommitAsync(Of(first.Claiming(Address(1)), second.Claiming(Address(2))));
        var swap = Of(first.Claiming(Address(2)), second.Claiming(Address(1)));
        Assert.Equal("committed network/red:2", await opened.Store.CommitAsync(swap));
        var both = Of(first.Claiming(Address(3)), second.Claiming(Address(3)));
        Assert.Equal("refused subnet/a/00000003 claimed by port/1", await opened.Store.CommitAsync(both));
        var third = Put(Port("3"), Red).Claiming(Address(1));
        Assert.Equal("refused subnet/a/00000001 claimed by port/2", await opened.Store.CommitAsync(Of(third)));
        var deleted = Of(third, Write.Tombstone(Port("2"), Red));
        Assert.Equal("committed network/red:3", await opened.Store.CommitAsync(deleted));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Claims_of_different_spaces_and_sizes_are_different(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        Claim[] claims = [new("a", 1), new("b", 1), new("a", (UInt128)1 << 64), new("a/00000001", 1)];
        var writes = claims.Select((claim, i) => Put(Port($"{i}"), Red).Claiming(claim));
        Assert.Equal("committed network/red:1", await opened.Store.CommitAsync(Of([.. writes])));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Unreferenced_does_not_count_those_that_the_transaction_deletes_or_turns_away(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var first = Put(Port("1"), Red).Needing(Network);
        var second = Put(Port("2"), Blue).Needing(Network);
        await opened.Store.CommitAsync(Of(Put(Network, Red), first, second));
        var delete = Write.Tombstone(Network, Red);
        var gone = Write.Tombstone(Port("1"), Red);
        var guard = new Guard.Unreferenced(Network);
        Assert.Equal(
            "refused network/n referenced by port/2", await opened.Store.CommitAsync(Of(delete, gone).If(guard)));
        Assert.Equal(
            "refused network/n referenced by port/2",
            await opened.Store.CommitAsync(Of(delete, gone, second).If(guard)));
        Assert.Equal(
            "committed network/blue:2 network/red:2",
            await opened.Store.CommitAsync(Of(delete, gone, second.Needing()).If(guard)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_guard_alone_commits_nothing_and_advances_nothing(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var told = 0;
        using var subscription = opened.Store.Subscribe(_ => told++);
        Assert.Equal("committed ", await opened.Store.CommitAsync(Of().If(new Guard.Absent(Network))));
        Assert.Equal("refused missing network/n", await opened.Store.CommitAsync(Of().If(new Guard.Exists(Network))));
        Assert.Empty(await opened.Store.CommitAsync([], Token));
        Assert.Equal(0, told);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_resource_that_moves_to_another_partition_is_our_mistake(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        await opened.Store.CommitAsync(Of(Put(Port("1"), Red)));
        foreach (var moved in new[] { Put(Port("1"), Blue), Write.Tombstone(Port("1"), Blue) })
            await Assert.ThrowsAsync<InvariantException>(() => opened.Store.CommitAsync(Of(moved)));
        await opened.Store.CommitAsync(Of(Write.Tombstone(Port("1"), Red)));
        Assert.Equal("committed network/blue:1", await opened.Store.CommitAsync(Of(Put(Port("1"), Blue))));
        var red = await opened.Store.ChangesAsync(Red, 0, Token);
        Assert.Equal("network/red:2\nport/1:2 -> gone", Text(red));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_malformed_transaction_is_refused_with_the_whole_call(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var good = Of(Put(Port("1"), Red));
        var put = Put(Port("2"), Red);
        foreach (var bad in new[]
        {
            put with { Key = new ResourceKey("a/b", "1") }, put with { Key = new ResourceKey("a", "") },
            put with { Partition = new PartitionKey("a/b", "c") }, put.Under(new IndexEntry("a=b", "c")),
            Write.Tombstone(Port("2"), Red).Claiming(Address(1)), put.Claiming(new Claim("", 1)),
            put with { Key = Port(new string('x', StoreLimits.KeyCharsMax + 1)) },
            put.Needing(new ResourceKey("", "1")),
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await opened.Store.CommitAsync([good, Of(bad)], Token));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => opened.Store.CommitAsync(Of(put, put)));
        Assert.Equal(0, (await opened.Store.SnapshotAsync(Red, Token)).Revision);
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Storage;

namespace Alcor.Kernel.Tests;

/// <summary>
/// What a lane remembers of other partitions is looked at again each time, and decoded only if it changed.
/// </summary>
public sealed class ReadingsTests
{
    private static readonly ResourceKey Key = Ticket.Type.Key("t");

    private readonly MemoryStore store = new();

    [Fact]
    public async Task What_is_as_it_was_is_not_decoded_again()
    {
        await WriteAsync(new Ticket("t", "a", 1));
        var before = await ReadAsync(earlier: null);
        var after = await ReadAsync(before);
        Assert.Same(before.Find(Key)!.Value.Value, after.Find(Key)!.Value.Value);
        Assert.Equal(1, after.Find(Key)!.Value.Revision);
    }

    [Fact]
    public async Task What_has_changed_since_is_read_as_it_is_now()
    {
        await WriteAsync(new Ticket("t", "a", 1));
        var before = await ReadAsync(earlier: null);
        await WriteAsync(new Ticket("t", "a", 2));
        Assert.Equal(new Stamped<object>(new Ticket("t", "a", 2), 2), (await ReadAsync(before)).Find(Key));
    }

    [Fact]
    public async Task What_is_gone_is_gone_and_what_was_not_there_is_found()
    {
        var nothing = await ReadAsync(earlier: null);
        await WriteAsync(new Ticket("t", "a", 1));
        var there = await ReadAsync(nothing);
        Assert.NotNull(there.Find(Key));
        await CommitAsync(Write.Tombstone(Key, new PartitionKey("desk", "a")));
        Assert.Null((await ReadAsync(there)).Find(Key));
    }

    [Fact]
    public async Task What_was_made_anew_in_another_partition_is_not_taken_for_what_had_its_revision()
    {
        await WriteAsync(new Ticket("t", "a", 1));
        var before = await ReadAsync(earlier: null);
        await CommitAsync(Write.Tombstone(Key, new PartitionKey("desk", "a")));
        await WriteAsync(new Ticket("t", "b", 2));
        Assert.Equal(new Stamped<object>(new Ticket("t", "b", 2), 1), (await ReadAsync(before)).Find(Key));
    }

    private async Task<Readings> ReadAsync(Readings? earlier)
    {
        var readings = new Readings(earlier?.Resources);
        readings.Find(Key);
        await readings.ReadAsync(store, Ticket.Catalog);
        Assert.True(readings.IsComplete);
        return readings;
    }

    private Task WriteAsync(Ticket ticket) => CommitAsync(Ticket.Type.ToWrite(ticket));

    private async Task CommitAsync(Write write) => Assert.IsType<CommitResult.Committed>(
        Assert.Single(await store.CommitAsync([new Transaction([write], [])], CancellationToken.None)));
}

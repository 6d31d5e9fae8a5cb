using System.Text.Json.Serialization;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Storage;

namespace Alcor.Kernel.Tests;

/// <summary>A resource that counts against its project, and one that follows from it, which does not.</summary>
internal sealed record Seat(string Id, string Room, string Project)
{
    public static readonly ResourceType<Seat> Type = Declare("seat");
    public static readonly ResourceType<Seat> Shadow = Declare("shadow");
    public static readonly ResourceType<Seat> Free = new("free_seat", "free_seats")
    {
        Json = SeatJson.Default.Seat,
        Id = seat => seat.Id,
        Partition = seat => new PartitionKey("room", seat.Room),
    };

    public static readonly Catalog Catalog = new(Type, Shadow, Free);

    private static ResourceType<Seat> Declare(string name) => new(name, name + "s")
    {
        Json = SeatJson.Default.Seat,
        Id = seat => seat.Id,
        Partition = seat => new PartitionKey("room", seat.Room),
        QuotaProject = seat => seat.Project,
    };
}

[JsonSerializable(typeof(Seat))]
internal sealed partial class SeatJson : JsonSerializerContext;

internal sealed record Take(params Seat[] Seats) : ICommand
{
    public int Decisions { get; private set; }

    public PartitionKey Lane => new("room", Seats[0].Room);

    public bool IsExemptFromQuota { get; init; }

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        Decisions++;
        var decision = new Decision();
        foreach (var seat in Seats)
            decision.Create(Seat.Type, seat).AndAnswer().Follow(Seat.Shadow, seat).Create(Seat.Free, seat);
        return decision;
    }
}

/// <summary>Gives a seat another owner, or, without one, up.</summary>
internal sealed record Move(Seat Seat, string? To) : ICommand
{
    public PartitionKey Lane => new("room", Seat.Room);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Seat.Type, Seat.Id)!.Value;
        return To is null
            ? new Decision().Delete(Seat.Type, found).Unfollow(Seat.Shadow, Seat).AndAnswer()
            : new Decision().Update(Seat.Type, found.Value with { Project = To }, found).AndAnswer();
    }
}

internal sealed class QuotaLimits(long? limit) : IQuotaLimits
{
    public List<QuotaKey> Asked { get; } = [];

    public long? Limit { get; set; } = limit;

    public ValueTask<long?> LimitOfAsync(string project, string type)
    {
        lock (Asked)
            Asked.Add(new QuotaKey(project, type));
        return ValueTask.FromResult(Limit);
    }
}

public sealed class QuotaTests
{
    private readonly MemoryStore store = new();

    [Fact]
    public async Task What_exceeds_a_quota_is_refused_at_once_with_Neutrons_words()
    {
        var lanes = Lanes(new QuotaLimits(1));
        Assert.Null((await lanes.ExecuteAsync(new Take(In("a", "1")))).Error);
        var second = new Take(In("a", "2"));
        var outcome = await lanes.ExecuteAsync(second);
        Assert.Equal(
            new ApiError(409, "OverQuota", "Quota exceeded for resources: ['seat']."), outcome.Error);
        Assert.Equal(1, second.Decisions);
        Assert.Equal(["quota/p/seat=1"], await CountsAsync());
    }

    [Fact]
    public async Task Of_many_at_once_nothing_is_half_done()
    {
        var lanes = Lanes(new QuotaLimits(3));
        var four = new Take(In("a", "1"), In("a", "2"), In("b", "3"), In("a", "4"));
        Assert.Equal("OverQuota", (await lanes.ExecuteAsync(four)).Error?.Type);
        Assert.Empty(await store.ListAsync(ListQuery.All("seat"), TestContext.Current.CancellationToken));
        Assert.Empty(await CountsAsync());
        var three = new Take(In("a", "1"), In("a", "2"), In("b", "3"));
        Assert.Equal(3, (await lanes.ExecuteAsync(three)).Value.Answer.Count);
        Assert.Equal(["quota/p/seat=3"], await CountsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Of_fifty_at_the_same_time_exactly_as_many_as_the_limit_come_through(int rooms)
    {
        CommandLanes[] processes = [Lanes(new QuotaLimits(10)), Lanes(new QuotaLimits(10))];
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(
            () => processes[i % 2].ExecuteAsync(new Take(In($"room-{i % rooms}", $"{i}"))))));
        Assert.Equal(10, outcomes.Count(outcome => outcome.IsOk));
        Assert.All(
            outcomes.Where(outcome => !outcome.IsOk), outcome => Assert.Equal("OverQuota", outcome.Error!.Type));
        Assert.Equal(["quota/p/seat=10"], await CountsAsync());
    }

    [Fact]
    public async Task What_is_given_up_makes_room_and_what_changes_hands_counts_for_the_other()
    {
        var lanes = Lanes(new QuotaLimits(1));
        await lanes.ExecuteAsync(new Take(In("a", "1")));
        Assert.Null((await lanes.ExecuteAsync(new Move(In("a", "1"), "q/r"))).Error);
        Assert.Equal(["quota/q/r/seat=1"], await CountsAsync());
        Assert.Null((await lanes.ExecuteAsync(new Take(In("a", "2")))).Error);
        Assert.Equal("OverQuota", (await lanes.ExecuteAsync(new Move(In("a", "2"), "q/r"))).Error?.Type);
        Assert.Null((await lanes.ExecuteAsync(new Move(In("a", "1") with { Project = "q/r" }, null))).Error);
        Assert.Null((await lanes.ExecuteAsync(new Move(In("a", "2"), null))).Error);
        Assert.Empty(await CountsAsync());
    }

    [Fact]
    public async Task What_is_exempt_counts_but_is_not_held_to_the_limit()
    {
        var limits = new QuotaLimits(0);
        var lanes = Lanes(limits);
        Assert.Null((await lanes.ExecuteAsync(new Take(In("a", "1")) { IsExemptFromQuota = true })).Error);
        Assert.Empty(limits.Asked);
        Assert.Equal(["quota/p/seat=1"], await CountsAsync());
        limits.Limit = 1;
        Assert.Equal("OverQuota", (await lanes.ExecuteAsync(new Take(In("a", "2")))).Error?.Type);
    }

    [Fact]
    public async Task A_limit_is_asked_for_once_a_batch_for_what_grows_alone()
    {
        var slow = new SlowStore(store);
        var limits = new QuotaLimits(100);
        var lanes = new CommandLanes(slow, Seat.Catalog, TimeProvider.System, limits);
        var taken = Enumerable.Range(0, 20)
            .Select(i => lanes.ExecuteAsync(new Take(In("a", $"{i}"), In("a", $"empty-{i}") with { Project = "" })))
            .ToList();
        slow.Release();
        await Task.WhenAll(taken);
        QuotaKey[] both = [new("p", "seat"), new("", "seat")];
        Assert.Equal([.. both, .. both], limits.Asked);
        Assert.Equal(["quota//seat=20", "quota/p/seat=20"], await CountsAsync());
        await lanes.ExecuteAsync(new Move(In("a", "1"), null));
        Assert.Equal(4, limits.Asked.Count);
    }

    [Fact]
    public void A_key_is_read_back_whatever_the_project_is_called()
    {
        foreach (var key in new QuotaKey[] { new("p", "port"), new("", "port"), new("a/b", "security_group") })
        {
            Assert.Equal(key, QuotaKey.Parse(key.ToString()));
            Assert.StartsWith(QuotaKey.PrefixOf(key.Project), key.ToString(), StringComparison.Ordinal);
        }
        foreach (var other in new[] { "quota/port", "claim/p/port", "" })
            Assert.Throws<FormatException>(() => QuotaKey.Parse(other));
    }

    private static Seat In(string room, string id) => new(id, room, "p");

    private CommandLanes Lanes(QuotaLimits limits) => new(store, Seat.Catalog, TimeProvider.System, limits);

    private async Task<IEnumerable<string>> CountsAsync() =>
        (await store.CountsAsync("quota/", TestContext.Current.CancellationToken))
        .Select(one => $"{one.Key}={one.Value}");
}

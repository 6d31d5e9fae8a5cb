using System.Text.Json.Serialization;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Storage;

namespace Alcor.Kernel.Tests;

/// <summary>A resource with one number that nobody else may have.</summary>
internal sealed record Ticket(string Id, string Desk, int Number)
{
    public static readonly ResourceType<Ticket> Type = new("ticket", "tickets")
    {
        Json = TicketJson.Default.Ticket,
        Id = ticket => ticket.Id,
        Partition = ticket => new PartitionKey("desk", ticket.Desk),
        Claims = ticket => [new Claim("number", (UInt128)ticket.Number)],
    };

    public static readonly Catalog Catalog = new(Type);
}

[JsonSerializable(typeof(Ticket))]
internal sealed partial class TicketJson : JsonSerializerContext;

/// <summary>Draws the lowest number that is free at a desk.</summary>
internal sealed record Draw(string Id, string Desk) : ICommand
{
    public int Decisions { get; private set; }

    public bool IsAlone { get; init; }

    public PartitionKey Lane => new("desk", Desk);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        Decisions++;
        var free = (int)snapshot.Claimed("number").FirstAbsent(1, 1_000)!.Value;
        return new Decision().Create(Ticket.Type, new Ticket(Id, Desk, free)).AndAnswer();
    }
}

/// <summary>Adds one to a ticket's number, times a thousand so that numbers never meet.</summary>
internal sealed record Bump(string Id, string Desk) : ICommand
{
    public PartitionKey Lane => new("desk", Desk);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Find(Ticket.Type, Id) is { } found
            ? new Decision()
                .Update(Ticket.Type, found.Value with { Number = found.Value.Number + 1_000 }, found)
                .AndAnswer()
            : ApiError.NotFound("ticket", Id);
}

/// <summary>Changes nothing: an error says that the ticket is not there.</summary>
internal sealed record IsThere(string Id, string Desk) : ICommand
{
    public PartitionKey Lane => new("desk", Desk);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Find(Ticket.Type, Id) is null ? ApiError.NotFound("ticket", Id) : new Decision();
}

internal sealed record Explode(string Desk) : ICommand
{
    public PartitionKey Lane => new("desk", Desk);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        throw new InvalidOperationException("a command that throws");
}

public sealed class LaneTests
{
    private readonly MemoryStore store = new();

    [Fact]
    public async Task Commands_that_wait_together_see_one_another_and_commit_together()
    {
        var slow = new SlowStore(store);
        var lanes = Lanes(slow);
        var drawn = Enumerable.Range(0, 20).Select(i => lanes.ExecuteAsync(new Draw($"t{i}", "a"))).ToList();
        slow.Release();
        var numbers = (await Task.WhenAll(drawn)).Select(NumberOf).Order().ToList();
        Assert.Equal(Enumerable.Range(1, 20), numbers);
        Assert.Equal(2, slow.Commits);
    }

    [Fact]
    public async Task A_command_that_is_alone_is_committed_before_the_next_is_decided()
    {
        var slow = new SlowStore(store);
        var lanes = Lanes(slow);
        var commands = Enumerable.Range(0, 12)
            .Select(i => new Draw($"t{i}", "a") { IsAlone = i is > 3 and < 9 })
            .ToList();
        var drawn = commands.Select(command => lanes.ExecuteAsync(command)).ToList();
        slow.Release();
        await Task.WhenAll(drawn);
        Assert.All(commands, command => Assert.Equal(1, command.Decisions));
        // The first, which was taken while nothing else waited; three; five alone; three.
        Assert.Equal(1 + 1 + 5 + 1, slow.Commits);
    }

    [Fact]
    public async Task Every_command_has_a_revision_of_its_own_without_gaps()
    {
        var lanes = Lanes(store);
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => lanes.ExecuteAsync(new Draw($"t{i}", "a"))));
        Assert.Equal(
            Enumerable.Range(1, 10).Select(i => (long)i),
            outcomes.Select(outcome => outcome.Value.Answer.Single().Revision).Order());
    }

    [Fact]
    public async Task Two_processes_on_one_partition_never_give_out_the_same_number()
    {
        var processes = new[] { Lanes(store), Lanes(store) };
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => processes[i % 2].ExecuteAsync(new Draw($"t{i}", "a"))));
        Assert.Equal(Enumerable.Range(1, 40), outcomes.Select(NumberOf).Order());
    }

    [Fact]
    public async Task A_number_that_was_lost_to_another_partition_is_decided_anew_and_the_caller_told_at_last()
    {
        // The claim of desk a is invisible at desk b, so b decides for it again and again: bounded, and never granted.
        await Lanes(store).ExecuteAsync(new Draw("first", "a"));
        var draw = new Draw("second", "b");
        var outcome = await Lanes(store).ExecuteAsync(draw);
        Assert.Equal(409, outcome.Error?.Status);
        Assert.Equal(Limits.CommitAttemptsMax, draw.Decisions);
    }

    [Fact]
    public async Task Updates_of_one_resource_are_never_lost()
    {
        var processes = new[] { Lanes(store), Lanes(store) };
        await processes[0].ExecuteAsync(new Draw("t", "a"));
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(i => processes[i % 2].ExecuteAsync(new Bump("t", "a"))));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        var last = await store.GetAsync(Ticket.Type.Key("t"), TestContext.Current.CancellationToken);
        Assert.Equal(30_001, Ticket.Type.Decode(last!.Value).Number);
    }

    [Fact]
    public async Task What_was_concluded_from_a_command_that_is_refused_is_decided_anew()
    {
        await Lanes(store).ExecuteAsync(new Draw("old", "a"));
        await Lanes(store).ExecuteAsync(new Bump("old", "a"));
        await Lanes(store).ExecuteAsync(new Draw("other", "b"));
        var slow = new SlowStore(store);
        var lanes = Lanes(slow);
        var first = lanes.ExecuteAsync(new Bump("old", "a"));
        // These wait together. Number 1 is taken at desk b, which a does not see: there never is such a ticket.
        var drawing = lanes.ExecuteAsync(new Draw("t", "a"));
        var asking = lanes.ExecuteAsync(new IsThere("t", "a"));
        slow.Release();
        Assert.Null((await first).Error);
        Assert.Equal(409, (await drawing).Error?.Status);
        Assert.Equal(404, (await asking).Error?.Status);
    }

    [Fact]
    public async Task A_command_that_throws_fails_alone()
    {
        var lanes = Lanes(store);
        var exploding = lanes.ExecuteAsync(new Explode("a"));
        var drawing = lanes.ExecuteAsync(new Draw("t", "a"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => exploding);
        Assert.Equal(1, NumberOf(await drawing));
    }

    [Fact]
    public async Task A_store_that_fails_fails_the_batch_and_the_lane_goes_on()
    {
        var slow = new SlowStore(store) { FailNext = true };
        slow.Release();
        var lanes = Lanes(slow);
        await Assert.ThrowsAsync<IOException>(() => lanes.ExecuteAsync(new Draw("t", "a")));
        Assert.Equal(1, NumberOf(await lanes.ExecuteAsync(new Draw("t", "a"))));
    }

    [Fact]
    public async Task A_full_lane_says_so_instead_of_growing()
    {
        var slow = new SlowStore(store);
        var lanes = Lanes(slow);
        var all = Enumerable.Range(0, Limits.LaneQueueMax + Limits.LaneBatchMax + 1)
            .Select(i => lanes.ExecuteAsync(new Draw($"t{i}", $"a")))
            .ToList();
        Assert.Equal(503, (await all[^1]).Error?.Status);
        slow.Fail();
        await Assert.ThrowsAnyAsync<Exception>(() => all[0]);
    }

    private static CommandLanes Lanes(IStore store) => new(store, Ticket.Catalog, TimeProvider.System);

    private static int NumberOf(Result<Outcome> outcome) => ((Ticket)outcome.Value.Answer.Single().Value).Number;
}

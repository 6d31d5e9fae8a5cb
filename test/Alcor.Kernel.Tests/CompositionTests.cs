using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Kernel.Tests;

/// <summary>Commands that become one decision.</summary>
public sealed class CompositionTests
{
    private static readonly PartitionKey Desk = new("desk", "d");

    private static readonly PartitionKey OtherDesk = new("desk", "e");

    private readonly Readings readings = new();

    [Fact]
    public void Each_command_sees_what_the_ones_before_it_leave_behind()
    {
        var composition = Begin(Snapshot.Empty(Desk));
        Assert.Null(composition.Add(new Do(OtherDesk, (_, _) => new Decision().Create(
            Ticket.Type, new Ticket("t", OtherDesk.Id, 5)))));
        var seen = new List<string>();
        composition.Add(new Do(OtherDesk, (snapshot, context) =>
        {
            seen.AddRange(snapshot.All(Ticket.Type).Select(ticket => $"lane {ticket.Id}"));
            seen.Add($"claimed {snapshot.Claimed("number").Contains(5)}");
            seen.Add($"read {context.Read(Ticket.Type, "t")?.Value.Number}");
            seen.AddRange(context.List(Ticket.Type).Select(ticket => $"listed {ticket.Value.Id}"));
            seen.Add($"other {context.Partition(Desk).Count(Ticket.Type)}");
            return new Decision();
        }));
        Assert.Equal(["lane t", "claimed True", "read 5", "listed t", "other 0"], seen);
    }

    [Fact]
    public void What_was_created_and_changed_is_written_once_as_new()
    {
        var composition = Begin(Snapshot.Empty(Desk));
        composition.Add(Create("t", 5));
        composition.Add(Change("t", 6));
        var change = Assert.Single(composition.Decision.Changes);
        Assert.Equal((new Ticket("t", Desk.Id, 6), null), ((Ticket)change.Value!, change.Earlier));
        var transaction = composition.Decision.ToTransaction(_ => null);
        Assert.Equal([new Guard.Absent(Ticket.Type.Key("t"))], transaction.Guards);
    }

    [Fact]
    public void What_was_changed_twice_has_to_be_what_the_first_change_found()
    {
        var lane = Snapshot.Empty(Desk).With(Ticket.Type, new Stamped<object>(new Ticket("t", Desk.Id, 1), 7));
        var composition = Begin(lane);
        composition.Add(Change("t", 2));
        composition.Add(Change("t", 3));
        composition.Add(Delete("t"));
        var transaction = composition.Decision.ToTransaction(_ => null);
        Assert.Null(Assert.Single(transaction.Writes).Value);
        Assert.Equal(
            [new Guard.AtRevision(Ticket.Type.Key("t"), 7), new Guard.Unreferenced(Ticket.Type.Key("t"))],
            transaction.Guards);
    }

    [Fact]
    public void What_was_created_and_deleted_is_nothing()
    {
        var composition = Begin(Snapshot.Empty(Desk));
        composition.Add(Create("t", 5));
        composition.Add(Delete("t"));
        Assert.Empty(composition.Decision.Changes);
        composition.Add(new Do(Desk, (_, context) =>
        {
            Assert.Null(context.Read(Ticket.Type, "t"));
            return new Decision();
        }));
    }

    [Fact]
    public void A_decision_that_rests_on_what_another_makes_needs_no_guard_of_it()
    {
        var composition = Begin(Snapshot.Empty(Desk));
        composition.Add(Create("t", 5));
        composition.Add(new Do(Desk, (_, context) =>
            new Decision().RestsOn(Ticket.Type, "t", context.Read(Ticket.Type, "t"))));
        Assert.Single(composition.Decision.ToTransaction(_ => null).Guards);
    }

    [Fact]
    public void A_refusal_is_that_of_the_whole()
    {
        var composition = Begin(Snapshot.Empty(Desk));
        var no = ApiError.Conflict("No", "no");
        Assert.Equal(no, composition.Add(new Do(Desk, (_, _) => no)));
    }

    private Composition Begin(Snapshot lane) => new(lane, new DecideContext(DateTimeOffset.UnixEpoch, readings));

    private static Do Create(string id, int number) =>
        new(Desk, (_, _) => new Decision().Create(Ticket.Type, new Ticket(id, Desk.Id, number)));

    private static Do Change(string id, int number) => new(Desk, (snapshot, _) =>
    {
        var found = snapshot.Find(Ticket.Type, id)!.Value;
        return new Decision().Update(Ticket.Type, found.Value with { Number = number }, found);
    });

    private static Do Delete(string id) => new(Desk, (snapshot, _) =>
        new Decision().Delete(Ticket.Type, snapshot.Find(Ticket.Type, id)!.Value));

    private sealed record Do(PartitionKey Lane, Func<Snapshot, DecideContext, Result<Decision>> Decision) : ICommand
    {
        public Result<Decision> Decide(Snapshot snapshot, DecideContext context) => Decision(snapshot, context);
    }
}

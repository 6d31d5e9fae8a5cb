using Alcor.Kernel.Resources;

namespace Alcor.Kernel.Lanes;

/// <param name="Revision">What the commit will give to the partition of the lane, if nobody comes first.</param>
internal sealed record Decided(Pending Pending, Decision Decision, long Revision);

/// <summary>A command that leads to no commit.</summary>
/// <param name="Answer">Tells its caller so.</param>
/// <param name="RestsOn">
/// How many decided commands came before it: what it saw is so if all of them are committed.
/// </param>
internal sealed record Concluded(Pending Pending, Action Answer, int RestsOn);

/// <summary>
/// Decides the commands of a batch one after the other, each on what the ones before it leave behind. It answers
/// nobody: it may all be done again with more readings, or without what a commit that is refused would have left.
/// </summary>
internal sealed class Deliberation(Snapshot snapshot, DecideContext context)
{
    public List<Decided> Decided { get; } = [];

    public List<Concluded> Concluded { get; } = [];

    /// <summary>The lane's partition after the commits.</summary>
    public Snapshot Evolved { get; private set; } = snapshot;

    public void Decide(Pending pending)
    {
        if (DecideOne(pending) is not { } decision)
            return;
        // The revision that the commit will give, unless another process commits first; then a guard refuses.
        var partition = Evolved.Partition;
        var touchesLane = decision.Changes.Any(change => change.Partition == partition);
        var revision = touchesLane ? Evolved.Revision + 1 : Evolved.Revision;
        foreach (var change in decision.Changes.Where(change => change.Partition == partition))
        {
            Evolved = change.Value is { } value
                ? Evolved.With(change.Type, new Stamped<object>(value, revision))
                : Evolved.Without(change.Type, change.Key.Id);
        }
        Evolved = Evolved.AtRevision(revision);
        Decided.Add(new Decided(pending, decision, revision));
    }

    /// <summary>A command whose Decide throws fails alone; the others of its batch go on.</summary>
    private Decision? DecideOne(Pending pending)
    {
        try
        {
            var result = pending.Command.Decide(Evolved, context);
            if (result.Error is null && result.Value.Changes.Count > 0)
                return result.Value;
            Conclude(pending, () => pending.Complete(result.Error is { } error ? error : new Outcome([], [])));
        }
#pragma warning disable CA1031 // The caller gets it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Conclude(pending, () => pending.Fail(exception));
        }
        return null;
    }

    private void Conclude(Pending pending, Action answer) =>
        Concluded.Add(new Concluded(pending, answer, Decided.Count));
}

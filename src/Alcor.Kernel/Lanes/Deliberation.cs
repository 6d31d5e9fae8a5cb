using Alcor.Kernel.Resources;

namespace Alcor.Kernel.Lanes;

/// <param name="Revision">What the commit will give to the partition of the lane, if nobody comes first.</param>
internal sealed record Decided(Pending Pending, Decision Decision, long Revision);

/// <summary>
/// Decides the commands of a batch one after the other, each on what the ones before it leave behind. Nobody is
/// answered before <see cref="AnswerRefused"/>: until then it may all be done again with more readings.
/// </summary>
internal sealed class Deliberation(Snapshot snapshot, DecideContext context)
{
    private readonly List<Action> answers = [];

    public List<Decided> Decided { get; } = [];

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

    /// <summary>Answers the commands that lead to no commit.</summary>
    public void AnswerRefused()
    {
        foreach (var answer in answers)
            answer();
    }

    /// <summary>A command whose Decide throws fails alone; the others of its batch go on.</summary>
    private Decision? DecideOne(Pending pending)
    {
        try
        {
            var result = pending.Command.Decide(Evolved, context);
            if (result.Error is null && result.Value.Changes.Count > 0)
                return result.Value;
            answers.Add(() => pending.Complete(result.Error is { } error ? error : new Outcome([], [])));
        }
#pragma warning disable CA1031 // The caller gets it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            answers.Add(() => pending.Fail(exception));
        }
        return null;
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Kernel.Lanes;

/// <summary>
/// What a command led to: the resources it asked about, stamped, or the error that its caller caused.
/// </summary>
public sealed record Outcome(IReadOnlyList<Stamped<object>> Answer, IReadOnlyList<PartitionRevision> Revisions);

/// <summary>A command and whoever waits for it.</summary>
internal sealed class Pending(ICommand command)
{
    private readonly TaskCompletionSource<Result<Outcome>> completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ICommand Command { get; } = command;

    public Task<Result<Outcome>> Completion => completion.Task;

    public int Attempts { get; set; }

    public void Complete(Result<Outcome> result) => completion.TrySetResult(result);

    public void Fail(Exception exception) => completion.TrySetException(exception);
}

/// <summary>
/// The commands of one partition, one reader: it takes what is waiting, decides each on the snapshot that the ones
/// before it leave behind, and commits all of them at once.
/// </summary>
/// <remarks>
/// The snapshot is brought up to date before each batch, so other processes may commit to the partition too: what they
/// change in between makes a guard or a claim refuse the commit, and the command is decided anew. Nothing here decides
/// whether a commit is right; the store does.
/// </remarks>
internal sealed class Lane(
    PartitionKey partition, IStore store, Catalog catalog, TimeProvider time, IQuotaLimits? limits)
{
    private readonly Queue<Pending> waiting = new();
    private readonly Lock gate = new();
    private Snapshot snapshot = Snapshot.Empty(partition);
    private IReadOnlyDictionary<ResourceKey, Stamped<object>?>? remembered;
    private bool running;

    /// <summary>Nothing waits and nothing runs: the lane may be forgotten.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
                return !running && waiting.Count == 0;
        }
    }

    /// <summary>Takes a command in, or refuses it because the lane is full.</summary>
    public bool TryEnqueue(Pending pending, out bool startReader)
    {
        lock (gate)
        {
            startReader = false;
            if (waiting.Count >= Limits.LaneQueueMax)
                return false;
            waiting.Enqueue(pending);
            startReader = !running;
            running = true;
            return true;
        }
    }

    /// <summary>Works until nothing is waiting. Whoever was told to start the reader calls it, once.</summary>
    public async Task RunAsync()
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            try
            {
                await RunBatchAsync(batch);
            }
#pragma warning disable CA1031 // Whatever went wrong is the callers' to know; the lane serves the next ones.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                snapshot = Snapshot.Empty(partition);
                foreach (var pending in batch)
                    pending.Fail(exception);
            }
        }
    }

    private List<Pending> TakeBatch()
    {
        lock (gate)
        {
            var batch = new List<Pending>(Math.Min(waiting.Count, Limits.LaneBatchMax));
            while (batch.Count < Limits.LaneBatchMax
                && waiting.TryPeek(out var next)
                && (batch.Count == 0 || !(next.Command.IsAlone || batch[0].Command.IsAlone)))
                batch.Add(waiting.Dequeue());
            running = batch.Count > 0;
            return batch;
        }
    }

    private async Task RunBatchAsync(List<Pending> batch)
    {
        while (batch.Count > 0)
        {
            await CatchUpAsync();
            var deliberation = await DecideAsync(batch);
            var decided = deliberation.Decided;
            // Whoever rests on nobody is told at once.
            var untold = deliberation.Concluded.Where(one => !Answer(one, committed: 0)).ToList();
            if (decided.Count == 0)
                return;
            var results = await store.CommitAsync(await ToTransactionsAsync(decided), CancellationToken.None);
            var again = Settle(decided, results, deliberation.Evolved);
            var committed = results.TakeWhile(result => result is CommitResult.Committed).Count();
            again.UnionWith(untold.Where(one => !Answer(one, committed)).Select(one => one.Pending));
            batch = batch.FindAll(again.Contains);
        }
    }

    /// <summary>Tells the caller what was concluded, if all that it rests on is committed.</summary>
    private static bool Answer(Concluded concluded, int committed)
    {
        if (concluded.RestsOn > committed)
            return false;
        concluded.Answer();
        return true;
    }

    /// <summary>Decides the batch until all that its commands asked for had been read.</summary>
    private async ValueTask<Deliberation> DecideAsync(List<Pending> batch)
    {
        var readings = new Readings(remembered);
        foreach (var pending in batch)
            readings.Want(pending.Command);
        for (var round = 0; round < Limits.ReadRoundsMax; round++)
        {
            await readings.ReadAsync(store, catalog);
            var deliberation = new Deliberation(snapshot, new DecideContext(time.GetUtcNow(), readings));
            foreach (var pending in batch)
                deliberation.Decide(pending);
            if (!readings.IsComplete)
                continue;
            remembered = readings.Resources.Count <= Limits.ReadingsKeptMax ? readings.Resources : null;
            return deliberation;
        }
        throw new InvariantException($"a command of {partition} never stops asking for more");
    }

    private async ValueTask CatchUpAsync()
    {
        if (snapshot.Revision == 0)
        {
            snapshot = await catalog.LoadAsync(store, partition);
            return;
        }
        var changes = await store.ChangesAsync(partition, snapshot.Revision, CancellationToken.None);
        foreach (var change in changes.Changes)
        {
            var type = catalog[change.Key.Type];
            snapshot = change.Resource is { } resource
                ? snapshot.With(type, catalog.Decode(resource))
                : snapshot.Without(type, change.Key.Id);
        }
        snapshot = snapshot.AtRevision(changes.Revision);
    }

    /// <summary>The transactions, with the limits of what they create, each asked for once.</summary>
    private async ValueTask<List<Transaction>> ToTransactionsAsync(List<Decided> decided)
    {
        Func<QuotaKey, long?> unlimited = _ => null;
        if (limits is null)
            return decided.ConvertAll(one => one.Decision.ToTransaction(unlimited));
        var created =
            from one in decided
            where !one.Pending.Command.IsExemptFromQuota
            from key in one.Decision.Counts.Limited
            select key;
        var known = new Dictionary<QuotaKey, long?>();
        foreach (var key in created.Distinct())
            known.Add(key, await limits.LimitOfAsync(key.Project, key.Type));
        Func<QuotaKey, long?> limited = key => known[key];
        return decided.ConvertAll(
            one => one.Decision.ToTransaction(one.Pending.Command.IsExemptFromQuota ? unlimited : limited));
    }

    /// <returns>The commands that are to be decided anew.</returns>
    private HashSet<Pending> Settle(List<Decided> decided, IReadOnlyList<CommitResult> results, Snapshot evolved)
    {
        var again = new HashSet<Pending>();
        var asPredicted = true;
        for (var i = 0; i < decided.Count; i++)
        {
            var pending = decided[i].Pending;
            switch (results[i])
            {
                case CommitResult.Committed committed:
                    asPredicted &= committed.Revisions.All(
                        r => r.Partition != partition || r.Revision == decided[i].Revision);
                    pending.Complete(AnswerOf(decided[i].Decision, committed.Revisions));
                    break;
                case CommitResult.Refused refused:
                    asPredicted = false;
                    if (refused.Refusal is not Refusal.OverLimit && ++pending.Attempts < Limits.CommitAttemptsMax)
                        again.Add(pending);
                    else
                        pending.Complete(Refusals.ToError(refused.Refusal, catalog));
                    break;
            }
        }
        if (asPredicted)
            snapshot = evolved;
        return again;
    }

    private static Outcome AnswerOf(Decision decision, IReadOnlyList<PartitionRevision> revisions)
    {
        var byPartition = revisions.ToDictionary(r => r.Partition, r => r.Revision);
        return new Outcome(
            [.. decision.Answer.Select(a => new Stamped<object>(a.Subject, byPartition[a.Partition]))], revisions);
    }
}

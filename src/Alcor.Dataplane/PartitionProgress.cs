using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane;

/// <summary>An entry that a host has, and its switch does not.</summary>
/// <param name="State">Waiting or failed.</param>
/// <param name="Reason">For people, in the agent's words.</param>
/// <param name="At">When the host said so.</param>
public sealed record EntryProblem(EntryKey Key, EntryState State, string Reason, DateTimeOffset At);

/// <summary>
/// How far a host is with a partition. Nothing is taken for applied that the host has not acknowledged, and what it
/// once reported as not applied stays so until it says otherwise or is gone.
/// </summary>
internal sealed class PartitionProgress(string host, PartitionKey partition, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<EntryKey, EntryProblem> problems = [];
    // Only the host's own partition says of ports how far they are; there may be very many of the others.
    private readonly RevisionTimes? sentAt = TimesOf(partition);
    private readonly RevisionTimes? acknowledgedAt = TimesOf(partition);
    private EntryProblem? lastNack;
    private long sent;
    private long acknowledged;

    public string Host => host;

    public PartitionKey Partition => partition;

    public long Sent
    {
        get
        {
            lock (gate)
                return sent;
        }
    }

    public long Acknowledged
    {
        get
        {
            lock (gate)
                return acknowledged;
        }
    }

    public IReadOnlyList<EntryProblem> Problems
    {
        get
        {
            lock (gate)
                return [.. problems.Values.OrderBy(problem => problem.Key)];
        }
    }

    /// <summary>The last entry that the host reported as not applied, whatever it said of it since.</summary>
    public EntryProblem? LastNack
    {
        get
        {
            lock (gate)
                return lastNack;
        }
    }

    /// <summary>When a revision, or one behind it, was sent; null: not since it connected, or forgotten.</summary>
    public DateTimeOffset? SentAt(long revision)
    {
        lock (gate)
            return sentAt?.Reached(revision);
    }

    /// <summary>When it was acknowledged first since the host connected; null: not yet, or forgotten.</summary>
    public DateTimeOffset? AcknowledgedAt(long revision)
    {
        lock (gate)
            return acknowledgedAt?.Reached(revision);
    }

    public EntryProblem? ProblemOf(EntryKey key)
    {
        lock (gate)
            return problems.GetValueOrDefault(key);
    }

    /// <summary>The host says that it holds a revision; 0 is nothing.</summary>
    public void Holds(long revision)
    {
        lock (gate)
        {
            sent = revision;
            sentAt?.StartAt(revision);
        }
    }

    public void SentTo(long revision)
    {
        lock (gate)
        {
            sent = revision;
            sentAt?.Add(revision, time.GetUtcNow());
        }
    }

    /// <summary>The host forgets all of it.</summary>
    public void StartOver()
    {
        lock (gate)
        {
            (sent, acknowledged) = (0, 0);
            sentAt?.StartAt(0);
            acknowledgedAt?.StartAt(0);
            problems.Clear();
        }
    }

    /// <summary>The host no longer has these entries; it does not report their end.</summary>
    public void Forget(Func<EntryKey, bool> isGone)
    {
        lock (gate)
        {
            foreach (var key in problems.Keys.Where(isGone).ToList())
                problems.Remove(key);
        }
    }

    /// <returns>The revision that was acknowledged before.</returns>
    public long Acknowledge(long revision, IReadOnlyList<EntryProblem> results)
    {
        lock (gate)
        {
            foreach (var result in results)
            {
                if (result.State == EntryState.Applied)
                    problems.Remove(result.Key);
                else
                    problems[result.Key] = lastNack = result;
            }
            var before = acknowledged;
            acknowledged = Math.Max(acknowledged, revision);
            acknowledgedAt?.Add(revision, time.GetUtcNow());
            return before;
        }
    }

    public int ProblemCount
    {
        get
        {
            lock (gate)
                return problems.Count;
        }
    }

    private static RevisionTimes? TimesOf(PartitionKey partition) =>
        partition == PartitionKey.Host(partition.Id) ? new RevisionTimes(DataplaneLimits.RevisionTimesMax) : null;
}

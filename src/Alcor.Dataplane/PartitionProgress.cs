using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane;

/// <summary>An entry that a host has, and its switch does not.</summary>
/// <param name="State">Waiting or failed.</param>
/// <param name="Reason">For people, in the agent's words.</param>
public sealed record EntryProblem(EntryKey Key, EntryState State, string Reason);

/// <summary>
/// How far a host is with a partition. Nothing is taken for applied that the host has not acknowledged, and what it
/// once reported as not applied stays so until it says otherwise or is gone.
/// </summary>
internal sealed class PartitionProgress(string host, PartitionKey partition)
{
    private readonly Lock gate = new();
    private readonly Dictionary<EntryKey, EntryProblem> problems = [];
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

    public EntryProblem? ProblemOf(EntryKey key)
    {
        lock (gate)
            return problems.GetValueOrDefault(key);
    }

    public void SentTo(long revision)
    {
        lock (gate)
            sent = revision;
    }

    /// <summary>The host forgets all of it.</summary>
    public void StartOver()
    {
        lock (gate)
        {
            (sent, acknowledged) = (0, 0);
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
                    problems[result.Key] = result;
            }
            var before = acknowledged;
            acknowledged = Math.Max(acknowledged, revision);
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
}

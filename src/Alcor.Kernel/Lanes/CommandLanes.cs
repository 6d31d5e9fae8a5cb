using System.Collections.Concurrent;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Kernel.Lanes;

/// <summary>
/// Takes commands to the lane of their partition. Lanes are an optimisation: they make one commit of many, and spare
/// most refusals. What is right they do not decide.
/// </summary>
/// <param name="limits">How much projects may have; null: as much as they like.</param>
public sealed class CommandLanes(IStore store, Catalog catalog, TimeProvider time, IQuotaLimits? limits = null)
{
    private readonly ConcurrentDictionary<PartitionKey, Lane> lanes = new();

    /// <summary>Decides and commits a command, durably.</summary>
    /// <returns>The outcome, or the caller's error: 503 when the lane is full.</returns>
    /// <exception cref="Exception">The store failed; whether the command took place may be unknown.</exception>
    public async Task<Result<Outcome>> ExecuteAsync(ICommand command)
    {
        var pending = new Pending(command);
        var lane = lanes.GetOrAdd(command.Lane, key => new Lane(key, store, catalog, time, limits));
        if (!lane.TryEnqueue(pending, out var startReader))
            return new ApiError(503, "ServiceUnavailable", $"Too many requests wait for {command.Lane}; try again.");
        if (startReader)
        {
            // Not awaited: a busy lane goes on long after this command is done. It tells failures to its callers.
            _ = lane.RunAsync();
            Trim();
        }
        return await pending.Completion;
    }

    /// <summary>
    /// Forgets idle lanes when there are too many. A lane that takes a command in the same moment works on, unlisted:
    /// two lanes of one partition are as two processes.
    /// </summary>
    private void Trim()
    {
        if (lanes.Count <= Limits.LanesMax)
            return;
        foreach (var (key, lane) in lanes)
        {
            if (lane.IsIdle)
                lanes.TryRemove(new KeyValuePair<PartitionKey, Lane>(key, lane));
        }
    }
}

namespace Alcor.OpenFlow;

/// <summary>Someone who waits for the answers to one transaction, or to a range of them.</summary>
internal abstract class Pending
{
    /// <summary>Takes an answer; true when it was the last one.</summary>
    public abstract bool Accept(uint transaction, OpenFlowMessage message);

    public abstract void Fail(Exception reason);
}

/// <summary>A request with one or several replies, put together by <paramref name="accept"/>.</summary>
internal sealed class PendingReply<T>(string request, Func<OpenFlowMessage, (bool IsLast, T? Value)> accept) : Pending
{
    // The read loop must not run what its caller does with the answer.
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => completion.Task;

    public override bool Accept(uint transaction, OpenFlowMessage message)
    {
        if (message is OpenFlowMessage.Error error)
        {
            completion.TrySetException(new OpenFlowRefusedException(error.Reason, request));
            return true;
        }

        try
        {
            var (isLast, value) = accept(message);
            if (isLast) completion.TrySetResult(value!);
            return isLast;
        }
        catch (OpenFlowFormatException exception)
        {
            completion.TrySetException(exception);
            return true;
        }
    }

    public override void Fail(Exception reason) => completion.TrySetException(reason);
}

/// <summary>Gathers the errors of the flow-mods in transactions first to first + count - 1.</summary>
internal sealed class PendingBatch(uint first, IReadOnlyList<FlowMod> changes, int offset, int count) : Pending
{
    // Written by the read loop until the barrier's reply, read by the sender after it: the await orders them.
    private readonly Dictionary<int, FlowFailure> failures = [];

    public uint First => first;

    public int Count => count;

    public FlowMod this[int index] => changes[offset + index];

    /// <summary>By index, in order.</summary>
    public IEnumerable<FlowFailure> Failures
    {
        get
        {
            lock (failures) return [.. failures.Values.OrderBy(failure => failure.Index)];
        }
    }

    public bool Contains(uint transaction) => transaction - first < count;

    public override bool Accept(uint transaction, OpenFlowMessage message)
    {
        if (message is not OpenFlowMessage.Error error) return false;
        var index = offset + (int)(transaction - first);
        lock (failures) failures.TryAdd(index, new FlowFailure(index, changes[index], error.Reason));
        return false;
    }

    public override void Fail(Exception reason)
    {
        // The sender also waits for a barrier or a commit, which fails.
    }
}

namespace Alcor.Dataplane;

/// <summary>
/// Wakes one waiter. Setting it twice before the waiter looks is the same as once; who sets it never runs the
/// waiter's code.
/// </summary>
internal sealed class Signal
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiter;
    private bool isSet;

    public void Set()
    {
        TaskCompletionSource? woken;
        lock (gate)
        {
            (woken, waiter) = (waiter, null);
            isSet = woken is null;
        }
        woken?.TrySetResult();
    }

    public Task WaitAsync()
    {
        lock (gate)
        {
            if (isSet)
            {
                isSet = false;
                return Task.CompletedTask;
            }
            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiter.Task;
        }
    }
}

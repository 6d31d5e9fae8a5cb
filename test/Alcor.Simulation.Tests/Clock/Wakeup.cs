namespace Alcor.Simulation.Tests;

/// <summary>
/// Wakes whoever waits. Unlike <see cref="Task.WaitAsync(CancellationToken)"/> it never leaves the scheduler: a waiter
/// is
/// awaited itself, and goes on in its context.
/// </summary>
internal sealed class Wakeup
{
    private TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var waiting = _waiting;
        using var cancelling = cancellationToken.UnsafeRegister(
            static state => ((TaskCompletionSource)state!).TrySetResult(), waiting);
        await waiting.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Set()
    {
        var waiting = _waiting;
        _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.TrySetResult();
    }
}

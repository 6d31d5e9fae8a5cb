namespace Alcor.Dataplane.Tests;

/// <summary>Runs everything that a test sets off on the test's own thread, in order, until nothing is left to
/// do.</summary>
internal sealed class OneThread : SynchronizationContext, IDisposable
{
    private const int StepsMax = 1_000_000;

    private readonly SynchronizationContext? before = Current;
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();

    public OneThread() => SetSynchronizationContext(this);

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (posted)
            posted.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public void RunUntilIdle()
    {
        for (var step = 0; step < StepsMax; step++)
        {
            (SendOrPostCallback Callback, object? State) next;
            lock (posted)
            {
                if (!posted.TryDequeue(out next))
                    return;
            }
            next.Callback(next.State);
        }
        throw new InvalidOperationException("it never comes to rest");
    }

    public void Dispose() => SetSynchronizationContext(before);
}

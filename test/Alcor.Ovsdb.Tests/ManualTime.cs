namespace Alcor.Ovsdb.Tests;

/// <summary>A time in which a timer fires when the test says so, whatever it is due.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private TaskCompletionSource created = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state), dueTime);
        lock (gate)
        {
            timers.Add(timer);
            created.TrySetResult();
            created = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return timer;
    }

    /// <summary>Fires the first timer whose time <paramref name="matches"/>, now or once there is one.</summary>
    public async Task<TimeSpan> FireNextAsync(Func<TimeSpan, bool> matches, CancellationToken cancellation)
    {
        while (true)
        {
            ManualTimer? timer;
            Task next;
            lock (gate)
            {
                timer = timers.Find(candidate => matches(candidate.Due));
                if (timer is not null) timers.Remove(timer);
                next = created.Task;
            }

            if (timer is not null)
            {
                timer.Fire();
                return timer.Due;
            }

            await next.WaitAsync(cancellation);
        }
    }

    private sealed class ManualTimer(ManualTime owner, Action fire, TimeSpan due) : ITimer
    {
        public TimeSpan Due => due;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (owner.gate) owner.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

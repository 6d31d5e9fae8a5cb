namespace Alcor.Simulation.Tests;

/// <summary>
/// A clock that stands still while anything can run, and then jumps to the next timer. Timers that are due at the same
/// moment fire in the order in which they were set.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private readonly PriorityQueue<SimulatedTimer, (long Due, long Order)> _timers = new();
    private long _now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Calls back once, after a while.</summary>
    public void After(TimeSpan pause, Action act) =>
        CreateTimer(static state => ((Action)state!)(), act, pause, Timeout.InfiniteTimeSpan);

    /// <summary>Goes on to the next timer that is due by then and fires it.</summary>
    /// <returns>Whether there was one; if not, it is then.</returns>
    public bool FireNext(DateTimeOffset until)
    {
        while (_timers.TryPeek(out var timer, out var when) && when.Due <= until.Ticks)
        {
            _timers.Dequeue();
            if (timer.Order != when.Order)
                continue;
            _now = Math.Max(_now, when.Due);
            timer.Fire();
            return true;
        }
        _now = Math.Max(_now, until.Ticks);
        return false;
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>The entry of the queue that counts; earlier ones were overtaken by a change.</summary>
        public long Order { get; private set; } = -1;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Order = -1;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Set(dueTime);
            return true;
        }

        public void Fire()
        {
            Order = -1;
            if (_period > TimeSpan.Zero)
                Set(_period);
            callback(state);
        }

        public void Dispose() => Order = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan pause)
        {
            Order = ++time._order;
            time._timers.Enqueue(this, (time._now + Math.Max(pause.Ticks, 0), Order));
        }
    }
}

namespace Alcor.Simulation.Tests;

/// <summary>
/// A process that can be killed between any two awaits. What it left behind in memory may still run, but reaches
/// nothing:
/// its timers do not fire, and the wrappers around its store, its connections and its switch answer no more.
/// </summary>
internal sealed class ProcessLife(string name, SimulatedTime world)
{
    // Continuations run at once: Task.WhenAny over a source that defers them would leave the thread.
    private readonly TaskCompletionSource _died = new();

    public string Name => name;

    public bool IsDead => _died.Task.IsCompleted;

    public Task Died => _died.Task;

    /// <summary>The clock of the process.</summary>
    public TimeProvider Time => new ProcessTime(this, world);

    public void Kill() => _died.TrySetResult();

    /// <summary>Returns at once while the process lives, and never afterwards.</summary>
    public Task RequireAsync() => IsDead ? new TaskCompletionSource().Task : Task.CompletedTask;

    private sealed class ProcessTime(ProcessLife life, SimulatedTime world) : TimeProvider
    {
        public override long TimestampFrequency => world.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => world.GetUtcNow();

        public override long GetTimestamp() => world.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            world.CreateTimer(
                given =>
                {
                    if (!life.IsDead)
                        callback(given);
                },
                state,
                dueTime,
                period);
    }
}

namespace Alcor.Identity.Tests;

/// <summary>The real time, and what a test adds to it.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long added;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan span) => Interlocked.Add(ref added, span.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref added));

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Volatile.Read(ref added);
}

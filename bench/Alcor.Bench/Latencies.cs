using System.Diagnostics;

namespace Alcor.Bench;

/// <summary>Durations of single operations, in milliseconds; exact, because all of them are kept.</summary>
internal sealed class Latencies
{
    private readonly List<long> ticks = [];
    private bool isSorted;

    public int Count => ticks.Count;

    public void Add(long start, long end)
    {
        ticks.Add(end - start);
        isSorted = false;
    }

    public void Add(TimeSpan duration) => Add(0, (long)(duration.TotalSeconds * Stopwatch.Frequency));

    public void AddAll(Latencies others)
    {
        ticks.AddRange(others.ticks);
        isSorted = false;
    }

    /// <summary>The smallest duration that at least this share of all does not exceed; 0 when there are none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Percentile(double share)
    {
        if (ticks.Count == 0)
            return 0;
        if (!isSorted)
            ticks.Sort();
        isSorted = true;
        var index = Math.Clamp((int)Math.Ceiling(share * ticks.Count) - 1, 0, ticks.Count - 1);
        return ticks[index] * 1000.0 / Stopwatch.Frequency;
    }
}

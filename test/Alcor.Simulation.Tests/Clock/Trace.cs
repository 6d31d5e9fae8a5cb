namespace Alcor.Simulation.Tests;

/// <summary>What happened, as a hash over all of it and the last lines in words.</summary>
internal sealed class Trace(SimulatedTime time)
{
    private const int LinesMax = 400;
    private const ulong Prime = 1099511628211;
    private readonly Queue<string> _lines = new();
    private readonly DateTimeOffset _start = time.GetUtcNow();

    /// <summary>FNV-1a over every line and number since the start.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>Where lines also go, as they come; for watching one world.</summary>
    public Action<string>? Listener { get; set; }

    public IEnumerable<string> Tail(int lines) => _lines.TakeLast(lines);

    public void Write(string happened)
    {
        var line = $"{(time.GetUtcNow() - _start).TotalMilliseconds,10:0.0} {happened}";
        foreach (var character in line)
            Mix(character);
        if (_lines.Count >= LinesMax)
            _lines.Dequeue();
        _lines.Enqueue(line);
        Listener?.Invoke(line);
    }

    public void Mix(ulong value) => Hash = unchecked((Hash ^ value) * Prime);
}

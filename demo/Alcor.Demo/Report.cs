using System.Globalization;

namespace Alcor.Demo;

/// <summary>When what happened to a port, counted from the moment that the API had accepted it.</summary>
internal sealed record PortTimes(string Machine, string Host, string Address)
{
    public TimeSpan Plugged { get; init; }

    public TimeSpan Active { get; init; }

    public TimeSpan Lease { get; init; }

    /// <summary>Null when no ping came back.</summary>
    public TimeSpan? FirstPing { get; init; }
}

/// <summary>What came of one machine pinging another.</summary>
internal sealed record PingOutcome(PortTimes From, PortTimes To, Echoes Echoes);

/// <summary>What the demonstration tells its user.</summary>
internal sealed class Report(TextWriter output, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public void Step(string text) =>
        output.WriteLine($"{Seconds(time.GetElapsedTime(_start)),7} s  {text}");

    public void Blank() => output.WriteLine();

    public void Ports(IEnumerable<PortTimes> ports)
    {
        Blank();
        output.WriteLine("Milliseconds from the API's accepting a port:");
        Table(
            ["machine", "host", "address", "plugged", "ACTIVE", "lease", "first ping"],
            [.. ports.Select(port => (IReadOnlyList<string>)[port.Machine, port.Host, port.Address,
                Whole(port.Plugged), Whole(port.Active), Whole(port.Lease),
                port.FirstPing is { } first ? Whole(first) : "never"])]);
    }

    public void Pings(IEnumerable<PingOutcome> pings)
    {
        Blank();
        output.WriteLine("Who pinged whom:");
        Table(
            ["from", "to", "path", "sent", "lost", "round trip"],
            [.. pings.Select(ping => (IReadOnlyList<string>)[ping.From.Machine, ping.To.Machine, Path(ping),
                $"{ping.Echoes.Sent}", $"{ping.Echoes.Lost}",
                ping.Echoes.RoundTrip is { } trip ? $"{Fraction(trip.TotalMilliseconds)} ms" : "-"])]);
    }

    public void Lines(params ReadOnlySpan<string> lines)
    {
        Blank();
        foreach (var line in lines)
            output.WriteLine(line);
    }

    private void Table(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        foreach (var line in TextTable.Lines(headers, rows, leftColumns: 3))
            output.WriteLine("  " + line);
    }

    private static string Path(PingOutcome ping) =>
        ping.From.Host == ping.To.Host ? $"within {ping.From.Host}" : $"{ping.From.Host} to {ping.To.Host}, VXLAN";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Whole(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    private static string Fraction(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}

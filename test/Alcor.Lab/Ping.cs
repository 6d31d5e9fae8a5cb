using System.Globalization;
using System.Text.RegularExpressions;

namespace Alcor.Lab;

/// <summary>The summary of ping(8): how many echo requests went out, and how many were answered.</summary>
/// <param name="AverageRoundTrip">Null when nothing was answered.</param>
public sealed partial record PingResult(
    int Sent, int Received, TimeSpan? MinimumRoundTrip, TimeSpan? AverageRoundTrip, TimeSpan? MaximumRoundTrip)
{
    public int Lost => Sent - Received;

    public double LossPercent => Sent == 0 ? 0 : 100.0 * Lost / Sent;

    /// <summary>Everything that ping printed, for the message of a failing test.</summary>
    public required string Output { get; init; }

    /// <summary>Reads what ping of iputils printed.</summary>
    /// <exception cref="CommandFailedException">It holds no summary.</exception>
    public static PingResult Parse(string output)
    {
        var counts = Counts().Match(output);
        if (!counts.Success)
            throw new CommandFailedException($"ping printed no summary: {output}");
        var times = Times().Match(output);
        return new PingResult(int.Parse(counts.Groups["sent"].Value), int.Parse(counts.Groups["received"].Value),
            Milliseconds(times.Groups["min"]), Milliseconds(times.Groups["avg"]), Milliseconds(times.Groups["max"]))
        {
            Output = output,
        };
    }

    private static TimeSpan? Milliseconds(Group group) =>
        group.Success ? TimeSpan.FromMilliseconds(double.Parse(group.Value, CultureInfo.InvariantCulture)) : null;

    [GeneratedRegex(@"(?<sent>\d+) packets transmitted, (?<received>\d+) received", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counts();

    [GeneratedRegex(
        @"rtt min/avg/max/mdev = (?<min>[\d.]+)/(?<avg>[\d.]+)/(?<max>[\d.]+)/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Times();
}

/// <summary>A ping that goes on until it is stopped: for what happens under traffic.</summary>
public sealed partial class RunningPing(Daemon daemon) : IAsyncDisposable
{
    private const int SignalInterrupt = 2;

    /// <summary>Pings from anywhere, a machine or not.</summary>
    /// <param name="interval">Between two requests; at least 2 ms.</param>
    public static RunningPing Start(NetworkNamespace from, string logFile, string address, TimeSpan interval) =>
        new(from.Start(logFile, "ping", "-n", "-O", "-D", "-i",
            interval.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture), address));

    /// <summary>Echo replies seen so far.</summary>
    public int Received => Answers.Count();

    /// <summary>
    /// The requests before the last answer that were not answered, by their numbers: what was lost, without the request
    /// that was on its way when the ping was stopped.
    /// </summary>
    public IReadOnlyList<int> Lost
    {
        get
        {
            var answered = Answers.Select(line => int.Parse(
                Sequence().Match(line).Groups["number"].Value, CultureInfo.InvariantCulture)).ToHashSet();
            return [.. Enumerable.Range(1, answered.DefaultIfEmpty().Max()).Except(answered)];
        }
    }

    /// <summary>Waits until that many more requests have been answered.</summary>
    public async Task WaitForAnswersAsync(int count, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        for (var goal = Received + count; Received < goal;)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    /// <summary>Ends the ping and returns its summary.</summary>
    public async Task<PingResult> StopAsync()
    {
        await daemon.StopAsync(SignalInterrupt);
        return PingResult.Parse(await File.ReadAllTextAsync(daemon.LogFile));
    }

    public ValueTask DisposeAsync() => daemon.DisposeAsync();

    // The file comes into being a moment after the process.
    private IEnumerable<string> Answers => File.Exists(daemon.LogFile)
        ? File.ReadLines(daemon.LogFile).Where(line => line.Contains(" bytes from ", StringComparison.Ordinal))
        : [];

    [GeneratedRegex(@" icmp_seq=(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sequence();
}

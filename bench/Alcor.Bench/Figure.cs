namespace Alcor.Bench;

/// <summary>What one case came to.</summary>
/// <param name="Case">The word that chooses it on the command line.</param>
/// <param name="Setup">What was done, in a few words; with the case, unique in a report.</param>
/// <param name="Unit">What an operation is: ports, flows, transactions.</param>
/// <param name="Operations">How many succeeded within the time that was measured.</param>
/// <param name="Seconds">That time.</param>
/// <param name="Latency">Of one call, which may hold many operations.</param>
/// <param name="ServerSeconds">Processor seconds of the side that is measured; 0 when it is the client itself.</param>
/// <param name="ClientSeconds">Processor seconds of the process that measures.</param>
/// <param name="Errors">Calls that failed. Any makes the run fail.</param>
internal sealed record Figure(
    string Case,
    string Setup,
    string Unit,
    long Operations,
    double Seconds,
    LatencyFigure Latency,
    double ServerSeconds,
    double ClientSeconds,
    long Errors,
    string Note)
{
    public double Rate => Operations / Seconds;

    public double ServerSecondsPerThousand => ServerSeconds * 1000 / Math.Max(1, Operations);

    public double ClientSecondsPerThousand => ClientSeconds * 1000 / Math.Max(1, Operations);
}

/// <summary>Milliseconds.</summary>
internal sealed record LatencyFigure(double P50, double P95, double P99, double Max)
{
    public static LatencyFigure Of(Latencies all) =>
        new(all.Percentile(0.5), all.Percentile(0.95), all.Percentile(0.99), all.Percentile(1));
}

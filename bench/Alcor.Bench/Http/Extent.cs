namespace Alcor.Bench.Http;

/// <summary>How long a load runs: for a time, or until so many operations have been asked for.</summary>
internal readonly record struct Extent(double Seconds, long Operations)
{
    public static Extent For(double seconds) => new(seconds, long.MaxValue);

    /// <summary>
    /// However long it takes: on a machine that others use too, the same work is done before and while it is measured.
    /// </summary>
    public static Extent Of(long operations) => new(TimeSpan.FromHours(1).TotalSeconds, operations);
}

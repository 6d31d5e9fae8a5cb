using System.Diagnostics;
using System.Globalization;

namespace Alcor.Bench;

/// <summary>What figures depend on besides the code.</summary>
/// <param name="Processor">Its model.</param>
/// <param name="LoadAtStart">Processes that wanted to run in the last minute, others' too.</param>
/// <param name="SyncsPerSecond">
/// How often a page of 4 KiB at the end of a file reached the disk, one after the other, with fdatasync(2).
/// </param>
internal sealed record Machine(
    DateTimeOffset Measured, int Cores, string Processor, double MemoryGibibytes, string Kernel, string Runtime,
    double LoadAtStart, double SyncsPerSecond)
{
    public static Machine Look(string directory) => new(
        DateTimeOffset.UtcNow,
        Environment.ProcessorCount,
        Field("/proc/cpuinfo", "model name"),
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(1024, 3), 1),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Environment.Version.ToString(),
        Load(),
        MeasureSyncs(directory));

    public static double Load() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static string Field(string path, string name) =>
        File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?
            .Split(':', 2)[1].Trim() ?? "unknown";

    private static double MeasureSyncs(string directory)
    {
        var path = Path.Combine(directory, "sync");
        var page = new byte[4096];
        var count = 0;
        double seconds;
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < TimeSpan.FromSeconds(1))
            {
                RandomAccess.Write(file, page, (long)count++ * page.Length);
                RandomAccess.FlushToDisk(file);
            }
            seconds = watch.Elapsed.TotalSeconds;
        }
        File.Delete(path);
        return Math.Round(count / seconds);
    }
}

using Alcor.Bench.Http;

namespace Alcor.Bench;

/// <summary>What every case is given.</summary>
/// <param name="Directory">Where databases may be made; on the disk that is to be measured.</param>
/// <param name="Seconds">How long each rate is measured, after the warm-up.</param>
/// <param name="Operations">So many operations instead, where a load has them; null: for that time.</param>
/// <param name="Filter">Only set-ups that contain it are run; empty: all.</param>
internal sealed record Workbench(Report Report, string Directory, double Seconds, long? Operations, string Filter)
{
    /// <summary>Long enough for the second tier of the compiler to have seen every method.</summary>
    public double WarmUpSeconds => Math.Max(4, Seconds);

    /// <summary>The warm-up and what is measured, of a load.</summary>
    public (Extent WarmUp, Extent Measured) Extents => Operations is { } count
        ? (Extent.Of(count), Extent.Of(count))
        : (Extent.For(WarmUpSeconds), Extent.For(Seconds));

    public bool Wants(string setup) => setup.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    public string NewFile(string name) => Path.Combine(Directory, $"{name}-{Guid.NewGuid():N}.db");

    public static void Remove(string database)
    {
        foreach (var file in System.IO.Directory.GetFiles(
            Path.GetDirectoryName(database)!, Path.GetFileName(database) + "*"))
        {
            File.Delete(file);
        }
    }
}

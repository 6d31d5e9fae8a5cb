using System.Globalization;
using System.Text.Json;

namespace Alcor.Bench;

/// <summary>Prints each figure as it comes, and writes all of them as JSON.</summary>
internal sealed class Report(Machine machine, TextWriter output)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private readonly List<Figure> figures = [];

    public bool HasErrors => figures.Exists(figure => figure.Errors > 0);

    public void WriteHead()
    {
        Line($"{machine.Cores} cores, {machine.Processor}, {machine.MemoryGibibytes:0.#} GiB, Linux {machine.Kernel}, "
            + $".NET {machine.Runtime}");
        Line($"load {machine.LoadAtStart:0.00} at the start, {machine.SyncsPerSecond:N0} fdatasync/s");
        Line($"{"case",-9} {"setup",-46} {"rate",20} {"p50",8} {"p95",8} {"p99",8} {"max",8} ms "
            + $"{"server",8} {"client",8} CPU s per 1,000");
    }

    public void Add(Figure figure)
    {
        figures.Add(figure);
        var latency = figure.Latency;
        Line($"{figure.Case,-9} {figure.Setup,-46} {Rate(figure),20} {latency.P50,8:0.00} {latency.P95,8:0.00} "
            + $"{latency.P99,8:0.00} {latency.Max,8:0.0}    {figure.ServerSecondsPerThousand,8:0.000} "
            + $"{figure.ClientSecondsPerThousand,8:0.000}"
            + (figure.Errors > 0 ? $"  {figure.Errors} ERRORS" : "")
            + (figure.Note.Length > 0 ? $"  {figure.Note}" : ""));
    }

    public void Say(string text) => Line(text);

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(new { machine, figures }, Options));
    }

    private static string Rate(Figure figure) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure.Rate:N0} {figure.Unit}/s");

    private void Line(string text) => output.WriteLine(text);
}

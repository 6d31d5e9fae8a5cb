using System.CommandLine;
using Alcor.Bench;
using Alcor.Bench.Cases;

var all = new Dictionary<string, Func<Workbench, CancellationToken, Task>>(StringComparer.Ordinal)
{
    ["store"] = StoreCase.RunAsync,
    ["http"] = HttpCase.RunAsync,
    ["flatness"] = FlatnessCase.RunAsync,
    ["fanout"] = FanOutCase.RunAsync,
    ["switch"] = SwitchCase.RunAsync,
    ["openflow"] = OpenFlowCase.RunAsync,
};
var cases = new Argument<string[]>("cases")
{
    Description = $"Which cases; all without one. There are {string.Join(", ", all.Keys)}.",
    Arity = ArgumentArity.ZeroOrMore,
};
cases.AcceptOnlyFromAmong([.. all.Keys]);
var seconds = new Option<double>("--seconds")
{
    Description = "How long each rate is measured.",
    DefaultValueFactory = _ => 5,
};
var filter = new Option<string>("--only")
{
    Description = "Only set-ups whose text contains this.",
    DefaultValueFactory = _ => "",
};
var directory = new Option<string>("--directory")
{
    Description = "Where databases are made: the disk that is measured.",
    DefaultValueFactory = _ => Path.GetTempPath(),
};
var json = new Option<string>("--json")
{
    Description = "The file for the figures.",
    DefaultValueFactory = _ => "artifacts/bench.json",
};

var root = new RootCommand("Measures Alcor.") { cases, seconds, filter, directory, json };
root.SetAction(async (parsed, cancellationToken) =>
{
    var folder = Directory.CreateTempSubdirectory("alcor-bench-").FullName;
    if (parsed.GetValue(directory) is { } wanted && wanted != Path.GetTempPath())
    {
        Directory.Delete(folder);
        folder = Directory.CreateDirectory(Path.Combine(wanted, $"alcor-bench-{Environment.ProcessId}")).FullName;
    }
    try
    {
        var report = new Report(Machine.Look(folder), Console.Out);
        report.WriteHead();
        var bench = new Workbench(report, folder, parsed.GetValue(seconds), parsed.GetValue(filter)!);
        var chosen = parsed.GetValue(cases) is { Length: > 0 } some ? some : [.. all.Keys];
        foreach (var name in chosen)
            await all[name](bench, cancellationToken);
        report.Save(parsed.GetValue(json)!);
        return report.HasErrors ? 1 : 0;
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
});
return await root.Parse(args).InvokeAsync();

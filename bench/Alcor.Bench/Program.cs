using System.CommandLine;
using Alcor.Bench;
using Alcor.Bench.Cases;
using Alcor.Bench.Http;

var all = new Dictionary<string, Func<Workbench, CancellationToken, Task>>(StringComparer.Ordinal)
{
    ["store"] = StoreCase.RunAsync,
    ["http"] = HttpCase.RunAsync,
    ["lists"] = ListCase.RunAsync,
    ["flatness"] = FlatnessCase.RunAsync,
    ["fanout"] = FanOutCase.RunAsync,
    ["switch"] = SwitchCase.RunAsync,
    ["packets"] = PacketCase.RunAsync,
    ["routed"] = RoutedCase.RunAsync,
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
var operations = new Option<long?>("--operations")
{
    Description = "Measure so many operations of a load, after a warm-up of as many, instead of for a time.",
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
var member = new Option<bool>("--member")
{
    Description = "Ask as a member of a project whose quotas count, instead of as the administrator.",
};
var program = new Option<string>("--program")
{
    Description = "The server to measure, if not the one that was built with this program.",
    DefaultValueFactory = _ => ServerUnderTest.Program,
};
var serverArguments = new Option<string[]>("--server-argument")
{
    Description = "A further argument of 'serve'. May be repeated.",
    DefaultValueFactory = _ => [],
};

var root = new RootCommand("Measures Alcor.")
{
    cases, seconds, operations, filter, directory, json, member, program, serverArguments,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    ServerUnderTest.Program = parsed.GetValue(program)!;
    ServerUnderTest.Arguments = parsed.GetValue(serverArguments)!;
    if (parsed.GetValue(member))
        Connection.Identity = Connection.Member;
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
        var bench = new Workbench(report, folder, parsed.GetValue(seconds), parsed.GetValue(operations),
            parsed.GetValue(filter)!);
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

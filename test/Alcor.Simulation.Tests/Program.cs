using System.Diagnostics;
using System.Globalization;

namespace Alcor.Simulation.Tests;

/// <summary>The test executable, which also replays one world, or looks through many.</summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["--seed", var seed]:
                Console.WriteLine(WorldRun.Of(WorldSettings.For(Number(seed)), Console.WriteLine));
                return 0;
            case ["--seeds", var first, var count]:
                return Search(Number(first), Number(count));
            case ["--mutation", var name, var seed]:
                var settings = WorldSettings.For(Number(seed)) with { Mutation = Enum.Parse<Mutation>(name),
                    Servers = 2 };
                Console.WriteLine(WorldRun.Of(settings, Console.WriteLine));
                return 0;
            default:
                return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);
        }
    }

    private static int Search(int first, int count)
    {
        var watch = Stopwatch.StartNew();
        var failures = 0;
        var (steps, recovery) = (0L, TimeSpan.Zero);
        for (var seed = first; seed < first + count; seed++)
        {
            var result = WorldRun.Of(WorldSettings.For(seed));
            steps += result.Steps;
            recovery += result.Recovery;
            if (result.Violation is null)
                continue;
            failures++;
            Console.WriteLine($"seed {seed}: {result.Violation}");
        }
        Console.WriteLine(
            $"{count} worlds, {failures} failures, {steps} steps, mean recovery {recovery / count}, "
            + $"{watch.Elapsed.TotalSeconds:0.0} s");
        return failures == 0 ? 0 : 1;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

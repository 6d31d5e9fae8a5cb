namespace Alcor.Storage.Tests;

/// <summary>The test executable, which is also the child that the durability tests kill, and the benchmark.</summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["bench", .. var rest]:
                var directory = rest.Length > 0 ? rest[0] : Path.GetTempPath();
                var seconds = rest.Length > 1 ? double.Parse(rest[1]) : 3;
                int? callers = rest.Length > 2 ? int.Parse(rest[2]) : null;
                await StoreBench.RunAsync(directory, seconds, callers, Console.Out);
                return 0;
            case ["child", var path]:
                await Sqlite.DurabilityChild.RunAsync(path);
                return 0;
            default:
                return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);
        }
    }
}

namespace Alcor.Storage.Tests;

/// <summary>The test executable, which is also the child that the durability tests kill.</summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["child", var path]:
                await Sqlite.DurabilityChild.RunAsync(path);
                return 0;
            default:
                return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Alcor.Server.Tests;

/// <summary>What a program printed and ended with.</summary>
public sealed record Finished(int ExitCode, string Output, string Error);

/// <summary>Programs that tests run: the built <c>alcor</c>, and the client.</summary>
internal static class Programs
{
    public static string Alcor { get; } = Path.Combine(AppContext.BaseDirectory, "alcor");

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        // The client reads the cloud to talk to from there; tests name it on the command line.
        var cloud = start.Environment.Keys.Where(name => name.StartsWith("OS_", StringComparison.Ordinal)).ToList();
        foreach (var name in cloud)
            start.Environment.Remove(name);
        return Process.Start(start)!;
    }

    public static async Task<Finished> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        return await FinishAsync(process);
    }

    public static async Task<Finished> FinishAsync(Process process)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancelled);
        var error = process.StandardError.ReadToEndAsync(cancelled);
        await process.WaitForExitAsync(cancelled);
        return new Finished(process.ExitCode, await output, await error);
    }

    /// <summary>Asks a process to end, as an init system does.</summary>
    public static void Terminate(Process process)
    {
        const int sigterm = 15;
        if (Kill(process.Id, sigterm) != 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"no signal to {process.Id}"));
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}

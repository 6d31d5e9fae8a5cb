using System.CommandLine;

namespace Alcor.Server;

/// <summary>Runs the command that a command line names.</summary>
internal static class CommandLine
{
    /// <summary>The command line cannot be understood: what shells and clients expect.</summary>
    public const int UsageExitCode = 2;

    /// <returns>The exit code: the command's, or <see cref="UsageExitCode"/>.</returns>
    public static Task<int> RunAsync(RootCommand root, IReadOnlyList<string> arguments)
    {
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count == 0)
        {
            // A signal cancels the command, which then has the time to drain, and to say so.
            return parsed.InvokeAsync(new InvocationConfiguration
            {
                ProcessTerminationTimeout = ServerLimits.DrainTimeout + TimeSpan.FromSeconds(5),
            });
        }
        foreach (var error in parsed.Errors)
            Console.Error.WriteLine($"alcor: {error.Message}");
        var command = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
        Console.Error.WriteLine($"Try 'alcor{command} --help'.");
        return Task.FromResult(UsageExitCode);
    }
}

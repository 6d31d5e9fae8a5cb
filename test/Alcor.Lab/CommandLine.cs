using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Alcor.Lab;

/// <summary>What a program left behind when it ended by itself.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>A program could not be started, failed, or did not end within its time limit.</summary>
public sealed class CommandFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A program with its arguments, to be run to its end with its output captured. The arguments reach the program as
/// they are: no shell is involved.
/// </summary>
public sealed record CommandLine(string Program, params IReadOnlyList<string> Arguments)
{
    // A dump of 100 000 flows is some 20 MB; a program that prints more than this is out of control.
    private const int OutputCharactersMax = 64 * 1024 * 1024;

    /// <summary>The named network namespace to run in; null for that of this process.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Variables added to the environment of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the program reads on its standard input; nothing by default.</summary>
    public string Input { get; init; } = "";

    /// <summary>How long the program may take before it is killed with its children.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Runs <paramref name="program"/> and returns its standard output.</summary>
    /// <exception cref="CommandFailedException">It failed; the message holds its standard error.</exception>
    public static Task<string> RunAsync(string program, params string[] arguments) =>
        new CommandLine(program, arguments).OutputAsync(CancellationToken.None);

    /// <summary>Runs the program and returns its standard output.</summary>
    /// <exception cref="CommandFailedException">It failed; the message holds its standard error.</exception>
    public async Task<string> OutputAsync(CancellationToken cancellationToken)
    {
        var result = await ResultAsync(cancellationToken);
        return result.ExitCode == 0
            ? result.Output
            : throw new CommandFailedException($"'{this}' ended with {result.ExitCode}: {Said(result)}");
    }

    /// <summary>Runs the program and returns what it left behind, whatever its exit code.</summary>
    /// <exception cref="CommandFailedException">It could not start, or exceeded its time limit.</exception>
    public async Task<CommandResult> ResultAsync(CancellationToken cancellationToken)
    {
        using var process = Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            var output = ReadAsync(process.StandardOutput, limit.Token);
            var error = ReadAsync(process.StandardError, limit.Token);
            await WriteInputAsync(process);
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"'{this}' did not end within {TimeLimit.TotalSeconds} s");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    public override string ToString() =>
        (NetworkNamespace is null ? "" : $"[{NetworkNamespace}] ") + $"{Program} {string.Join(' ', Arguments)}";

    /// <summary>The words that start the program in its namespace. "ip netns exec" replaces itself by it.</summary>
    internal IEnumerable<string> Words() =>
        NetworkNamespace is null
            ? [Program, .. Arguments]
            : ["ip", "netns", "exec", NetworkNamespace, Program, .. Arguments];

    private Process Start()
    {
        var words = Words().ToList();
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailedException($"'{this}' could not start: {exception.Message}", exception);
        }
    }

    private async Task WriteInputAsync(Process process)
    {
        try
        {
            await process.StandardInput.WriteAsync(Input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading everything; its exit code says whether that matters.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        while (await reader.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (text.Length + count > OutputCharactersMax)
                throw new CommandFailedException($"more than {OutputCharactersMax} characters of output");
            text.Append(buffer, 0, count);
        }

        return text.ToString();
    }

    private static string Said(CommandResult result) =>
        string.IsNullOrWhiteSpace(result.Error) ? result.Output.Trim() : result.Error.Trim();
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Alcor.Lab;

/// <summary>
/// A program that runs until it is ended, started in the foreground as a child of this process and known by its process
/// id. It is a session of its own and writes to a file, so that it outlives this process when that is wanted.
/// </summary>
public sealed partial class Daemon : IAsyncDisposable
{
    // Hang protection: a Keystone loads for half a minute where several suites share two cores.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);
    private const int SignalTerminate = 15;
    private readonly Process _process;

    private Daemon(CommandLine command, Process process, string logFile)
    {
        Command = command;
        _process = process;
        LogFile = logFile;
    }

    public CommandLine Command { get; }

    /// <summary>Holds what the program wrote to its standard output and error.</summary>
    public string LogFile { get; }

    public int ProcessId => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts <paramref name="command"/> with its output appended to <paramref name="logFile"/>.</summary>
    public static Daemon Start(CommandLine command, string logFile)
    {
        // Every link of this chain replaces itself by the next: the id of the first is the id of the daemon.
        const string redirected = "log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1";
        var start = new ProcessStartInfo("setsid", ["sh", "-c", redirected, "sh", logFile, .. command.Words()]);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        return new Daemon(command, Process.Start(start)!, logFile);
    }

    /// <summary>Asks the program to end (SIGTERM) and waits; kills it if it does not.</summary>
    public Task StopAsync() => StopAsync(SignalTerminate);

    /// <summary>Asks the program to end by a signal of its liking, and waits; kills it if it does not end.</summary>
    public async Task StopAsync(int signal)
    {
        if (IsRunning)
            _ = Signal(ProcessId, signal);
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <summary>Ends the program at once (SIGKILL), as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by its number; false when there is no such process.</summary>
    public static bool Signal(int processId, int signal) => NativeKill(processId, signal) == 0;

    /// <summary>Waits until <paramref name="ready"/> holds, and fails with the log when it ends first.</summary>
    public async Task WaitUntilAsync(Func<bool> ready, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!ready())
        {
            RequireRunning();
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
        }
    }

    /// <exception cref="CommandFailedException">It has ended; the message holds the end of its log.</exception>
    public void RequireRunning()
    {
        if (!IsRunning)
            throw new CommandFailedException($"'{Command}' ended with {_process.ExitCode}: {LogTail()}");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private string LogTail() =>
        File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(20)) : "(no output)";

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NativeKill(int processId, int signal);
}

using System.Diagnostics;

namespace Alcor.Bench.Http;

/// <summary><c>alcor serve</c> as a child process, on free ports and a database of its own.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly Process process;

    private ServerUnderTest(Process process, Uri api, Uri southbound) =>
        (this.process, Api, Southbound) = (process, api, southbound);

    public Uri Api { get; }

    public Uri Southbound { get; }

    public int ProcessId => process.Id;

    public double ProcessorSeconds => ProcessorTime.Of(process.Id);

    /// <summary>The server that was built with this program, or an earlier one to compare with.</summary>
    public static string Program { get; set; } = Path.Combine(AppContext.BaseDirectory, "alcor");

    /// <summary>Further arguments of <c>serve</c>.</summary>
    public static IReadOnlyList<string> Arguments { get; set; } = [];

    /// <param name="southbound">Where hosts reach it: <c>http://address:port</c>.</param>
    public static async Task<ServerUnderTest> StartAsync(
        string database, string southbound, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            Program,
            [
                "serve", "--listen", "http://127.0.0.1:0", "--southbound", southbound, "--database", database,
                .. Arguments,
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        // What is set to make this process a light client must not make the server another one than operators run.
        var inherited = start.Environment.Keys
            .Where(key => key.StartsWith("DOTNET_SYSTEM_NET", StringComparison.Ordinal))
            .ToList();
        foreach (var name in inherited)
            start.Environment.Remove(name);
        var started = Process.Start(start)!;
        try
        {
            var api = await ReadAddressAsync(started, "Networking API: ", cancellationToken);
            var dataplane = await ReadAddressAsync(started, "Dataplane: ", cancellationToken);
            _ = started.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return new ServerUnderTest(started, api, dataplane);
        }
        catch
        {
            started.Kill();
            started.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<Uri> ReadAddressAsync(Process started, string label, CancellationToken cancellationToken)
    {
        while (await started.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(label, StringComparison.Ordinal))
                return new Uri(line[label.Length..]);
        }
        throw new InvalidOperationException($"the server ended without saying '{label}'");
    }
}

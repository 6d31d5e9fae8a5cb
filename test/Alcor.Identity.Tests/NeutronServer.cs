using System.Globalization;
using Alcor.Lab;

namespace Alcor.Identity.Tests;

/// <summary>
/// A real Neutron, of Debian's package neutron-server, with a database of its own, on a free port of the loopback
/// address, which asks the Keystone of the test. Only what is recorded by hand needs it.
/// </summary>
internal sealed class NeutronServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/neutron-server";

    private readonly string home;
    private readonly Daemon process;

    private NeutronServer(string home, Daemon process, Uri url) =>
        (this.home, this.process, Url) = (home, process, url);

    public Uri Url { get; }

    /// <summary>Null where it can run; else one sentence saying why not.</summary>
    public static string? WhyNot() =>
        File.Exists(Program) ? null : $"not installed: {Program} (Debian's neutron-server)";

    public static async Task<NeutronServer> StartAsync(Uri keystone, CancellationToken cancelled)
    {
        var folder = Directory.CreateTempSubdirectory("alcor-neutron-").FullName;
        var script = Path.Combine(SourceTree.Root, "test/Alcor.Identity.Tests/Session/neutron.py");
        var log = Path.Combine(folder, "output.log");
        var daemon = Daemon.Start(new CommandLine("/usr/bin/python3", script, folder, keystone.AbsoluteUri), log);
        try
        {
            using var http = new HttpClient();
            var url = await WaitAsync(daemon, () => Task.FromResult(UrlIn(log)), cancelled);
            return await WaitAsync(
                daemon,
                async () => await AnswersAsync(http, url) ? new NeutronServer(folder, daemon, url) : null,
                cancelled);
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }

    /// <summary>Loading all of Neutron takes longer than a daemon is given.</summary>
    private static async Task<T> WaitAsync<T>(Daemon daemon, Func<Task<T?>> attempt, CancellationToken cancelled)
        where T : class
    {
        while (daemon.IsRunning)
        {
            if (await attempt() is { } found)
                return found;
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancelled);
        }
        throw new CommandFailedException(await File.ReadAllTextAsync(daemon.LogFile, cancelled));
    }

    private static Uri? UrlIn(string log) =>
        File.Exists(log) && File.ReadLines(log).FirstOrDefault(IsNumber) is { } port
            ? new Uri($"http://127.0.0.1:{int.Parse(port, CultureInfo.InvariantCulture)}")
            : null;

    private static bool IsNumber(string line) => line.Length > 0 && line.All(char.IsAsciiDigit);

    private static async Task<bool> AnswersAsync(HttpClient http, Uri url)
    {
        try
        {
            return (await http.GetAsync(url)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

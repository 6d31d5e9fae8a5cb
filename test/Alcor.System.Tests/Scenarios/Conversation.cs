using System.Globalization;
using Alcor.Lab;

namespace Alcor.System.Tests.Scenarios;

/// <summary>Questions and answers between machines, by the means of a shell.</summary>
internal static class Conversation
{
    /// <summary>Starts what answers, and waits until it does; it ends with the namespace.</summary>
    public static async Task ServeAsync(NetworkNamespace network, string directory, Service service)
    {
        if (service.Kind.Serve is not { } serve)
            return;
        var own = Directory.CreateDirectory(Path.Combine(directory, $"{network.Name}-{service.Port}"));
        var command = serve(service.Port, own.FullName);
        network.Start(LogOf(network, directory, service), command[0], command[1..]);
        await Traffic.EventuallyAsync(
            () => AskAsync(network, "127.0.0.1", service), $"{network.Name} offers no {service}");
    }

    public static Task<bool> AskAsync(NetworkNamespace from, string address, Service service) =>
        service.Kind.AskAsync(from, address, service.Port);

    /// <summary>Whether a datagram from an address arrives, whoever gets the answer.</summary>
    public static async Task<bool> IsHeardAsync(
        NetworkNamespace from, string source, (NetworkNamespace Network, string Address) to, string directory,
        Service service)
    {
        var before = CountOf(source, LogOf(to.Network, directory, service));
        await (from.Command("socat", "-T", "0.2", "-", $"UDP4:{to.Address}:{service.Port},bind={source}") with
        {
            Input = "hello\n",
        }).ResultAsync(TestContext.Current.CancellationToken);
        return CountOf(source, LogOf(to.Network, directory, service)) > before;
    }

    private static int CountOf(string source, string log) => File.ReadLines(log).Count(line => line == source);

    private static string LogOf(NetworkNamespace network, string directory, Service service) =>
        Path.Combine(directory, string.Create(
            CultureInfo.InvariantCulture, $"{network.Name}-{service.Kind}{service.Port}.log"));
}

/// <summary>A TCP connection in which something is said twenty times a second, and echoed.</summary>
internal sealed class LastingConnection : IAsyncDisposable
{
    private const int EchoesMin = 10;

    /// <summary>As long as forty echoes take: a busy machine is not silent for so long.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private readonly Daemon _daemon;

    private LastingConnection(Daemon daemon)
    {
        _daemon = daemon;
    }

    public static LastingConnection Start(NetworkNamespace from, string directory, string address, int port)
    {
        var log = Path.Combine(directory, $"{from.Name}-{address}-{port}.log");
        const string speak = "while sleep 0.05; do echo again || exit; done | socat - \"$1\"";
        return new LastingConnection(from.Start(log, "sh", "-c", speak, "sh", $"TCP4:{address}:{port}"));
    }

    /// <summary>The same connection goes on: a client whose connection ends does not begin another.</summary>
    public async Task RequireFlowAsync(string name)
    {
        var goal = Echoes() + EchoesMin;
        await Traffic.EventuallyAsync(() => Task.FromResult(Echoes() >= goal), $"{name} does not go on");
    }

    public async Task RequireStallAsync(string name) => await Traffic.EventuallyAsync(
        async () =>
        {
            var before = Echoes();
            await Task.Delay(Silence, CancellationToken.None);
            return Echoes() == before;
        },
        $"{name} still goes on");

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    private int Echoes() => File.Exists(_daemon.LogFile) ? File.ReadLines(_daemon.LogFile).Count() : 0;
}

using System.Globalization;
using System.Text.Json;

namespace Alcor.Lab;

/// <summary>What arrives of datagrams that are sent whatever is lost of them: what a limit lets through.</summary>
/// <param name="KilobitsPerSecond">Of the datagrams' contents.</param>
public sealed record Throughput(double KilobitsPerSecond, double PacketsPerSecond)
{
    private const int Port = 5201;
    private const int AttemptsMax = 3;

    /// <summary>Null where it can be measured; else one sentence saying why not.</summary>
    public static string? WhyNot() =>
        LabRequirements.WhyNot() ?? (LabRequirements.IsInstalled("iperf3") ? null : "not installed: iperf3");

    /// <summary>Starts what receives, and waits until it listens; it ends with the namespace.</summary>
    public static async Task ListenAsync(NetworkNamespace network, string directory)
    {
        network.Start(Path.Combine(directory, $"{network.Name}-iperf3.log"), "iperf3", "-s", "-p", $"{Port}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await IsListeningAsync(network))
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    /// <summary>Sends to what listens at an address.</summary>
    /// <param name="kilobits">In each second.</param>
    /// <param name="length">Of the contents of a datagram, in bytes.</param>
    /// <param name="isReversed">What listens sends.</param>
    public static async Task<Throughput> MeasureAsync(
        NetworkNamespace from, string address, int kilobits, int length, bool isReversed = false)
    {
        string[] arguments =
        [
            "-c", address, "-p", $"{Port}", "-u", "-b", $"{kilobits}K", "-l", $"{length}", "-t", "2", "-J",
            .. isReversed ? ["-R"] : Array.Empty<string>(),
        ];
        var received = await ReceivedAsync(from, arguments);
        double Number(string name) => received.GetProperty(name).GetDouble();
        var packets = (Number("packets") - Number("lost_packets")) / Number("seconds");
        return new(packets * length * 8 / 1_000, packets);
    }

    /// <summary>The ends of iperf3 speak by TCP too, which on a busy machine may break off behind a limit.</summary>
    private static async Task<JsonElement> ReceivedAsync(NetworkNamespace from, string[] arguments)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await from.Command("iperf3", arguments).ResultAsync(CancellationToken.None);
            if (result.ExitCode == 0
                && JsonElement.Parse(result.Output).GetProperty("end").TryGetProperty("sum_received", out var received))
            {
                return received;
            }
            if (attempt == AttemptsMax)
                throw new InvalidOperationException($"iperf3 measures nothing: {result.Output}{result.Error}");
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{KilobitsPerSecond:0} kbit/s, {PacketsPerSecond:0} packets/s");

    private static async Task<bool> IsListeningAsync(NetworkNamespace network)
    {
        var probe = await network.Command("socat", "-u", "-", $"TCP:127.0.0.1:{Port}")
            .ResultAsync(CancellationToken.None);
        return probe.ExitCode == 0;
    }
}

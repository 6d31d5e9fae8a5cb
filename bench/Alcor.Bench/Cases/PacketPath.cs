using System.Globalization;
using System.Text.Json;
using Alcor.Lab;

namespace Alcor.Bench.Cases;

/// <summary>What ways from one machine to another take: round trips, and as much TCP as they carry.</summary>
/// <param name="of">The case that they are figures of.</param>
internal sealed class PacketPath(Workbench bench, LabTopology lab, string of)
{
    private const int Seconds = 5;
    private const int Connections = 20;

    public async Task MeasureAsync(string setup, VirtualMachine from, NetworkNamespace to, string address)
    {
        var (first, steady) = (new Latencies(), new Latencies());
        for (var i = 0; i < Connections; i++)
        {
            // Another process of ping is another connection: its first packet is new to the switch.
            var ping = await from.PingAsync(address, 20, TimeSpan.FromMilliseconds(10));
            first.Add(ping.MaximumRoundTrip ?? throw new InvalidOperationException(ping.Output));
            steady.Add(ping.MinimumRoundTrip!.Value);
        }
        bench.Report.Add(Latency($"{setup}, worst of 20 pings", first));
        bench.Report.Add(Latency($"{setup}, best of 20 pings", steady));
        bench.Report.Add(await ThroughputAsync(setup, from, to, address));
    }

    private async Task<Figure> ThroughputAsync(
        string setup, VirtualMachine from, NetworkNamespace to, string address)
    {
        await using var server = to.Start(Path.Combine(lab.Directory, $"{to.Name}.iperf3.log"), "iperf3", "-s", "-1");
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        var before = lab.Hosts.Sum(host => ProcessorTime.Of(host.Switch.SwitchProcessId));
        var text = await from.RunAsync("iperf3", "-c", address, "-J", "-t",
            Seconds.ToString(CultureInfo.InvariantCulture));
        using var json = JsonDocument.Parse(text);
        var sum = json.RootElement.GetProperty("end").GetProperty("sum_received");
        return new Figure(of, $"{setup}, TCP", "Mbit", (long)(sum.GetProperty("bytes").GetDouble() * 8 / 1e6),
            sum.GetProperty("seconds").GetDouble(), LatencyFigure.Of(new Latencies()),
            lab.Hosts.Sum(host => ProcessorTime.Of(host.Switch.SwitchProcessId)) - before, ClientSeconds: 0, Errors: 0,
            "iperf3, MTU 1450; server CPU: the switches");
    }

    private Figure Latency(string setup, Latencies latencies) => new(
        of, setup, "pings", latencies.Count, 1, LatencyFigure.Of(latencies), 0, 0, 0, "round trips");
}

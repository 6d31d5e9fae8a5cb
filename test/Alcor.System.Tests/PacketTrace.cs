using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>What <c>alcor trace</c> says of a packet, by the command that users run.</summary>
/// <param name="Arrives">The exit code.</param>
internal sealed record PacketTrace(bool Arrives, string Text)
{
    /// <param name="words">icmp, or tcp with a port.</param>
    public static async Task<PacketTrace> OfAsync(
        Region region, NetworkingPort port, string destination, string words, params string[] more)
    {
        var parts = words.Split(' ');
        string[] ports = parts is [_, var number] ? ["--destination-port", number] : [];
        var result = await new CommandLine(RegionFixture.Options.Executable,
            [
                "trace", port.Id, destination, "--server", region.Listen, "--protocol", parts[0], .. ports, .. more,
            ]).ResultAsync(TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode is 0 or 1, $"{result.Output}{result.Error}");
        return new PacketTrace(result.ExitCode == 0, result.Output);
    }

    /// <summary>The same with its answer, of the server itself: quicker, where there are many.</summary>
    public static async Task<PacketTrace> AskAsync(
        Region region, NetworkingPort port, string destination, string words)
    {
        var parts = words.Split(' ');
        var more = parts is [_, var number] ? $"&destination_port={number}" : "";
        using var http = new HttpClient { BaseAddress = new Uri(region.Listen) };
        var path = $"/v1/ports/{port.Id}/trace?reply=true&destination={destination}&protocol={parts[0]}{more}";
        var text = await http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var trace = JsonNode.Parse(text)!["trace"]!;
        return new PacketTrace(IsPassed(trace) && trace["reply"] is { } reply && IsPassed(reply), text);
    }

    private static bool IsPassed(JsonNode way) => (string?)way["verdict"] == "delivered";
}

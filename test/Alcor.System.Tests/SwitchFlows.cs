using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>The flows of br-int, each with the time for which it has been there.</summary>
internal sealed partial class SwitchFlows
{
    private const string Sentinel = "cookie=0xa1ff000000000000/-1";
    private readonly long _from;
    private readonly long _to;

    private SwitchFlows(IReadOnlyDictionary<string, TimeSpan> flows, long from, long to)
    {
        Ages = flows;
        _from = from;
        _to = to;
    }

    /// <summary>Flow without its counters → for how long it has been installed.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Ages { get; }

    public static async Task<SwitchFlows> DumpAsync(RegionHost host)
    {
        var from = Stopwatch.GetTimestamp();
        var text = await host.Lab.Switch.RunAsync("ovs-ofctl", "dump-flows", LabHost.IntegrationBridge);
        var flows = text.Split('\n').Where(line => Age().IsMatch(line)).ToDictionary(
            line => Counters().Replace(line, "").Trim(),
            line => TimeSpan.FromSeconds(
                double.Parse(Age().Match(line).Groups["age"].Value, CultureInfo.InvariantCulture)));
        return new SwitchFlows(flows, from, Stopwatch.GetTimestamp());
    }

    /// <summary>Waits until the flow is there that the agent installs last.</summary>
    public static Task ProgrammedAsync(RegionHost host) => Traffic.EventuallyAsync(
        async () => (await host.Lab.Switch.Command("ovs-ofctl", "dump-flows", LabHost.IntegrationBridge, Sentinel)
            .ResultAsync(TestContext.Current.CancellationToken)).Output.Contains("table=250", StringComparison.Ordinal),
        $"{host.Name} is not programmed");

    /// <summary>
    /// Every flow is still there, no other has come, and each has grown older by the time that has passed: none was
    /// deleted and added again.
    /// </summary>
    public void RequireUntouchedIn(SwitchFlows later)
    {
        Assert.NotEmpty(Ages);
        Assert.Equal(Ages.Keys.Order(StringComparer.Ordinal), later.Ages.Keys.Order(StringComparer.Ordinal));
        // The least that can have passed between the looks; the switch rounds to milliseconds.
        var passed = Stopwatch.GetElapsedTime(_to, later._from) - TimeSpan.FromMilliseconds(50);
        Assert.All(Ages, flow => Assert.True(later.Ages[flow.Key] >= flow.Value + passed,
            $"{flow.Key} was {flow.Value} old, and {later.Ages[flow.Key]} after {passed} and "
            + $"{Stopwatch.GetElapsedTime(_from, _to)} of looking"));
    }

    [GeneratedRegex(@" duration=(?<age>[\d.]+)s", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Age();

    [GeneratedRegex(@" (duration|n_packets|n_bytes|idle_age|hard_age)=[^,]+,", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counters();
}

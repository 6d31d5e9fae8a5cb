using System.Diagnostics;
using System.Globalization;

namespace Alcor.OpenFlow.Tests;

/// <summary>How fast a number of flows was programmed; processor seconds of the switch and of this process.</summary>
public sealed record FlowProgrammingFigures(int Flows, double Seconds, double SwitchSeconds, double ClientSeconds)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Flows} flows in {Seconds:0.00} s ({Flows / Seconds:0}/s), CPU {SwitchSeconds:0.00} s switch, {ClientSeconds:0.00} s client");
}

/// <summary>Measures flow programming into a real switch; a benchmark may call it as well as a test.</summary>
public static class FlowProgrammingMeasurement
{
    /// <summary>Adds <paramref name="count"/> flows of the kind that a host has for its neighbours.</summary>
    public static async Task<FlowProgrammingFigures> RunAsync(
        OpenFlowConnection connection, int switchProcessId, int count, FlowDelivery delivery, CancellationToken token)
    {
        var changes = Neighbours(count);
        var (switchBefore, clientBefore) = (ProcessorTime(switchProcessId), ProcessorTime(Environment.ProcessId));
        var clock = Stopwatch.StartNew();
        var result = await connection.SendFlowsAsync(changes, delivery, token);
        var elapsed = clock.Elapsed;
        if (!result.IsComplete) throw new InvalidOperationException($"refused: {result.Failures[0]}");
        return new FlowProgrammingFigures(count, elapsed.TotalSeconds,
            (ProcessorTime(switchProcessId) - switchBefore).TotalSeconds,
            (ProcessorTime(Environment.ProcessId) - clientBefore).TotalSeconds);
    }

    private static List<FlowMod> Neighbours(int count)
    {
        var changes = new List<FlowMod>(count);
        for (var i = 0; i < count; i++)
        {
            var mac = new MacAddress(0xfa163e000000UL + (ulong)i);
            changes.Add(FlowMod.Add(new Flow(60, 100, Match.Empty.Register(1, (uint)(i % 100)).EthDst(mac),
                new FlowAction.SetField(Field.TunnelId, (ulong)(i % 100)),
                new FlowAction.SetField(Field.TunnelDestination, new Ipv4Address(0x0a000000u + (uint)(i % 1000))),
                new FlowAction.Output(1)) { Cookie = 0x1000UL + (ulong)i }));
        }

        return changes;
    }

    private static TimeSpan ProcessorTime(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}

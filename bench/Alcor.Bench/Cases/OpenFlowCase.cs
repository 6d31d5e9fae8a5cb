using System.Diagnostics;
using Alcor.Lab;
using Alcor.OpenFlow;

namespace Alcor.Bench.Cases;

/// <summary>Flows of the kind that a host has for its neighbours, put into a real Open vSwitch.</summary>
internal static class OpenFlowCase
{
    private const int Flows = 100_000;
    private const int Rounds = 3;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        if (LabRequirements.WhyNot() is { } reason)
        {
            bench.Report.Say($"openflow: left out, because {reason}");
            return;
        }
        var name = $"bench{Environment.ProcessId}";
        var directory = Path.Combine(bench.Directory, name);
        var network = await NetworkNamespace.CreateAsync(name);
        try
        {
            await using var instance = await SwitchInstance.StartAsync(directory, name, cancellationToken);
            await instance.RunAsync(
                "ovs-vsctl", "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev", "fail_mode=secure",
                "protocols=OpenFlow14");
            foreach (var delivery in new[] { FlowDelivery.Bundle, FlowDelivery.Barrier })
                await MeasureAsync(bench, instance, delivery, cancellationToken);
        }
        finally
        {
            await network.DeleteAsync();
        }
    }

    private static async Task MeasureAsync(
        Workbench bench, SwitchInstance instance, FlowDelivery delivery, CancellationToken cancellationToken)
    {
        var setup = FormattableString.Invariant($"{Flows:N0} flows, {delivery}");
        if (!bench.Wants(setup))
            return;
        await using var connection = await OpenFlowConnection.ConnectUnixAsync(
            instance.ManagementSocket("br0"), OpenFlowConnectionOptions.Default, cancellationToken);
        var changes = Neighbours();
        var latencies = new Latencies();
        var (serverSeconds, clientSeconds, seconds) = (0.0, 0.0, 0.0);
        // The first round is the warm-up.
        for (var round = 0; round <= Rounds; round++)
        {
            await connection.SendFlowsAsync(
                [FlowMod.Delete(FlowFilter.Everything)], FlowDelivery.Barrier, cancellationToken);
            var (serverBefore, clientBefore) =
                (ProcessorTime.Of(instance.SwitchProcessId), ProcessorTime.OfThisProcess());
            var watch = Stopwatch.StartNew();
            var result = await connection.SendFlowsAsync(changes, delivery, cancellationToken);
            var elapsed = watch.Elapsed;
            if (!result.IsComplete)
                throw new InvalidOperationException($"the switch refused {result.Failures[0]}");
            if (round == 0)
                continue;
            latencies.Add(elapsed);
            seconds += elapsed.TotalSeconds;
            serverSeconds += ProcessorTime.Of(instance.SwitchProcessId) - serverBefore;
            clientSeconds += ProcessorTime.OfThisProcess() - clientBefore;
        }
        var there = (await connection.DumpFlowsAsync(FlowFilter.Everything, cancellationToken)).Count;
        bench.Report.Add(new Figure(
            "openflow",
            setup,
            "flows",
            (long)Flows * Rounds,
            seconds,
            LatencyFigure.Of(latencies),
            serverSeconds,
            clientSeconds,
            there == Flows ? 0 : 1,
            there == Flows ? "" : $"the switch has {there} flows"));
    }

    private static List<FlowMod> Neighbours()
    {
        var changes = new List<FlowMod>(Flows);
        for (var i = 0; i < Flows; i++)
        {
            var mac = new MacAddress(0xfa163e000000UL + (ulong)i);
            changes.Add(FlowMod.Add(new Flow(60, 100, Match.Empty.Register(1, (uint)(i % 100)).EthDst(mac),
                new FlowAction.SetField(Field.TunnelId, (ulong)(i % 100)),
                new FlowAction.SetField(Field.TunnelDestination, new Ipv4Address(0x0a000000u + (uint)(i % 1000))),
                new FlowAction.Output(1)) { Cookie = 0x1000UL + (ulong)i }));
        }

        return changes;
    }
}

using System.Diagnostics;
using Alcor.Bench.Hosts;
using Alcor.Bench.Http;

namespace Alcor.Bench.Cases;

/// <summary>
/// How long it takes from the request that creates a port until its host and all hosts of the network have
/// acknowledged it, with hosts that take no time themselves; and how many deliveries a second there are when nobody
/// waits.
/// </summary>
internal static class FanOutCase
{
    private const int Ports = 300;
    private const int WarmUpPorts = 200;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        foreach (var hosts in new[] { 1, 100 })
        {
            if (!bench.Wants($"{hosts} host"))
                continue;
            var database = bench.NewFile("fanout");
            try
            {
                await using var server = await ServerUnderTest.StartAsync(
                    database, "http://127.0.0.1:0", cancellationToken);
                using var api = await Api.OpenAsync(server, cancellationToken);
                await using var fleet = await Fleet.GatherAsync(server, api, hosts, cancellationToken);
                var run = new Run(bench, server, api, fleet);
                await run.OneByOneAsync(WarmUpPorts, cancellationToken);
                foreach (var figure in await run.OneByOneAsync(Ports, cancellationToken))
                    bench.Report.Add(figure);
                bench.Report.Add(await run.FloodAsync(cancellationToken));
                if (await api.FindFaultAsync(hosts + WarmUpPorts + Ports + run.Flooded, cancellationToken) is { } fault)
                    throw new InvalidOperationException(fault);
            }
            finally
            {
                Workbench.Remove(database);
            }
        }
    }

    private sealed class Run(Workbench bench, ServerUnderTest server, Api api, Fleet fleet)
    {
        private const int FloodClients = 10;

        public long Flooded { get; private set; }

        private string Hosts => fleet.Hosts.Count == 1 ? "1 host" : $"{fleet.Hosts.Count} hosts";

        /// <summary>One port at a time, each after all hosts have acknowledged the one before.</summary>
        public async Task<Figure[]> OneByOneAsync(int ports, CancellationToken cancellationToken)
        {
            var (accepted, active, everywhere) = (new Latencies(), new Latencies(), new Latencies());
            var (serverBefore, clientBefore) = (server.ProcessorSeconds, ProcessorTime.OfThisProcess());
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < ports; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var port = await fleet.CreatePortAsync(api, fleet.Hosts[i % fleet.Hosts.Count], cancellationToken);
                accepted.Add(start, Stopwatch.GetTimestamp());
                active.Add(start, await port.ActiveAsync(api, cancellationToken));
                everywhere.Add(start, await fleet.AllAcknowledgedAsync(port.Revision, cancellationToken));
            }
            var seconds = watch.Elapsed.TotalSeconds;
            var serverSeconds = server.ProcessorSeconds - serverBefore;
            var clientSeconds = ProcessorTime.OfThisProcess() - clientBefore;
            Figure Of(string what, Latencies latencies) => new(
                "fanout", $"{Hosts}: {what}", "ports", ports, seconds, LatencyFigure.Of(latencies), serverSeconds,
                clientSeconds, Errors: 0, Note: "");
            return
            [
                Of("POST answered", accepted),
                Of("ACTIVE seen", active),
                Of("all acknowledged", everywhere),
            ];
        }

        /// <summary>As many as ten clients create, until the last one is acknowledged by all hosts.</summary>
        public async Task<Figure> FloodAsync(CancellationToken cancellationToken)
        {
            var (serverBefore, clientBefore) = (server.ProcessorSeconds, ProcessorTime.OfThisProcess());
            var watch = Stopwatch.StartNew();
            var work = PortRequests.Create(fleet.Network, [.. fleet.Hosts.Select(host => host.Name)]);
            var load = new Load(server, FloodClients, work);
            var extents = (Extent.For(0), Extent.For(bench.Seconds));
            var created = await load.MeasureAsync("fanout", "", extents, cancellationToken);
            Flooded = load.Succeeded;
            var last = await fleet.CreatePortAsync(api, fleet.Hosts[0], cancellationToken);
            Flooded++;
            await fleet.AllAcknowledgedAsync(last.Revision, cancellationToken);
            return created with
            {
                Setup = $"{Hosts}: {FloodClients} clients, until all acknowledged",
                Seconds = watch.Elapsed.TotalSeconds,
                ServerSeconds = server.ProcessorSeconds - serverBefore,
                ClientSeconds = ProcessorTime.OfThisProcess() - clientBefore,
            };
        }
    }
}

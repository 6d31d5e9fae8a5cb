using System.Diagnostics;
using Alcor.Bench.Hosts;
using Alcor.Bench.Http;
using Alcor.Lab;

namespace Alcor.Bench.Cases;

/// <summary>
/// The whole way: server, agent and Open vSwitch are processes of their own. How long from the request that binds a
/// port to a host where its interface is plugged until the API says ACTIVE, and until the first ping is answered.
/// </summary>
internal static class SwitchCase
{
    private const int Ports = 100;
    private const int WarmUpPorts = 50;
    private const int Pings = 10;
    private static readonly TimeSpan PingInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        if (LabRequirements.WhyNot() is { } reason)
        {
            bench.Report.Say($"switch: left out, because {reason}");
            return;
        }
        await LabTopology.RemoveStaleAsync("bn");
        var database = bench.NewFile("switch");
        await using var lab = await LabTopology.StartAsync(
            LabTopologyOptions.ForTest("bn", hosts: 1), cancellationToken);
        try
        {
            await using var server = await ServerUnderTest.StartAsync(
                database, $"http://{lab.ServerAddress}:0", cancellationToken);
            using var api = await Api.OpenAsync(server, cancellationToken);
            await lab.Hosts[0].CreateIntegrationBridgeAsync();
            await using var agent = AgentUnderTest.Start(lab.Hosts[0], server.Southbound);
            var run = new Run(server, agent, api, lab.Hosts[0]);
            var network = await api.CreateNetworkAsync("switch", cancellationToken);
            await run.BindAsync(
                await run.PlugPortsAsync(network, "w", WarmUpPorts, cancellationToken), cancellationToken);
            var ports = await run.PlugPortsAsync(network, "p", Ports, cancellationToken);
            bench.Report.Add(await run.BindAsync(ports, cancellationToken));
            bench.Report.Add(await run.PingAsync(network, cancellationToken));
        }
        finally
        {
            Workbench.Remove(database);
        }
    }

    private sealed class Run(ServerUnderTest server, AgentUnderTest agent, Api api, LabHost host)
    {
        /// <summary>Ports that are bound to no host yet, each with an interface in br-int.</summary>
        public async Task<IReadOnlyList<CreatedPort>> PlugPortsAsync(
            string network, string prefix, int count, CancellationToken cancellationToken)
        {
            var ports = new List<CreatedPort>();
            var arguments = new List<string>();
            for (var i = 0; i < count; i++)
            {
                var port = await CreateAsync(network, cancellationToken);
                ports.Add(port);
                var name = $"{prefix}{i}";
                arguments.AddRange(
                [
                    "--", "add-port", LabHost.IntegrationBridge, name, "--", "set", "interface", name, "type=internal",
                    $"external_ids:iface-id=\"{port.Id}\"",
                ]);
            }
            await host.Switch.RunAsync("ovs-vsctl", [.. arguments.Skip(1)]);
            return ports;
        }

        /// <summary>Binds one after the other, each when the one before is ACTIVE.</summary>
        public async Task<Figure> BindAsync(IReadOnlyList<CreatedPort> ports, CancellationToken cancellationToken)
        {
            var active = new Latencies();
            var (before, client) = (ServerSide(), ProcessorTime.OfThisProcess());
            var watch = Stopwatch.StartNew();
            foreach (var port in ports)
            {
                var start = Stopwatch.GetTimestamp();
                await BindAsync(port, cancellationToken);
                active.Add(start, await port.ActiveAsync(api, cancellationToken));
            }
            return Result($"{ports.Count} ports, bind to ACTIVE", active, watch.Elapsed, ServerSide() - before) with
            {
                ClientSeconds = ProcessorTime.OfThisProcess() - client,
            };
        }

        /// <summary>
        /// A machine that has its port pings one whose port is bound meanwhile, every 10 ms. Both know the other's MAC
        /// address, as the kernel asks for it only once a second.
        /// </summary>
        public async Task<Figure> PingAsync(string network, CancellationToken cancellationToken)
        {
            var (source, sourcePort) = await AddMachineAsync(network, "from", cancellationToken);
            await BindAsync(sourcePort, cancellationToken);
            await sourcePort.ActiveAsync(api, cancellationToken);
            var answered = new Latencies();
            var (before, client) = (ServerSide(), ProcessorTime.OfThisProcess());
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Pings; i++)
            {
                var (target, port) = await AddMachineAsync(network, $"to{i}", cancellationToken);
                await Task.WhenAll(KnowAsync(source, port), KnowAsync(target, sourcePort));
                await using var ping = source.StartPing(port.IpAddress, PingInterval);
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
                if (ping.Received > 0)
                    throw new InvalidOperationException("a machine answers whose port is bound nowhere");
                var start = Stopwatch.GetTimestamp();
                await BindAsync(port, cancellationToken);
                while (ping.Received == 0)
                    await Task.Delay(Pause, cancellationToken);
                answered.Add(start, Stopwatch.GetTimestamp());
            }
            return Result($"{Pings} machines, bind to first ping", answered, watch.Elapsed, ServerSide() - before) with
            {
                ClientSeconds = ProcessorTime.OfThisProcess() - client,
            };
        }

        private static Task KnowAsync(VirtualMachine machine, CreatedPort other) => machine.RunAsync(
            "ip", "neigh", "replace", other.IpAddress, "lladdr", other.MacAddress, "dev", "eth0", "nud", "permanent");

        private async Task<(VirtualMachine Machine, CreatedPort Port)> AddMachineAsync(
            string network, string name, CancellationToken cancellationToken)
        {
            var port = await CreateAsync(network, cancellationToken);
            var machine = await host.AddMachineAsync(
                new VirtualMachineOptions(name, port.Id, port.MacAddress), cancellationToken);
            await machine.SetAddressAsync($"{port.IpAddress}/8", gateway: null);
            return (machine, port);
        }

        private async Task<CreatedPort> CreateAsync(string network, CancellationToken cancellationToken)
        {
            // A port of nobody is in no group, and would answer no ping.
            var body = $$$"""{"port":{"network_id":"{{{network}}}","port_security_enabled":false}}""";
            var answer = await api.SendAsync("POST", "/v2.0/ports", body, cancellationToken);
            return CreatedPort.Read(answer.GetProperty("port"));
        }

        private Task BindAsync(CreatedPort port, CancellationToken cancellationToken) => api.SendAsync(
            "PUT",
            $"/v2.0/ports/{port.Id}",
            $$$"""{"port":{"binding:host_id":"{{{host.Name}}}"}}""",
            cancellationToken);

        private double ServerSide() =>
            server.ProcessorSeconds + agent.ProcessorSeconds + ProcessorTime.Of(host.Switch.SwitchProcessId);

        private static Figure Result(string setup, Latencies latencies, TimeSpan elapsed, double seconds) => new(
            "switch", setup, "ports", latencies.Count, elapsed.TotalSeconds, LatencyFigure.Of(latencies), seconds,
            ClientSeconds: 0, Errors: 0, "server CPU: server, agent and switch");
    }
}

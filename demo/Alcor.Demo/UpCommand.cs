using System.Net;
using System.Net.Sockets;
using Alcor.Lab;

namespace Alcor.Demo;

/// <summary>The demonstration on real Open vSwitch; what it starts stays when it ends.</summary>
internal static class UpCommand
{
    private const string ExecutableName = "alcor";

    /// <returns>0: every ping was answered; 1: not; 2: this machine cannot do it.</returns>
    public static async Task<int> RunAsync(string name, Uri listen, CancellationToken cancellationToken)
    {
        if (LabRequirements.WhyNot() is { } reason)
        {
            Console.Error.WriteLine($"The demonstration with real Open vSwitch cannot run here: {reason}.");
            Console.Error.WriteLine("The same on the in-memory data plane, which needs nothing: make demo-memory");
            return 2;
        }

        var report = new Report(Console.Out, TimeProvider.System);
        if (await DownCommand.RemoveAsync(name))
            report.Step("an earlier demonstration was there and is removed");
        if (!IsFree(listen))
        {
            Console.Error.WriteLine($"{listen.Authority} is taken by another program. Stop that one, or choose "
                + "another address for the API: make demo LISTEN=http://127.0.0.1:9796");
            return 2;
        }

        try
        {
            return await PlayAsync(name, listen, report, cancellationToken) ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await DownCommand.RemoveAsync(name);
            return 1;
        }
        catch (Exception exception) when (exception is DemoFailedException or CommandFailedException
            or RequestRefusedException or HttpRequestException)
        {
            Console.Error.WriteLine($"The demonstration failed: {exception.Message}");
            Console.Error.WriteLine($"Logs: {LabTopologyOptions.Named(name, 2).Directory}; remove it: make demo-down");
            return 1;
        }
    }

    private static async Task<bool> PlayAsync(
        string name, Uri listen, Report report, CancellationToken cancellationToken)
    {
        var lab = await LabTopology.StartAsync(LabTopologyOptions.Named(name, hosts: 2), cancellationToken);
        report.Step("two hosts are there: alpha and beta, each a network namespace with an Open vSwitch of its own");
        var options = new RegionOptions(Path.Combine(AppContext.BaseDirectory, ExecutableName))
        {
            Listen = listen.GetLeftPart(UriPartial.Authority),
            HostNames = ["alpha", "beta"],
        };
        using var region = await Region.StartAsync(lab, options, cancellationToken);
        report.Step($"alcor serve answers, with its state in {region.Database}; an alcor agent runs on each host");
        var passed = await new Scenario(new LabStage(region), report, TimeProvider.System).RunAsync(cancellationToken);
        var last = await region.Api.ShowPortAsync(region.Lab.Machines.Last().PortId, cancellationToken);
        report.Lines(passed ? "Every ping was answered. All of it keeps running:"
            : "SOME PINGS WERE LOST. All of it keeps running, to look at:");
        Tell(name, region, report, last.Address);
        return passed;
    }

    private static void Tell(string name, Region region, Report report, string address)
    {
        var host = region.Hosts[0].Lab;
        var machines = region.Lab.Machines.ToList();
        var api = region.Listen;
        report.Lines(
            $"  API             {api}/v2.0/",
            $"  documentation   {api}/docs",
            $"  client          export OS_AUTH_TYPE=none OS_ENDPOINT={api}; openstack port list",
            $"  in a machine    ip netns exec {machines[0].Namespace.Name} ping -c 3 {address}",
            $"  flows           ovs-ofctl dump-flows {host.Switch.ManagementSocket(LabHost.IntegrationBridge)}",
            $"  logs            {region.ServerLog}, {region.Hosts[0].AgentLog}",
            $"  remove          make demo-down{(name == "demo" ? "" : $" NAME={name}")}");
    }

    private static bool IsFree(Uri listen)
    {
        try
        {
            var address = IPAddress.TryParse(listen.Host, out var parsed) ? parsed : IPAddress.Loopback;
            using var listener = new TcpListener(address, listen.Port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

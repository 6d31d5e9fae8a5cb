using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Services;
using Alcor.Agent.Tracing;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;

namespace Alcor.Server.Tracing;

/// <summary>Follows a packet of a port from what the store says, host by host as it comes to them.</summary>
internal sealed class PortTracer(IStore store, Catalog catalog)
{
    /// <param name="project">Of whoever asks: what others have is not named. Null: an administrator.</param>
    public async Task<PortTrace> TraceAsync(
        Port port, TraceQuestion question, string? project, CancellationToken cancellationToken)
    {
        var known = new KnownPartitions(store, catalog, project);
        known.Show(port.Id);
        known.Show(port.NetworkId);
        if (WhyNowhere(port) is { } reason)
        {
            var text = $"port {(port.Name.Length > 0 ? $"{port.Name} ({port.Id})" : port.Id)} {reason}";
            return new PortTrace(
                new TraceReport(TraceVerdict.Dropped, null, [new TraceStep("", null, null, text)], []), []);
        }
        var hosts = new List<TracedHost> { await HostAsync(known, port.HostId, cancellationToken) };
        while (true)
        {
            var outcome = Tracer.Trace(question, hosts, known.Names);
            if (outcome.Report is { } report)
                return new PortTrace(report, await NotesAsync(port, report, cancellationToken));
            hosts.Add(await HostAsync(known, outcome.MissingHost!, cancellationToken));
        }
    }

    private static string? WhyNowhere(Port port) => port switch
    {
        { GatewayOf: not null } => "is the gateway of a router: no machine sends by it",
        _ when DeviceOwner.IsRouterInterface(port.DeviceOwner) => "is a router's: no machine sends by it",
        { HostId: "" } => "is not bound to a host",
        { IsBound: false } => $"is bound to host {port.HostId}, whose agent has never connected",
        _ => null,
    };

    private async Task<TracedHost> HostAsync(
        KnownPartitions known, string name, CancellationToken cancellationToken) =>
        await store.GetAsync(Node.Type.Key(name), cancellationToken) is { } stored
            ? await HostAsync(known, (Node)catalog.Decode(stored).Value, cancellationToken)
            : new TracedHost(name, IPAddress.None, [], DesiredState.Empty);

    private async Task<TracedHost> HostAsync(
        KnownPartitions known, IPAddress tunnelAddress, CancellationToken cancellationToken)
    {
        var nodes = await store.ListAsync(ListQuery.All(Node.Type.Name), cancellationToken);
        return nodes.Select(node => (Node)catalog.Decode(node).Value)
            .FirstOrDefault(node => node.TunnelAddress.Equals(tunnelAddress)) is { } found
            ? await HostAsync(known, found, cancellationToken)
            // A host that is gone, or has another address now: what is sent there is lost.
            : new TracedHost($"nobody at {tunnelAddress}", tunnelAddress, [], DesiredState.Empty);
    }

    private async Task<TracedHost> HostAsync(
        KnownPartitions known, Node node, CancellationToken cancellationToken) =>
        new(node.Name, node.TunnelAddress, [.. node.PhysicalNetworks.OrEmpty()],
            await known.OfHostAsync(node.Name, cancellationToken))
        {
            Services = await ServicesAsync(node.Name, cancellationToken),
        };

    /// <summary>What the agent of a host has said that it offers.</summary>
    private async Task<HostServices> ServicesAsync(string host, CancellationToken cancellationToken)
    {
        var said = await store.SnapshotAsync(new PartitionKey("agent", host), cancellationToken);
        return said.Resources.Where(resource => resource.Key.Type == Network.Nodes.Agent.Type.Name)
            .Select(resource => Network.Nodes.Agent.Type.Decode(resource.Value).Configurations)
            .Select(words => HostServiceNames.Parse(words.GetValueOrDefault(HostServiceNames.Configuration, "")))
            .FirstOrDefault();
    }

    /// <summary>What a trace takes for granted and is not so: a host has yet to say that it has a port.</summary>
    private async Task<IReadOnlyList<string>> NotesAsync(
        Port port, TraceReport report, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        var ids = report.To?.Port is { } to ? new[] { port.Id, $"{to:D}" } : [port.Id];
        foreach (var id in ids.Distinct())
        {
            if (await store.GetAsync(Port.Type.Key(id), cancellationToken) is { } stored
                && (Port)catalog.Decode(stored).Value is { Status: not PortStatus.Active } waiting)
            {
                notes.Add($"port {id} is {waiting.Status}: its host may not have what is told here; "
                    + $"/v1/ports/{id}/explain says why");
            }
        }
        return notes;
    }
}

/// <param name="Notes">Why it may be otherwise on the hosts now.</param>
internal sealed record PortTrace(TraceReport Report, IReadOnlyList<string> Notes);

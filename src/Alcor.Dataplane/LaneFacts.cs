using System.Collections.Immutable;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Dataplane;

/// <summary>Writes facts from below down by the commands of the Networking API.</summary>
/// <param name="newId">Makes the UUIDs of sessions, and of agents that are seen for the first time.</param>
public sealed class LaneFacts(CommandLanes lanes, IStore store, Catalog catalog, Func<string> newId) : IHostFacts
{
    public async Task<AgentSession> HostConnectedAsync(HostIdentity host, CancellationToken cancellationToken)
    {
        var registered = await ExecuteAsync(new RegisterNode(host.Host, host.TunnelAddress)
        {
            PhysicalNetworks = BridgeMappings.NetworksOf(host.Configurations),
        });
        // Ports may have been bound before the host was known, when it had another address or other physical networks,
        // or by an earlier version.
        var isAnother = registered.Answer.Count > 0 || await HadOtherNetworksAsync(host, cancellationToken);
        var bindings = await catalog.LoadAsync(store, PartitionKey.Host(host.Host));
        var query = ListQuery.By(Port.Type.Name, $"{Port.Type.Name}.binding:host_id", host.Host);
        var networks = (await store.ListAsync(query, cancellationToken))
            .Select(stored => (Port)catalog.Decode(stored).Value)
            .Where(port => isAnother
                || !host.TunnelAddress.Equals(port.TunnelAddress)
                || !Binding.IsKept(port, bindings))
            .Select(port => port.NetworkId)
            .Distinct()
            .Order(StringComparer.Ordinal);
        foreach (var network in networks)
            await ExecuteAsync(new RefreshBindings(network, host.Host));
        var configurations = host.Configurations.SetItem("version", host.Version);
        // A connection that is over by now must not take the place of one that came later.
        cancellationToken.ThrowIfCancellationRequested();
        var session = new AgentSession(host.Host, newId());
        await ExecuteAsync(new ConnectAgent(session, newId(), configurations));
        return session;
    }

    public async Task<bool> HostAliveAsync(AgentSession session, CancellationToken cancellationToken) =>
        (await ExecuteAsync(new ReportAgent(session, Alive: true))).Answer.Count > 0;

    public Task HostGoneAsync(AgentSession session, CancellationToken cancellationToken) =>
        ExecuteAsync(new ReportAgent(session, Alive: false));

    public async Task PlaceGatewaysAsync(string host, CancellationToken cancellationToken)
    {
        var unsettled = await new GatewayReview(store, catalog).UnsettledAsync(host, cancellationToken);
        // Side by side, so that the store makes few writes of them.
        foreach (var some in unsettled.Chunk(DataplaneLimits.GatewaysPlacedAtOnce))
            await Task.WhenAll(some.Select(router => ExecuteAsync(new PlaceGateway(router))));
    }

    public async Task<IReadOnlyList<Port>> PortsObservedAsync(
        string networkId,
        AgentSession session,
        IReadOnlyList<PortObservation> observations,
        CancellationToken cancellationToken)
    {
        var reports = new List<PortReport>(observations.Count);
        foreach (var observation in observations)
        {
            if (await StatusAsync(observation, cancellationToken) is { } status)
                reports.Add(new PortReport(observation.PortId, observation.Generation, status));
        }
        if (reports.Count == 0)
            return [];
        var outcome = await ExecuteAsync(new ReportPortStatus(networkId, session, reports));
        return [.. outcome.Answer.Select(changed => (Port)changed.Value)];
    }

    /// <summary>
    /// The status that an observation leads to, or null to leave it. A port whose interface is not there is DOWN if
    /// it worked, or failed, before: it was unplugged. If it never worked it stays in BUILD, where one waits for its
    /// interface to come.
    /// </summary>
    private async ValueTask<string?> StatusAsync(PortObservation observation, CancellationToken cancellationToken)
    {
        if (observation.Condition != PortCondition.Waiting)
            return observation.Condition == PortCondition.Applied ? PortStatus.Active : PortStatus.Error;
        return await store.GetAsync(Port.Type.Key(observation.PortId), cancellationToken) is { } stored
            && catalog.Decode(stored).Value is Port { Status: PortStatus.Active or PortStatus.Error }
                ? PortStatus.Down
                : null;
    }

    /// <summary>
    /// Whether the host had other physical networks when all was last done that follows from them: its agent is written
    /// after that.
    /// </summary>
    private async Task<bool> HadOtherNetworksAsync(HostIdentity host, CancellationToken cancellationToken)
    {
        var query = ListQuery.By(Agent.Type.Name, $"{Agent.Type.Name}.host", host.Host);
        var agents = await store.ListAsync(query, cancellationToken);
        return agents.Select(agent => Agent.Type.Decode(agent.Value)).FirstOrDefault() is { } agent
            && !NetworksOf(agent.Configurations).SequenceEqual(NetworksOf(host.Configurations));

        static ImmutableArray<string> NetworksOf(ImmutableSortedDictionary<string, string> configurations) =>
            BridgeMappings.NetworksOf(configurations) ?? [];
    }

    private async Task<Outcome> ExecuteAsync(ICommand command)
    {
        var result = await lanes.ExecuteAsync(command);
        if (result.Error is { } error)
            throw new FactRefusedException($"{command.GetType().Name} was refused: {error.Message}");
        return result.Value;
    }
}

/// <summary>A fact could not be written down now.</summary>
public sealed class FactRefusedException(string message) : Exception(message);

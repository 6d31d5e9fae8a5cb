using Alcor.Dataplane;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;

namespace Alcor.Simulation.Tests;

/// <summary>One server process: lanes and a dataplane over the store that all of them share.</summary>
internal sealed class ServerProcess
{
    private readonly Simulation _world;
    private readonly CommandLanes _lanes;

    public ServerProcess(Simulation world, string name)
    {
        _world = world;
        Name = name;
        Life = new ProcessLife(name, world.Time);
        Store = new StoreConnection(world.Store, Life, world);
        _lanes = new CommandLanes(Store, NetworkCatalog.Types, Life.Time);
        var facts = new LaneFacts(_lanes, Store, NetworkCatalog.Types, world.NewId);
        Dataplane = new DataplaneService(
            Store, NetworkCatalog.Types, new FaultyFacts(facts, world), world.Settings.Dataplane, Life.Time);
        _ = Dataplane.StartAsync(CancellationToken.None);
    }

    public string Name { get; }

    public ProcessLife Life { get; }

    public IStore Store { get; }

    public DataplaneService Dataplane { get; }

    public Task<Result<Outcome>> ExecuteAsync(ICommand command) => _lanes.ExecuteAsync(command);

    public async Task ServeAsync(Connection connection)
    {
        var reason = await Dataplane.ServeAsync(connection.ServerSide, CancellationToken.None);
        if (Life.IsDead)
            return;
        _world.Trace.Write($"{connection.Name} ends: {reason}");
        connection.EndOfServer();
    }

    /// <summary>The mistakes that whoever writes down what hosts say could make.</summary>
    private sealed class FaultyFacts(LaneFacts facts, Simulation world) : IHostFacts
    {
        public Task<AgentSession> HostConnectedAsync(HostIdentity host, CancellationToken cancellationToken) =>
            facts.HostConnectedAsync(host, cancellationToken);

        public Task<bool> HostAliveAsync(AgentSession session, CancellationToken cancellationToken) =>
            facts.HostAliveAsync(session, cancellationToken);

        public Task HostGoneAsync(AgentSession session, CancellationToken cancellationToken) =>
            facts.HostGoneAsync(session, cancellationToken);

        public Task PlaceGatewaysAsync(string host, CancellationToken cancellationToken) =>
            facts.PlaceGatewaysAsync(host, cancellationToken);

        public async Task<IReadOnlyList<Port>> PortsObservedAsync(
            string networkId,
            AgentSession session,
            IReadOnlyList<PortObservation> observations,
            CancellationToken cancellationToken)
        {
            world.Trace.Write($"{session.Host} on network/{networkId}: " + string.Join(' ', observations));
            if (!world.Mutates(Mutation.StatusIgnoresGeneration, 1))
                return await facts.PortsObservedAsync(networkId, session, observations, cancellationToken);
            var current = observations.Select(one =>
                world.Oracle.Commits.Find(Port.Type, one.PortId) is { } port ? (port.HostId, one with
                {
                    Generation = port.Generation,
                }) : (session.Host, one));
            var changed = await Task.WhenAll(current.ToLookup(one => one.Item1, one => one.Item2)
                .Select(byHost => facts.PortsObservedAsync(
                    networkId, SessionOf(byHost.Key, session), [.. byHost], cancellationToken)));
            return [.. changed.SelectMany(ports => ports)];
        }

        private AgentSession SessionOf(string host, AgentSession speaker) =>
            world.Oracle.Commits.Find(AgentSession.Type, host) ?? speaker;
    }
}

using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;
using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Protocol.V1;
using EntryKey = Alcor.GoalState.EntryKey;

namespace Alcor.Simulation.Tests;

/// <summary>Watches over switches: what may be written to them and when, and that ACTIVE is the truth.</summary>
internal sealed class SwitchOracle(Simulation world, Oracle oracle)
{
    private History History => oracle.Commits.History;

    public void OnApplied(SimulatedHost host, AgentProcess process, IReadOnlyList<FlowChange> changes)
    {
        if (!oracle.Require(oracle.Streams.IsSynchronized(process),
            "nothing is written to a switch before Synchronized",
            $"{host.Name}: {changes.Count} changes, such as {changes[0]}"))
            return;
        world.Trace.Write($"{host.Name}: {changes.Count} changes of flows");
        oracle.Streams.RequirePromise(host, process);
        var deleted = changes.Where(change => change.IsDelete).Select(change => change.Flow.Key).ToList();
        if (deleted.Count == 0)
            return;
        // What the agent was told of the switch since its last pass may not be in its flows yet: any of it may count.
        foreach (var facts in process.Switch.Facts.Reverse())
        {
            var wanted = Renderer.Full(process.Agent.Desired, facts);
            deleted.RemoveAll(key => wanted.Find(key) is null);
            if (deleted.Count == 0)
                return;
        }
        oracle.Violate("no flow is deleted that is wanted", $"{host.Name}: {string.Join("; ", deleted)}");
    }

    /// <summary>
    /// A port is ACTIVE: the switch of its host must have had the flows of this generation, whatever happened since.
    /// </summary>
    public void OnActive(Port port, Port? before)
    {
        const string rule = "ACTIVE means that the switch has the port as it is";
        if (before is { Status: PortStatus.Active } && before.Generation == port.Generation)
            return;
        var host = world.Hosts.SingleOrDefault(known => known.Name == port.HostId);
        if (!oracle.Require(host is not null && port.IsBound, rule, $"{port.Id} is on no host"))
            return;
        var plugged = host!.EverPluggedAt(Guid.Parse(port.Id));
        if (!oracle.Require(plugged.Count > 0, rule, $"the interface of {port.Id} was never at {host.Name}"))
            return;
        var own = PartitionKey.Host(host.Name);
        var entry = History.Now(own).GetValueOrDefault(EntryKey.Parse(EntryKind.Port, port.Id));
        if (!oracle.Require(entry is not null, rule, $"{port.Id} is not bound to {host.Name}"))
            return;
        var states = StatesOf(port.NetworkId).ToList();
        var had = plugged.Any(ofPort => states.Any(network => Had(host, own, entry!, network, ofPort)));
        oracle.Require(had, rule, $"{host.Name} never had the flows of {port.Id}, generation {port.Generation}");
    }

    /// <summary>
    /// What the network itself said, lately or earlier: it may have been down when the port was applied.
    /// </summary>
    private IEnumerable<GoalEntry> StatesOf(string networkId)
    {
        var partition = PartitionKey.Network(networkId);
        var key = EntryKey.Parse(EntryKind.Network, networkId);
        GoalEntry? last = null;
        for (var revision = History.Last(partition); revision > 0; revision--)
        {
            var state = History.At(partition, revision).GetValueOrDefault(key);
            if (state is not null && !ReferenceEquals(state, last))
                yield return state;
            last = state;
        }
    }

    private static bool Had(SimulatedHost host, PartitionKey own, GoalEntry port, GoalEntry network, uint ofPort)
    {
        var facts = host.Facts with { Interfaces = host.Facts.Interfaces.SetItem(port.Key.Id, ofPort) };
        return Rendering.OfPort(own, port, network, facts).All(host.EverPut.Contains);
    }
}

using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.GoalState;
using Alcor.Kernel.Store;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using AgentEntryKey = Alcor.Agent.Desired.EntryKey;

namespace Alcor.Simulation.Tests;

/// <summary>From what was committed to what a switch should have, all at once and with nothing in between.</summary>
internal static class Rendering
{
    public static PartitionUpdate Snapshot(PartitionKey partition, long revision,
        IEnumerable<GoalEntry> entries) => new()
    {
        Partition = partition.ToString(),
        ToRevision = (ulong)revision,
        Snapshot = true,
        Last = true,
        Entries = { entries.Select(ToMessage) },
    };

    /// <summary>The value that an agent decodes of an entry.</summary>
    public static IEntryValue Decode(GoalEntry entry) => EntryDecoder.Decode(ToMessage(entry));

    /// <summary>What the switch of a host has when everything has arrived: Render(Project(store)).</summary>
    public static IReadOnlyCollection<Flow> Of(History history, SimulatedHost host)
    {
        var own = PartitionKey.Host(host.Name);
        var desired = DesiredState.Empty;
        foreach (var partition in history.InterestOf(own).Append(own))
        {
            var update = Snapshot(partition, history.Last(partition), history.Now(partition).Values);
            desired = desired.Apply(update).State;
        }
        return [.. Renderer.Full(desired, host.Facts).Flows];
    }

    /// <summary>
    /// The flows of one port alone, as its host renders them, but for those that its subnets decide on.
    /// </summary>
    public static IReadOnlyList<Flow> OfPort(
        PartitionKey hostPartition, GoalEntry port, GoalEntry network, SwitchFacts facts)
    {
        var desired = DesiredState.Empty
            .Apply(Snapshot(PartitionKey.Network(network.Key.Id.ToString("D")), 1, [network])).State
            .Apply(Snapshot(hostPartition, 1, [port])).State;
        var renderer = Renderer.Full(desired, facts);
        var owner = new EntryAddress(hostPartition.ToString(), new AgentEntryKey(EntryKind.Port, port.Key.Id));
        return [.. renderer.Flows.Where(flow => renderer.Owner(flow.Key) == owner
            && flow.Table is not (Tables.EgressNetworkAcl or Tables.IngressNetworkAcl))];
    }

    private static Entry ToMessage(GoalEntry entry) => new()
    {
        Kind = entry.Key.Kind,
        Id = Google.Protobuf.ByteString.CopyFrom(entry.Key.Id.ToByteArray(bigEndian: true)),
        Revision = (ulong)entry.Revision,
        Value = Google.Protobuf.ByteString.CopyFrom(entry.Value.Span),
    };
}

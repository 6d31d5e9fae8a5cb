using Alcor.GoalState;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Dataplane;

/// <summary>What an acknowledgement of a host's own partition says of its ports.</summary>
internal static class PortAcknowledgements
{
    /// <summary>
    /// Speaks of the ports that the acknowledgement covers for the first time, and of those that it names. A port
    /// whose entry has changed since is left out: the host spoke of another generation, and will speak of this one.
    /// </summary>
    /// <param name="before">The revision that was acknowledged before.</param>
    public static List<(string NetworkId, PortObservation Observation)> Of(
        GoalTable host, PartitionProgress progress, long before, IReadOnlyList<EntryProblem> results)
    {
        var acknowledged = progress.Acknowledged;
        var covered = acknowledged > before
            ? host.Entries.Values.Where(entry => entry.Revision > before && entry.Revision <= acknowledged)
            : [];
        var named = results
            .Select(result => host.Entries.GetValueOrDefault(result.Key))
            .OfType<GoalEntry>()
            .Where(entry => entry.Revision <= before);
        var observations = new List<(string, PortObservation)>();
        foreach (var entry in covered.Concat(named).Distinct())
        {
            if (PortOf(entry) is not var (networkId, generation))
                continue;
            observations.Add((
                EntryId.Decode(networkId),
                new PortObservation(
                    entry.Key.Id.ToString("D"), (long)generation, ConditionOf(progress.ProblemOf(entry.Key)))));
        }
        return observations;
    }

    /// <summary>Null: it is of no port, or of one that is on another host still.</summary>
    private static (ByteString NetworkId, ulong Generation)? PortOf(GoalEntry entry)
    {
        switch (entry.Key.Kind)
        {
            case EntryKind.Port:
                var port = PortEntry.Parser.ParseFrom(entry.Value.Span);
                return port.Inactive ? null : (port.NetworkId, port.Generation);
            case EntryKind.RouterGateway:
                var gateway = RouterGatewayEntry.Parser.ParseFrom(entry.Value.Span);
                return (gateway.NetworkId, gateway.Generation);
            default:
                return null;
        }
    }

    private static PortCondition ConditionOf(EntryProblem? problem) => problem switch
    {
        null => PortCondition.Applied,
        { State: EntryState.Waiting } => PortCondition.Waiting,
        _ => PortCondition.Failed,
    };
}

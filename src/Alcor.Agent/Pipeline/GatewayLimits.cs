using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 67 and 68: how much may come in by an address outside, before it is translated, so that what is too much
/// costs nothing more. Tables 71 and 72: how much may leave by it, whoever behind it sends. One table for bandwidth and
/// one for packets, as with <see cref="Limits"/>.
/// </summary>
internal static class GatewayLimits
{
    /// <summary>
    /// A way through an address that is limited: it leads to the tables that count, and the last of these does what the
    /// way did. A way that is not limited, or none of an address in one of the two directions, is left as it is.
    /// </summary>
    /// <param name="way">In by <see cref="Tables.RouterPorts"/> or out by <see cref="Tables.Departure"/>.</param>
    /// <param name="key">Of the address, as <see cref="MeterIds"/> has it.</param>
    public static IEnumerable<Flow> Count(Flow way, uint key, QosPolicyValue policy)
    {
        List<(byte Table, QosLimitValue? Limit)> tables = way.Table switch
        {
            Tables.RouterPorts =>
            [
                (Tables.ArrivalLimits, policy.Limit(isEgress: false, isPackets: false)),
                (Tables.ArrivalPacketLimits, policy.Limit(isEgress: false, isPackets: true)),
            ],
            Tables.Departure =>
            [
                (Tables.DepartureLimits, policy.Limit(isEgress: true, isPackets: false)),
                (Tables.DeparturePacketLimits, policy.Limit(isEgress: true, isPackets: true)),
            ],
            _ => [],
        };
        tables.RemoveAll(one => one.Limit is null);
        if (tables.Count == 0 || way.Instructions.Count == 0)
            return [way];
        var counting = tables.Select((one, i) => way with
        {
            Table = one.Table,
            Instructions =
            [
                new Instruction.Meter(MeterIds.Of(key, one.Limit!.IsEgress, one.Limit.IsPackets)),
                .. i + 1 < tables.Count ? [new Instruction.GotoTable(tables[i + 1].Table)] : From(one.Table, way),
            ],
        });
        return counting.Prepend(way with { Instructions = [new Instruction.GotoTable(tables[0].Table)] });
    }

    /// <summary>What a flow does, from a table that may be behind the one that it leads to.</summary>
    private static IEnumerable<Instruction> From(byte table, Flow way) =>
        way.Instructions is [Instruction.ApplyActions apply, Instruction.GotoTable next] && next.Table <= table
            ? [new Instruction.ApplyActions([.. apply.Actions, new FlowAction.Resubmit(next.Table)])]
            : way.Instructions;
}

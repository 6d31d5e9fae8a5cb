using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 2 and 4: how much a port may send, first of all, so that everything counts and what is too much costs nothing
/// more. Tables 95 and 97: how much may come to it, last of all, so that only what would arrive counts. One table for
/// bandwidth and one for packets, since a flow passes one meter (OpenFlow 1.4.1 section 5.9).
/// </summary>
/// <remarks>
/// A meter that drops a packet ends all that the switch still had to do with it. Of what is for a whole network that
/// would be the copies for the others, so towards a port such packets are not counted.
/// </remarks>
internal static class Limits
{
    /// <summary>
    /// The least that passes at once if nothing is said of it, in kilobits: machines send segments of up to 64 KiB,
    /// which come as one packet where they are not divided before the switch, and a smaller bucket would pass none.
    /// </summary>
    private const ulong LeastBurst = 65_536 * 8 / 1_000 + 1;

    private static readonly MacAddress GroupBit = new(1UL << 40);

    /// <summary>What a policy limits is counted by these, of the port alone.</summary>
    public static IEnumerable<Meter> Meters(uint key, QosPolicyValue policy) =>
        policy.Limits.Select(limit => new Meter(
            MeterIds.Of(key, limit.IsEgress, limit.IsPackets),
            limit.IsPackets ? MeterUnit.PacketsPerSecond : MeterUnit.KilobitsPerSecond,
            [new MeterBand(limit.Rate, BurstOf(limit))]));

    /// <summary>Where what the port sends goes first.</summary>
    /// <param name="next">Where it goes if nothing is limited.</param>
    public static byte First(QosPolicyValue? policy, byte next) =>
        policy?.Limit(isEgress: true, isPackets: false) is not null ? Tables.EgressLimits
        : policy?.Limit(isEgress: true, isPackets: true) is not null ? Tables.EgressPacketLimits
        : next;

    /// <param name="next">Where what the port sends goes afterwards.</param>
    public static IEnumerable<Flow> Of(uint key, QosPolicyValue policy, byte next, ulong cookie)
    {
        var hasPackets = policy.Limit(isEgress: true, isPackets: true) is not null;
        return policy.Limits.Select(limit => limit switch
        {
            { IsEgress: true, IsPackets: false } => Count(
                Tables.EgressLimits, Registers.From(key), key, limit, hasPackets ? Tables.EgressPacketLimits : next),
            { IsEgress: true } => Count(Tables.EgressPacketLimits, Registers.From(key), key, limit, next),
            { IsPackets: false } => Count(Tables.IngressLimits, To(key), key, limit, Tables.IngressPacketLimits),
            _ => Count(Tables.IngressPacketLimits, To(key), key, limit, Tables.Output),
        }).Select(flow => flow with { Cookie = cookie });
    }

    private static Match To(uint key) => Registers.To(key).EthDst(default, GroupBit);

    private static Flow Count(byte table, Match match, uint key, QosLimitValue limit, byte next) => new(
        table, Priorities.Entry, match,
        [
            new Instruction.Meter(MeterIds.Of(key, limit.IsEgress, limit.IsPackets)),
            new Instruction.GotoTable(next),
        ]);

    /// <summary>Of which nothing is said: 80 % of the rate, as with the agents of Neutron.</summary>
    private static uint BurstOf(QosLimitValue limit)
    {
        if (limit.Burst > 0)
            return limit.Burst;
        var share = (ulong)limit.Rate * 8 / 10;
        return (uint)Math.Max(share, limit.IsPackets ? 1 : LeastBurst);
    }
}

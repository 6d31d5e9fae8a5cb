using Alcor.Kernel.Store;
using Alcor.Network.Qos;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.GoalState;

/// <summary>
/// QoS policies, as the hosts of whoever has them know them. What a policy guarantees is for Placement to find a host
/// for; hosts are not told.
/// </summary>
internal static class QosProjection
{
    // Rates of packets are in thousands in the Networking API, and in packets on hosts.
    private const int Thousand = 1000;

    public static GoalEntry Of(QosPolicy policy, long revision)
    {
        var value = new QosPolicyEntry
        {
            Limits =
            {
                Limits(policy, QosRuleKind.BandwidthLimit, unit: 1),
                Limits(policy, QosRuleKind.PacketRateLimit, Thousand),
            },
        };
        if (policy.RulesOf(QosRuleKind.DscpMarking).FirstOrDefault() is { } marking)
            value.Dscp = (uint)marking.Value;
        return GoalEntry.Present(EntryKey.Parse(EntryKind.QosPolicy, policy.Id), revision, value);
    }

    /// <summary>How whoever has a policy names it; empty: there is none.</summary>
    public static ByteString IdOf(string? policy) => policy is null ? ByteString.Empty : EntryId.Encode(policy);

    /// <summary>Where the entry of whoever has a policy leads.</summary>
    public static IEnumerable<PartitionKey> LeadsOf(string? policy) =>
        policy is null ? [] : [PartitionKey.QosPolicy(policy)];

    /// <summary>A rate of 0 limits nothing, as with the agents of Neutron.</summary>
    private static IEnumerable<QosLimit> Limits(QosPolicy policy, QosRuleKind kind, uint unit) =>
        policy.RulesOf(kind).Where(rule => rule.Value > 0).Select(rule => new QosLimit
        {
            Egress = rule.Direction == QosRuleKind.Egress,
            Packets = kind == QosRuleKind.PacketRateLimit,
            Rate = Times(rule.Value, unit),
            Burst = Times(rule.Burst, unit),
        });

    /// <summary>What would not fit is no limit that anybody could reach.</summary>
    private static uint Times(int value, uint unit) => (uint)Math.Min((ulong)value * unit, uint.MaxValue);
}

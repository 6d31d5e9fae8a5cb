using Alcor.Protocol.V1;
using static Alcor.Agent.Desired.WireFields;

namespace Alcor.Agent.Desired;

/// <summary>Checks what is said of quality of service.</summary>
internal static class QosEntries
{
    private const uint DscpMax = 63;

    public static QosPolicyValue Policy(QosPolicyEntry entry)
    {
        Check(entry.Dscp <= DscpMax, $"DSCP {entry.Dscp}");
        var policy = new QosPolicyValue(
            [.. entry.Limits.Select(Limit)], entry.HasDscp ? (byte)entry.Dscp : null);
        var about = policy.Limits.Select(limit => (limit.IsEgress, limit.IsPackets)).ToList();
        Check(about.Distinct().Count() == about.Count, "two limits of one kind and direction");
        return policy;
    }

    private static QosLimitValue Limit(QosLimit limit)
    {
        Check(limit.Rate > 0, "a rate of nothing");
        return new(limit.Egress, limit.Packets, limit.Rate, limit.Burst);
    }
}

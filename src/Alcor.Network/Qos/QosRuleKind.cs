using System.Collections.Immutable;

namespace Alcor.Network.Qos;

/// <summary>What a QoS rule can be about, and what its parts are called.</summary>
public sealed class QosRuleKind
{
    public const string Egress = "egress";

    public const string Ingress = "ingress";

    /// <summary>Both directions together.</summary>
    public const string Any = "any";

    /// <summary>The largest rate: what fits into 31 bits.</summary>
    public const int RateMax = int.MaxValue;

    /// <summary>The code points that can be marked: those of RFC 2474, 2597 and 3246.</summary>
    public static readonly ImmutableArray<long> DscpMarks =
        [0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 46, 48, 56];

    public static readonly QosRuleKind BandwidthLimit =
        new("bandwidth_limit", "max_kbps", "max_burst_kbps", Ingress, Egress);

    public static readonly QosRuleKind DscpMarking = new("dscp_marking", "dscp_mark", null);

    public static readonly QosRuleKind MinimumBandwidth = new("minimum_bandwidth", "min_kbps", null, Ingress, Egress);

    public static readonly QosRuleKind MinimumPacketRate =
        new("minimum_packet_rate", "min_kpps", null, Any, Ingress, Egress);

    public static readonly QosRuleKind PacketRateLimit =
        new("packet_rate_limit", "max_kpps", "max_burst_kpps", Ingress, Egress);

    /// <summary>In the order in which a policy shows them.</summary>
    public static readonly ImmutableArray<QosRuleKind> All =
        [BandwidthLimit, DscpMarking, MinimumBandwidth, MinimumPacketRate, PacketRateLimit];

    private QosRuleKind(string name, string value, string? burst, params ImmutableArray<string> directions)
    {
        (Name, Value, Burst, Directions) = (name, value, burst, directions);
        Attributes = new QosRuleAttributes(this);
    }

    /// <summary>The type of a rule in the Networking API: <c>bandwidth_limit</c>.</summary>
    public string Name { get; }

    /// <summary>The attribute with the rate, or with the mark: <c>max_kbps</c>.</summary>
    public string Value { get; }

    /// <summary>The attribute with the burst; null: there is none.</summary>
    public string? Burst { get; }

    /// <summary>What its direction may be; empty: it has none.</summary>
    public ImmutableArray<string> Directions { get; }

    /// <summary>Whether values of it are rates, each in a direction; else they are marks.</summary>
    public bool IsRate => Directions.Length > 0;

    internal QosRuleAttributes Attributes { get; }

    public static QosRuleKind Of(QosRule rule) => All.Single(kind => kind.Name == rule.Kind);
}

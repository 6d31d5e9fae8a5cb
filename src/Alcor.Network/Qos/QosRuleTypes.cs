using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Qos;

/// <summary>
/// QoS rules as resources of their own, below their policy, one type for each kind. They live with their policy, which
/// has copies of them.
/// </summary>
public static class QosRuleTypes
{
    internal const string PolicyId = "policy_id";

    public static readonly ResourceType<QosRule> BandwidthLimit = Of(QosRuleKind.BandwidthLimit);

    public static readonly ResourceType<QosRule> DscpMarking = Of(QosRuleKind.DscpMarking);

    public static readonly ResourceType<QosRule> MinimumBandwidth = Of(QosRuleKind.MinimumBandwidth);

    public static readonly ResourceType<QosRule> MinimumPacketRate = Of(QosRuleKind.MinimumPacketRate);

    public static readonly ResourceType<QosRule> PacketRateLimit = Of(QosRuleKind.PacketRateLimit);

    public static IEnumerable<IResourceCommands> Commands =>
        QosRuleKind.All.Select(kind => new QosRuleCommands(kind, TypeOf(kind)));

    /// <summary>The same rules without their policy in the path: of each kind for which Neutron has that.</summary>
    public static IEnumerable<IResourceCommands> Aliases =>
        from kind in QosRuleKind.All
        where kind != QosRuleKind.PacketRateLimit
        select new QosRuleCommands(kind, Alias(kind)) { Verbs = Verbs.Update | Verbs.Delete };

    /// <summary>The type that the rules of a kind are kept as.</summary>
    public static ResourceType<QosRule> TypeOf(QosRuleKind kind) => kind.Name switch
    {
        "bandwidth_limit" => BandwidthLimit,
        "dscp_marking" => DscpMarking,
        "minimum_bandwidth" => MinimumBandwidth,
        "minimum_packet_rate" => MinimumPacketRate,
        _ => PacketRateLimit,
    };

    private static ResourceType<QosRule> Of(QosRuleKind kind) =>
        Of(kind, isInPath: true, new ApiNames($"{kind.Name}_rules", $"{kind.Name}_rule", $"{kind.Name}_rules")
        {
            Policy = $"policy_{kind.Name}_rule",
            NotFound = id => QosErrors.RuleNotFound("", id),
        });

    private static ResourceType<QosRule> Alias(QosRuleKind kind)
    {
        var name = $"alias_{kind.Name}_rule";
        return Of(kind, isInPath: false, new ApiNames($"qos/{name}s", name, $"{name}s")
        {
            Label = name,
            NotFound = id => QosErrors.RuleNotFound("", id),
        });
    }

    private static ResourceType<QosRule> Of(QosRuleKind kind, bool isInPath, ApiNames names) =>
        new($"qos_{kind.Name}_rule", $"qos_{kind.Name}_rules")
        {
            Json = NetworkJson.Default.QosRule,
            Id = rule => rule.Id,
            Partition = rule => PartitionKey.QosPolicy(rule.PolicyId),
            References = rule => [QosPolicy.Type.Key(rule.PolicyId)],
            ListedByReference = [(PolicyId, QosPolicy.Type.Name)],
            Parent = new ParentLink(QosPolicy.Type.Name, PolicyId, isInPath),
            Api = names,
            Attributes = kind.Attributes.All,
        };
}

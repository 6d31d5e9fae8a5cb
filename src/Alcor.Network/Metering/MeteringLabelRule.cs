using Alcor.Kernel.Resources;

namespace Alcor.Network.Metering;

/// <summary>Which traffic is counted under a label. Prefixes are kept as addresses with a length; null: any.</summary>
/// <param name="Excluded">Whether the traffic is not counted, though another rule says so.</param>
public sealed record MeteringLabelRule(
    string Id,
    string LabelId,
    string Direction,
    bool Excluded,
    string? RemotePrefix,
    string? SourcePrefix,
    string? DestinationPrefix)
{
    public static readonly ResourceType<MeteringLabelRule> Type = new("metering_label_rule", "metering_label_rules")
    {
        Json = NetworkJson.Default.MeteringLabelRule,
        Id = rule => rule.Id,
        Partition = rule => MeteringLabel.PartitionOf(rule.LabelId),
        References = rule => [MeteringLabel.Type.Key(rule.LabelId)],
        ListedByReference = [(MeteringLabelRuleAttributes.LabelIdName, MeteringLabel.Type.Name)],
        Parent = new ParentLink(MeteringLabel.Type.Name, MeteringLabelRuleAttributes.LabelIdName),
        Api = new ApiNames("metering/metering-label-rules", "metering_label_rule", "metering_label_rules")
        {
            NotFound = id => new ApiError(
                404, "MeteringLabelRuleNotFound", $"Metering label rule '{id}' does not exist."),
        },
        Attributes = MeteringLabelRuleAttributes.All,
    };
}

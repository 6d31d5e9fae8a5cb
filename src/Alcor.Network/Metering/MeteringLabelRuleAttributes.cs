using Alcor.Kernel.Resources;

namespace Alcor.Network.Metering;

/// <summary>The attributes of a rule of a metering label in the Networking API v2.0.</summary>
public static class MeteringLabelRuleAttributes
{
    public const string LabelIdName = "metering_label_id";

    public static readonly Attribute<MeteringLabelRule, string> Id =
        new("id", Schemas.Uuid, "The UUID of the rule.") { Read = rule => rule.Value.Id };

    public static readonly Attribute<MeteringLabelRule, string> LabelId =
        new(LabelIdName, Schemas.Uuid, "The label that it is part of.")
        {
            Read = rule => rule.Value.LabelId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<MeteringLabelRule, string> Direction =
        new("direction", Schemas.OneOf("ingress", "egress"), "The direction, seen from the project.")
        {
            Read = rule => rule.Value.Direction,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<MeteringLabelRule, bool> Excluded =
        new("excluded", Schemas.Boolean, "Whether the traffic is not counted.")
        {
            Read = rule => rule.Value.Excluded,
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<MeteringLabelRule, string?> RemotePrefix =
        Prefix("remote_ip_prefix", "The addresses at the other end; not along with the others.", r => r.RemotePrefix);

    public static readonly Attribute<MeteringLabelRule, string?> SourcePrefix =
        Prefix("source_ip_prefix", "Where the traffic comes from.", rule => rule.SourcePrefix);

    public static readonly Attribute<MeteringLabelRule, string?> DestinationPrefix =
        Prefix("destination_ip_prefix", "Where the traffic goes to.", rule => rule.DestinationPrefix);

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, LabelId, Direction, Excluded, RemotePrefix, SourcePrefix, DestinationPrefix,
        CommonAttributes.NoOwner<MeteringLabelRule>("project_id"),
        CommonAttributes.NoOwner<MeteringLabelRule>("tenant_id"),
    ];

    /// <summary>Any text: what is no block of addresses has an error type of its own, which Decide gives.</summary>
    private static Attribute<MeteringLabelRule, string?> Prefix(
        string name, string description, Func<MeteringLabelRule, string?> read) =>
        new(name, Schemas.Nullable(Schemas.Text(CommonAttributes.TextMax)), description)
        {
            Read = rule => read(rule.Value),
            InCreate = Presence.Optional,
        };
}

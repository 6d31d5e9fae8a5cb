using Alcor.Kernel.Resources;

namespace Alcor.Network.Qos;

/// <summary>The attributes of the QoS rules of one kind in the Networking API v2.0.</summary>
internal sealed class QosRuleAttributes
{
    public QosRuleAttributes(QosRuleKind kind)
    {
        Value = new Attribute<QosRule, long>(
            kind.Value,
            kind.IsRate ? Schemas.Integer(0, QosRuleKind.RateMax) : QosSchemas.DscpMark,
            Meaning(kind))
        {
            Read = rule => rule.Value.Value,
            InCreate = Presence.Required,
            InUpdate = true,
        };
        Burst = new Attribute<QosRule, long>(
            kind.Burst ?? "",
            Schemas.Integer(0, QosRuleKind.RateMax),
            "How much may pass at once; 0: as the host chooses, some 80 % of the rate.")
        {
            Read = rule => rule.Value.Burst,
            InCreate = Presence.Optional,
            InUpdate = true,
        };
        Direction = new Attribute<QosRule, string>(
            "direction", Schemas.OneOf([.. kind.Directions]), "The direction of the traffic, seen from the port.")
        {
            Read = rule => rule.Value.Direction,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = kind.IsRate ? QosRuleKind.Egress : "",
        };
        All =
        [
            .. new IAttribute[] { PolicyId, Value },
            .. kind.Burst is null ? [] : new IAttribute[] { Burst },
            .. kind.IsRate ? new IAttribute[] { Direction } : [],
            Id,
        ];
    }

    public Attribute<QosRule, string> Id { get; } = new("id", Schemas.Uuid, "The UUID of the rule.")
    {
        Read = rule => rule.Value.Id,
    };

    /// <summary>Taken from the path.</summary>
    public Attribute<QosRule, string> PolicyId { get; } =
        new(QosRuleTypes.PolicyId, Schemas.Uuid, "The policy that it is part of.")
        {
            Read = rule => rule.Value.PolicyId,
            IsVisible = false,
            IsFilterable = false,
        };

    public Attribute<QosRule, long> Value { get; }

    public Attribute<QosRule, long> Burst { get; }

    public Attribute<QosRule, string> Direction { get; }

    public IReadOnlyList<IAttribute> All { get; }

    private static string Meaning(QosRuleKind kind) => kind switch
    {
        { IsRate: false } => "The mark of what the port sends.",
        { Burst: not null } => "The rate; 0 limits nothing.",
        _ => "The rate. Placement finds a host that has it; hosts do not enforce it.",
    };
}

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
            kind.IsRate ? "The rate. Stored; not yet applied by hosts." : "The mark. Stored; not yet set by hosts.")
        {
            Read = rule => rule.Value.Value,
            InCreate = Presence.Required,
            InUpdate = true,
        };
        Burst = new Attribute<QosRule, long>(
            kind.Burst ?? "", Schemas.Integer(0, QosRuleKind.RateMax), "How much may go out at once; 0: unsaid.")
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
}

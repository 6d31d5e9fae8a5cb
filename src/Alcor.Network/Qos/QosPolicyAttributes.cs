using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Qos;

/// <summary>The attributes of a QoS policy in the Networking API v2.0.</summary>
public static class QosPolicyAttributes
{
    public static readonly Attribute<QosPolicy, string> Id = new("id", Schemas.Uuid, "The UUID of the policy.")
    {
        Read = policy => policy.Value.Id,
    };

    public static readonly Attribute<QosPolicy, string> ProjectId =
        CommonAttributes.ProjectId<QosPolicy>(p => p.ProjectId);

    public static readonly Attribute<QosPolicy, string> Name = CommonAttributes.Name<QosPolicy>(p => p.Name);

    public static readonly Attribute<QosPolicy, string> Description =
        CommonAttributes.Description<QosPolicy>(p => p.Description);

    public static readonly Attribute<QosPolicy, bool> Shared =
        CommonAttributes.Shared<QosPolicy>(policy => policy.Shares, inRequest: true);

    public static readonly Attribute<QosPolicy, bool> IsDefault =
        new("is_default", Schemas.Boolean, "Whether new networks of its project get it.")
        {
            Read = policy => policy.Value.IsDefault,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<QosPolicy, ImmutableArray<QosRule>> Rules =
        new("rules", QosSchemas.Rules, "Its rules.")
        {
            Read = policy => policy.Value.Rules,
            IsFilterable = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, ProjectId, CommonAttributes.TenantId<QosPolicy>(p => p.ProjectId), Name, Description, Shared, Rules,
        IsDefault,
        CommonAttributes.Tags<QosPolicy>(p => p.Tags),
        CommonAttributes.CreatedAt<QosPolicy>(p => p.CreatedAt),
        CommonAttributes.UpdatedAt<QosPolicy>(p => p.UpdatedAt),
        CommonAttributes.RevisionNumber<QosPolicy>(),
    ];
}

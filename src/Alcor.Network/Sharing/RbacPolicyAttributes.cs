using Alcor.Kernel.Resources;

namespace Alcor.Network.Sharing;

/// <summary>The attributes of the Networking API's RBAC policies.</summary>
public static class RbacPolicyAttributes
{
    public static readonly Attribute<RbacPolicy, string> Id = new("id", Schemas.Uuid, "The UUID of the policy.")
    {
        Read = policy => policy.Value.Id,
    };

    public static readonly Attribute<RbacPolicy, string> ProjectId =
        CommonAttributes.ProjectId<RbacPolicy>(policy => policy.ProjectId);

    public static readonly Attribute<RbacPolicy, string> ObjectType =
        new("object_type", Schemas.OneOf([.. Shareables.Names]), "The kind of what is shared.")
        {
            Read = policy => policy.Value.ObjectType,
            InCreate = Presence.Required,
            Default = "",
        };

    public static readonly Attribute<RbacPolicy, string> ObjectId =
        new("object_id", Schemas.Uuid, "What is shared.")
        {
            Read = policy => policy.Value.ObjectId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<RbacPolicy, string> Action =
        new("action", Schemas.Text(CommonAttributes.TextMax), "access_as_shared; access_as_external of networks.")
        {
            Read = policy => policy.Value.Action,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<RbacPolicy, string> TargetTenant =
        new("target_tenant", Schemas.Text(CommonAttributes.TextMax), "The project that it is shared with; *: all.")
        {
            Read = policy => policy.Value.Target,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, ProjectId, CommonAttributes.TenantId<RbacPolicy>(policy => policy.ProjectId), ObjectType, ObjectId, Action,
        TargetTenant,
    ];
}

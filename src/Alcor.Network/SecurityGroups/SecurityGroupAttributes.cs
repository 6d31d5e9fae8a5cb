using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.SecurityGroups;

/// <summary>The attributes of a security group in the Networking API v2.0.</summary>
public static class SecurityGroupAttributes
{
    public static readonly Attribute<SecurityGroup, string> Id =
        new("id", Schemas.Uuid, "The UUID of the security group.") { Read = group => group.Value.Id };

    public static readonly Attribute<SecurityGroup, string> Name = CommonAttributes.Name<SecurityGroup>(g => g.Name);

    public static readonly Attribute<SecurityGroup, string> Description =
        CommonAttributes.Description<SecurityGroup>(g => g.Description);

    public static readonly Attribute<SecurityGroup, string> ProjectId =
        CommonAttributes.ProjectId<SecurityGroup>(g => g.ProjectId);

    public static readonly Attribute<SecurityGroup, bool> Stateful =
        new(
            "stateful",
            Schemas.Boolean,
            "Whether answers to what is allowed are allowed too.")
        {
            Read = group => group.Value.Stateful,
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
            Default = true,
        };

    public static readonly Attribute<SecurityGroup, bool> Shared =
        CommonAttributes.Shared<SecurityGroup>(group => group.Shares, inRequest: false);

    public static readonly Attribute<SecurityGroup, ImmutableArray<Stamped<SecurityGroupRule>>> Rules =
        new("security_group_rules", SecurityGroupSchemas.Rules, "The rules of the group, whole.")
        {
            Read = group => group.Value.Rules,
            IsFilterable = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Stateful, CommonAttributes.TenantId<SecurityGroup>(g => g.ProjectId), Description, Shared, Rules,
        CommonAttributes.Tags<SecurityGroup>(g => g.Tags),
        CommonAttributes.CreatedAt<SecurityGroup>(g => g.CreatedAt),
        CommonAttributes.UpdatedAt<SecurityGroup>(g => g.UpdatedAt),
        CommonAttributes.RevisionNumber<SecurityGroup>(),
        ProjectId,
    ];
}

using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.SecurityGroups;

/// <summary>What traffic the ports in it may send and receive: its rules say so.</summary>
/// <param name="Stateful">Whether answers to what was allowed are allowed too.</param>
public sealed record SecurityGroup(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    bool Stateful,
    ImmutableArray<Share> Shares,
    ImmutableArray<string> Tags,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly ResourceType<SecurityGroup> Type = new("security_group", "security_groups")
    {
        Json = NetworkJson.Default.SecurityGroup,
        Id = group => group.Id,
        Partition = group => PartitionKey.SecurityGroup(group.Id),
        IndexedBy = [("name", group => [group.Name]), ("project_id", group => [group.ProjectId])],
        QuotaProject = group => group.ProjectId,
        Tags = group => group.Tags,
        WithTags = (group, tags, now) => group with { Tags = tags, UpdatedAt = now },
        Api = new ApiNames("security-groups", "security_group", "security_groups")
        {
            NotFound = id => new ApiError(404, "SecurityGroupNotFound", $"Security group {id} does not exist"),
            InUse = (id, _) => ApiError.Conflict("SecurityGroupInUse", $"Security Group {id} in use."),
        },
    };

    /// <summary>Whether it is the one that its project has from the start: no other may have the name.</summary>
    public bool IsDefault => Name == DefaultSecurityGroup.Name;
}

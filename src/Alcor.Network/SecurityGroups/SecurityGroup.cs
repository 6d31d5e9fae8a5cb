using System.Collections.Immutable;
using System.Text.Json.Serialization;
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
        IndexedBy = [("name", group => [group.Name])],
        VisibleTo = group => Sharing.Shares.VisibleTo(group.ProjectId, group.Shares),
        QuotaProject = group => group.ProjectId,
        Attributes = SecurityGroupAttributes.All,
        Embeds = new Embedding<SecurityGroup, SecurityGroupRule>(
            "security_group_rules",
            "security_group_rule",
            (group, rules) => group with { Rules = [.. rules.Where(rule => rule.Value.SecurityGroupId == group.Id)] }),
        Tags = group => group.Tags,
        WithTags = (group, tags, now) => group with { Tags = tags, UpdatedAt = now },
        Api = new ApiNames("security-groups", "security_group", "security_groups")
        {
            NotFound = id => new ApiError(404, "SecurityGroupNotFound", $"Security group {id} does not exist"),
            InUse = (id, _) => SecurityGroupErrors.InUse(id),
        },
    };

    /// <summary>What it allows, when it is shown; not kept in it.</summary>
    [JsonIgnore]
    public ImmutableArray<Stamped<SecurityGroupRule>> Rules { get; init; } = [];

    /// <summary>Whether it is the one that its project has from the start: no other may have the name.</summary>
    public bool IsDefault => Name == DefaultSecurityGroup.Name;
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressGroups;

namespace Alcor.Network.SecurityGroups;

/// <summary>Traffic that is allowed. It lives with its group; each change of it is one of the group.</summary>
/// <param name="GroupProjectId">The owner of its group, who sees it whoever made it.</param>
/// <param name="Description">Null: one of the rules that every group comes with.</param>
/// <param name="Direction">ingress or egress, seen from the port.</param>
/// <param name="EtherType">IPv4 or IPv6.</param>
/// <param name="Protocol">A name, or a number as text; null: any.</param>
/// <param name="PortRangeMin">The lowest port, or the type of ICMP; null: any.</param>
/// <param name="PortRangeMax">The highest port, or the code of ICMP; null: any.</param>
/// <param name="RemoteIpPrefix">Where the other end is, as it was asked for, host bits and all; null: anywhere.</param>
/// <param name="RemoteGroupId">The other end is a port of this group; null: it need not be.</param>
/// <param name="RemoteAddressGroupId">The other end is in this address group; null: it need not be.</param>
public sealed record SecurityGroupRule(
    string Id,
    string SecurityGroupId,
    string ProjectId,
    string GroupProjectId,
    string? Description,
    string Direction,
    string EtherType,
    string? Protocol,
    int? PortRangeMin,
    int? PortRangeMax,
    string? RemoteIpPrefix,
    string? RemoteGroupId,
    string? RemoteAddressGroupId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public const string Ingress = "ingress";

    public const string Egress = "egress";

    public const string Ipv4 = "IPv4";

    public const string Ipv6 = "IPv6";

    public static readonly ResourceType<SecurityGroupRule> Type = new("security_group_rule", "security_group_rules")
    {
        Json = NetworkJson.Default.SecurityGroupRule,
        Id = rule => rule.Id,
        Partition = rule => PartitionKey.SecurityGroup(rule.SecurityGroupId),
        References = ReferencesOf,
        ListedByReference =
        [
            ("security_group_id", "security_group"),
            ("remote_group_id", "security_group"),
            ("remote_address_group_id", "address_group"),
        ],
        VisibleTo = rule => [rule.ProjectId, rule.GroupProjectId],
        QuotaProject = rule => rule.ProjectId,
        Parent = new ParentLink("security_group", "security_group_id"),
        Attributes = SecurityGroupRuleAttributes.All,
        Api = new ApiNames("security-group-rules", "security_group_rule", "security_group_rules")
        {
            NotFound = id => new ApiError(
                404, "SecurityGroupRuleNotFound", $"Security group rule {id} does not exist"),
        },
    };

    /// <summary>One that allows all of a direction and an IP version, from or to a group if one is named.</summary>
    public static SecurityGroupRule OfAll(
        SecurityGroup group, string direction, string etherType, string? remoteGroupId = null) =>
        new(
            DerivedId.Of(group.Id, $"{direction}/{etherType}"),
            group.Id,
            group.ProjectId,
            group.ProjectId,
            Description: null,
            direction,
            etherType,
            Protocol: null,
            PortRangeMin: null,
            PortRangeMax: null,
            RemoteIpPrefix: null,
            remoteGroupId,
            RemoteAddressGroupId: null,
            group.CreatedAt,
            group.CreatedAt);

    private static IEnumerable<ResourceKey> ReferencesOf(SecurityGroupRule rule)
    {
        yield return SecurityGroup.Type.Key(rule.SecurityGroupId);
        if (rule.RemoteGroupId is { } remote)
            yield return SecurityGroup.Type.Key(remote);
        if (rule.RemoteAddressGroupId is { } addresses)
            yield return AddressGroup.Type.Key(addresses);
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

/// <summary>Traffic that an ACL allows or denies. Each change of it is one of the ACL's partition.</summary>
/// <param name="ProjectId">The owner of its ACL.</param>
/// <param name="Number">Its place among those of its direction: the lowest that matches decides.</param>
/// <param name="Direction">ingress: what enters the subnets; egress: what leaves them.</param>
/// <param name="EtherType">IPv4 or IPv6.</param>
/// <param name="Protocol">A name, or a number as text; null: any.</param>
/// <param name="Cidr">Where the other end is; null: anywhere.</param>
/// <param name="PortRangeMin">The lowest destination port; null, as the highest: any.</param>
/// <param name="IcmpType">Null: any.</param>
/// <param name="IcmpCode">Null: any.</param>
public sealed record NetworkAclRule(
    string Id,
    string NetworkAclId,
    string ProjectId,
    int Number,
    string Direction,
    string Action,
    string EtherType,
    string? Protocol,
    string? Cidr,
    int? PortRangeMin,
    int? PortRangeMax,
    int? IcmpType,
    int? IcmpCode,
    string Description,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public const string Ingress = "ingress";

    public const string Egress = "egress";

    public const string Allow = "allow";

    public const string Deny = "deny";

    public const string Ipv4 = "IPv4";

    public const string Ipv6 = "IPv6";

    /// <summary>The highest number of a rule; the one behind it stands for what denies the rest.</summary>
    public const int NumberMax = 32_766;

    public static readonly ResourceType<NetworkAclRule> Type = new("network_acl_rule", "network_acl_rules")
    {
        Json = NetworkJson.Default.NetworkAclRule,
        Id = rule => rule.Id,
        Partition = rule => PartitionKey.NetworkAcl(rule.NetworkAclId),
        Claims = rule => [new Claim(Space(rule.NetworkAclId, rule.Direction), (UInt128)rule.Number)],
        References = rule => [NetworkAcl.Type.Key(rule.NetworkAclId)],
        ListedByReference = [("network_acl_id", "network_acl")],
        VisibleTo = rule => [rule.ProjectId],
        QuotaProject = rule => rule.ProjectId,
        Parent = new ParentLink("network_acl", "network_acl_id"),
        Attributes = NetworkAclRuleAttributes.All,
        Api = new ApiNames("network-acl-rules", "network_acl_rule", "network_acl_rules")
        {
            Policy = "alcor_network_acl_rule",
            NotFound = id => new ApiError(
                404, "NetworkAclRuleNotFound", $"Network ACL rule {id} could not be found."),
        },
    };

    /// <summary>The space in which each number of an ACL and a direction has one rule.</summary>
    public static string Space(string networkAclId, string direction) => $"network-acl/{networkAclId}/{direction}";
}

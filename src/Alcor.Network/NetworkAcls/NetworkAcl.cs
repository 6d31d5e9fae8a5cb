using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.NetworkAcls;

/// <summary>
/// What traffic may enter and leave subnets: in each direction, the rule with the lowest number that matches decides,
/// and what matches none is denied. Stateless: answers need a rule of their own.
/// </summary>
/// <param name="SubnetIds">The subnets that it is associated with; a subnet has at most one.</param>
public sealed record NetworkAcl(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    ImmutableArray<string> SubnetIds,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Subnets of one ACL: as many as a project that nobody raised the quota of has, ten times.</summary>
    public const int SubnetsMax = 1_000;

    public static readonly ResourceType<NetworkAcl> Type = new("network_acl", "network_acls")
    {
        Json = NetworkJson.Default.NetworkAcl,
        Id = acl => acl.Id,
        Partition = acl => PartitionKey.NetworkAcl(acl.Id),
        Claims = acl => acl.SubnetIds.Select(subnet => new Claim($"network-acl/subnet/{subnet}", 0)),
        References = acl => acl.SubnetIds.Select(Subnets.Subnet.Type.Key),
        IndexedBy = [("name", acl => [acl.Name])],
        ListedByReference = [("subnet_ids", "subnet")],
        VisibleTo = acl => [acl.ProjectId],
        QuotaProject = acl => acl.ProjectId,
        Attributes = NetworkAclAttributes.All,
        Embeds = new Embedding<NetworkAcl, NetworkAclRule>(
            "rules", "network_acl_rule", (acl, rules) => acl with { Rules = [.. rules.OrderBy(OrderOf)] }),
        Api = new ApiNames("network-acls", "network_acl", "network_acls")
        {
            Policy = "alcor_network_acl",
            NotFound = id => new ApiError(404, "NetworkAclNotFound", $"Network ACL {id} could not be found."),
        },
    };

    /// <summary>Its rules, when it is shown; not kept in it.</summary>
    [JsonIgnore]
    public ImmutableArray<Stamped<NetworkAclRule>> Rules { get; init; } = [];

    private static (string, int) OrderOf(Stamped<NetworkAclRule> rule) => (rule.Value.Direction, rule.Value.Number);
}

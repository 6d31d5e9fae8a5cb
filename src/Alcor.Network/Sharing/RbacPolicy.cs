using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Sharing;

/// <summary>
/// A share as a resource of its own, in the partition of what is shared: the two change together.
/// </summary>
/// <param name="Partition">Where the shared resource lives, as text.</param>
/// <param name="Action">One of <see cref="ShareAction"/>.</param>
/// <param name="Target">A project, or <see cref="Share.Everybody"/>.</param>
public sealed record RbacPolicy(
    string Id, string ProjectId, string ObjectType, string ObjectId, string Partition, string Action, string Target)
{
    public static readonly ResourceType<RbacPolicy> Type = new("rbac_policy", "rbac_policies")
    {
        Json = NetworkJson.Default.RbacPolicy,
        Id = policy => policy.Id,
        Partition = policy => PartitionKey.Parse(policy.Partition),
        References = policy => [policy.Object],
        // Two rows that say the same would make the end of one end the share of the other.
        Claims = policy => [new Claim($"rbac/{policy.ObjectId}/{policy.Action}/{policy.Target}", 0)],
        IndexedBy = [("object_id", policy => [policy.ObjectId])],
        VisibleTo = policy => [policy.ProjectId],
        // Neutron counts those of networks alone.
        QuotaProject = policy => policy.ObjectType == "network" ? policy.ProjectId : null,
        Api = new ApiNames("rbac-policies", "rbac_policy", "rbac_policies")
        {
            NotFound = id => new ApiError(404, "RbacPolicyNotFound", $"RBAC policy with ID {id} not found"),
        },
        Attributes = RbacPolicyAttributes.All,
    };

    public Share Share => new(Action, Target);

    /// <summary>What is shared.</summary>
    public ResourceKey Object => new(ObjectType, ObjectId);
}

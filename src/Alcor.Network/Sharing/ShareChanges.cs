using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Sharing;

/// <summary>
/// The RBAC policies, not held to quotas, that follow from the shares of a resource, where the resource's own
/// attributes change these:
/// <c>shared</c> and <c>router:external</c>, at its creation and afterwards, and its end.
/// </summary>
public static class ShareChanges
{
    /// <summary>A policy for each share of a resource that this decision creates.</summary>
    /// <param name="partition">Where the resource lives.</param>
    public static Decision CreateShares(
        this Decision decision, ResourceKey shared, PartitionKey partition, string owner, ImmutableArray<Share> shares)
    {
        foreach (var share in shares.IsDefault ? [] : shares)
            decision.CreateExempt(RbacPolicy.Type, PolicyOf(shared, partition, owner, share));
        return decision;
    }

    /// <summary>The policies of a resource whose shares this decision changes from one list to the other.</summary>
    /// <param name="snapshot">Of the partition where the resource and its policies live.</param>
    public static Decision ChangeShares(
        this Decision decision,
        Snapshot snapshot,
        ResourceKey shared,
        string owner,
        (ImmutableArray<Share> Before, ImmutableArray<Share> After) shares)
    {
        foreach (var share in shares.After.Except(shares.Before))
            decision.CreateExempt(RbacPolicy.Type, PolicyOf(shared, snapshot.Partition, owner, share));
        var ended = shares.Before.Except(shares.After).ToHashSet();
        foreach (var policy in PoliciesOf(snapshot, shared).Where(policy => ended.Contains(policy.Share)))
            decision.Delete(RbacPolicy.Type, snapshot.Find(RbacPolicy.Type, policy.Id)!.Value);
        return decision;
    }

    /// <summary>Ends the policies of a resource that this decision deletes.</summary>
    public static Decision DeleteShares(this Decision decision, Snapshot snapshot, ResourceKey shared)
    {
        foreach (var policy in PoliciesOf(snapshot, shared))
            decision.Delete(RbacPolicy.Type, snapshot.Find(RbacPolicy.Type, policy.Id)!.Value);
        return decision;
    }

    private static IEnumerable<RbacPolicy> PoliciesOf(Snapshot snapshot, ResourceKey shared) =>
        snapshot.All(RbacPolicy.Type).Where(policy => policy.Object == shared).OrderBy(policy => policy.Id);

    private static RbacPolicy PolicyOf(ResourceKey shared, PartitionKey partition, string owner, Share share) =>
        new(
            DerivedId.Of(shared.Id, $"rbac/{share.Action}/{share.Target}"),
            owner,
            shared.Type,
            shared.Id,
            partition.ToString(),
            share.Action,
            share.Target);
}

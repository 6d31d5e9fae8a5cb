using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Sharing;

/// <summary>
/// Shares resources. The lane is that of the first policy's own name: where the shared resource lives is known only
/// once it has been read, and its guard orders what happens to it.
/// </summary>
internal sealed record CreateRbacPolicies(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => new("rbac", Items[0].Body.Get(RbacPolicyAttributes.ObjectId));

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var reshared = new Dictionary<ResourceKey, ImmutableArray<Share>>();
        for (var i = 0; i < Items.Count; i++)
        {
            if (Add(decision, Items[i], reshared, context) is { } error)
                return error.OfItem(i, RbacPolicy.Type.Collection);
        }
        foreach (var (key, shares) in reshared)
            Shareables.Of(key.Type).Reshare(decision, context.Read(key)!.Value, shares, context);
        return decision;
    }

    private static ApiError? Add(
        Decision decision,
        NewResource item,
        Dictionary<ResourceKey, ImmutableArray<Share>> reshared,
        DecideContext context)
    {
        var shareable = Shareables.Of(item.Body.Get(RbacPolicyAttributes.ObjectType));
        var key = new ResourceKey(shareable.Type.Name, item.Body.Get(RbacPolicyAttributes.ObjectId));
        var share = new Share(
            item.Body.Get(RbacPolicyAttributes.Action), item.Body.Get(RbacPolicyAttributes.TargetTenant));
        if (!shareable.Actions.Contains(share.Action))
            return RbacErrors.InvalidActionForType(share.Action, shareable);
        if (context.Read(key) is not { } shared)
            return shareable.Type.Api.NotFound(key.Id);
        if (!item.Caller.IsAdmin && shareable.OwnerOf(shared.Value) != item.Caller.ProjectId)
            return RbacErrors.NotOwner(shareable);
        var shares = reshared.GetValueOrDefault(key, shareable.SharesOf(shared.Value));
        if (shares.Contains(share))
            return RbacErrors.Duplicate;
        if (shareable.RefuseSharing(shared.Value, share, context) is { } refused)
            return refused;
        reshared[key] = shares.With(share);
        var partition = shareable.Type.PartitionOf(shared.Value).ToString();
        decision
            .Create(
                RbacPolicy.Type,
                new RbacPolicy(item.Id, item.ProjectId, key.Type, key.Id, partition, share.Action, share.Target))
            .AndAnswer();
        return null;
    }
}

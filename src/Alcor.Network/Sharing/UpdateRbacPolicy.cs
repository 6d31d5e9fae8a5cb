using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Sharing;

/// <summary>Shares with another project than before.</summary>
internal sealed record UpdateRbacPolicy(RbacPolicy Current, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Parse(Current.Partition);

    public IReadOnlyList<ResourceKey> Reads => [Current.Object];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(RbacPolicy.Type, Current.Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var policy = found.Value.Value;
        var updated = policy with { Target = Change.Body.Get(RbacPolicyAttributes.TargetTenant, policy.Target) };
        if (updated == policy)
            return new Decision();
        var shareable = Shareables.Of(policy.ObjectType);
        if (context.Read(policy.Object) is not { } shared)
            return shareable.Type.Api.NotFound(policy.ObjectId);
        var left = shareable.SharesOf(shared.Value).Without(policy.Share);
        if (left.Contains(updated.Share))
            return RbacErrors.Duplicate;
        var after = left.With(updated.Share);
        var remaining = shareable.IsEndStrict && updated.Target != Share.Everybody ? left : after;
        if (RbacErrors.RefuseEnding(policy, remaining, shareable, shared.Value, context) is { } inUse)
            return inUse;
        var decision = new Decision().Update(RbacPolicy.Type, updated, found.Value).AndAnswer();
        shareable.Reshare(decision, shared, after, context);
        return decision;
    }
}

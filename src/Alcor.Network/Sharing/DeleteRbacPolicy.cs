using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Sharing;

/// <summary>Ends a share, unless another project uses the resource by right of it.</summary>
internal sealed record DeleteRbacPolicy(RbacPolicy Current, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Parse(Current.Partition);

    public IReadOnlyList<ResourceKey> Reads => [Current.Object];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(RbacPolicy.Type, Current.Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var policy = found.Value.Value;
        var decision = new Decision().Delete(RbacPolicy.Type, found.Value).AndAnswer();
        if (context.Read(policy.Object) is not { } shared)
            return decision;
        var shareable = Shareables.Of(policy.ObjectType);
        var after = shareable.SharesOf(shared.Value).Without(policy.Share);
        if (RbacErrors.RefuseEnding(policy, after, shareable, shared.Value, context) is { } inUse)
            return inUse;
        shareable.Reshare(decision, shared, after, context);
        return decision;
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.Qos;

internal sealed record UpdateQosPolicy(string Id, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.QosPolicy(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(QosPolicy.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var policy = found.Value.Value;
        var updated = policy with
        {
            Name = Body.Get(QosPolicyAttributes.Name, policy.Name),
            Description = Body.Get(QosPolicyAttributes.Description, policy.Description),
            IsDefault = Body.Get(QosPolicyAttributes.IsDefault, policy.IsDefault),
            Shares = Body.Has(QosPolicyAttributes.Shared)
                ? policy.Shares.WithEverybody(ShareAction.AsShared, Body.Get(QosPolicyAttributes.Shared))
                : policy.Shares,
            UpdatedAt = context.Now,
        };
        if (updated.IsDefault && !policy.IsDefault && QosPolicy.DefaultOf(policy.ProjectId, context) is not null)
            return QosErrors.DefaultAlreadyExists(policy.ProjectId);
        if (RefuseHiding(policy, updated, snapshot, context) is { } inUse)
            return inUse;
        return new Decision()
            .Update(QosPolicy.Type, updated, found.Value)
            .AndAnswer()
            .ChangeShares(snapshot, QosPolicy.Type.Key(Id), policy.ProjectId, (policy.Shares, updated.Shares));
    }

    /// <summary>An error if a project that would not see it any more uses it.</summary>
    private static ApiError? RefuseHiding(
        QosPolicy before, QosPolicy after, Snapshot snapshot, DecideContext context)
    {
        if (!Shares.WithEverybody(before.Shares) || Shares.WithEverybody(after.Shares))
            return null;
        var key = QosPolicy.Type.Key(before.Id);
        var ending = snapshot.All(RbacPolicy.Type)
            .Single(one => one.Object == key && !after.Shares.Contains(one.Share));
        return RbacErrors.RefuseEnding(
            ending, after.Shares, Shareables.Of(QosPolicy.Type.Name), before, context);
    }
}

using System.Collections.Immutable;
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
            Shares = SharesAfter(policy),
            UpdatedAt = context.Now,
        };
        if (updated.IsDefault && !policy.IsDefault && QosPolicy.DefaultOf(policy.ProjectId, context) is not null)
            return QosErrors.DefaultAlreadyExists(policy.ProjectId);
        return new Decision().Update(QosPolicy.Type, updated, found.Value).AndAnswer();
    }

    private ImmutableArray<Share> SharesAfter(QosPolicy policy)
    {
        var others = policy.Shares.Remove(Share.WithAll);
        return Body.Get(QosPolicyAttributes.Shared, Shares.WithEverybody(policy.Shares))
            ? others.Add(Share.WithAll)
            : others;
    }
}

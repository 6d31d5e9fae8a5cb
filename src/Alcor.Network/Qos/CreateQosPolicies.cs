using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.Qos;

internal sealed record CreateQosPolicies(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.QosPolicy(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var defaults = new HashSet<string>();
        foreach (var item in Items)
        {
            var policy = Build(item, context.Now);
            // The claim of a default policy covers what is concluded here from there being none.
            if (policy.IsDefault
                && (!defaults.Add(policy.ProjectId) || QosPolicy.DefaultOf(policy.ProjectId, context) is not null))
                return QosErrors.DefaultAlreadyExists(policy.ProjectId);
            decision
                .Create(QosPolicy.Type, policy)
                .AndAnswer()
                .CreateShares(
                    QosPolicy.Type.Key(policy.Id),
                    PartitionKey.QosPolicy(policy.Id),
                    policy.ProjectId,
                    policy.Shares);
        }
        return decision;
    }

    private static QosPolicy Build(NewResource item, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(QosPolicyAttributes.Name),
            item.Body.Get(QosPolicyAttributes.Description),
            item.Body.Get(QosPolicyAttributes.IsDefault),
            Rules: [],
            ImmutableArray<Share>.Empty.WithEverybody(
                ShareAction.AsShared, item.Body.Get(QosPolicyAttributes.Shared)),
            Tags: [],
            now,
            now);
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Qos;

/// <summary>Creates rules of one kind in one policy.</summary>
internal sealed record CreateQosRules(QosRuleKind Kind, IReadOnlyList<NewResource> Items) : ICommand
{
    private string PolicyId => Items[0].Body.Get(Kind.Attributes.PolicyId);

    public PartitionKey Lane => PartitionKey.QosPolicy(PolicyId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (snapshot.Find(QosPolicy.Type, PolicyId) is not { } found)
            return QosPolicy.Type.Api.NotFound(PolicyId);
        var policy = found.Value;
        var decision = new Decision();
        foreach (var item in Items)
        {
            var rule = Build(item);
            if (policy.Check(rule, sets: true) is { } wrong)
                return wrong;
            policy = policy.WithRule(rule);
            decision.Create(QosRuleTypes.TypeOf(Kind), rule).AndAnswer();
        }
        if (QosSupport.CheckUsers(policy, Kind, context) is { } used)
            return used;
        return decision.Update(QosPolicy.Type, policy with { UpdatedAt = context.Now }, found);
    }

    private QosRule Build(NewResource item) =>
        new(
            item.Id,
            PolicyId,
            Kind.Name,
            (int)item.Body.Get(Kind.Attributes.Value),
            (int)item.Body.Get(Kind.Attributes.Burst),
            item.Body.Get(Kind.Attributes.Direction));
}

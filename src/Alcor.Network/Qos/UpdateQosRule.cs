using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Qos;

internal sealed record UpdateQosRule(QosRuleKind Kind, QosRule Current, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.QosPolicy(Current.PolicyId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(QosRuleTypes.TypeOf(Kind), Current.Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var rule = found.Value.Value;
        var policy = snapshot.Find(QosPolicy.Type, rule.PolicyId)!.Value;
        var updated = rule with
        {
            Value = (int)Body.Get(Kind.Attributes.Value, rule.Value),
            Burst = (int)Body.Get(Kind.Attributes.Burst, rule.Burst),
            Direction = Body.Get(Kind.Attributes.Direction, rule.Direction),
        };
        var changed = policy.Value.WithRule(updated) with { UpdatedAt = context.Now };
        var wrong = policy.Value.Check(updated, Body.Has(Kind.Attributes.Value))
            ?? QosSupport.CheckUsers(changed, Kind, context);
        return wrong is null
            ? new Decision()
                .Update(QosRuleTypes.TypeOf(Kind), updated, found.Value)
                .AndAnswer()
                .Update(QosPolicy.Type, changed, policy)
            : wrong;
    }
}

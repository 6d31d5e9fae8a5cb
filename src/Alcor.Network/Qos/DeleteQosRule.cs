using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Qos;

internal sealed record DeleteQosRule(QosRuleKind Kind, QosRule Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.QosPolicy(Current.PolicyId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(QosRuleTypes.TypeOf(Kind), Current.Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var policy = snapshot.Find(QosPolicy.Type, Current.PolicyId)!.Value;
        var without = policy.Value with
        {
            Rules = policy.Value.Rules.RemoveAll(rule => rule.Id == Current.Id),
            UpdatedAt = context.Now,
        };
        if (QosSupport.CheckUsers(without, Kind, context) is { } used)
            return used;
        return new Decision()
            .Delete(QosRuleTypes.TypeOf(Kind), found.Value)
            .AndAnswer()
            .Update(QosPolicy.Type, without, policy);
    }
}

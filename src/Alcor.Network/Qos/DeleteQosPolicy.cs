using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.Qos;

/// <summary>Deletes a policy that nothing but its rules refers to, and these.</summary>
internal sealed record DeleteQosPolicy(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.QosPolicy(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(QosPolicy.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var decision = new Decision();
        foreach (var rule in found.Value.Value.Rules)
        {
            var type = QosRuleTypes.TypeOf(QosRuleKind.Of(rule));
            decision.Delete(type, snapshot.Find(type, rule.Id)!.Value);
        }
        return decision
            .DeleteShares(snapshot, QosPolicy.Type.Key(Id))
            .Delete(QosPolicy.Type, found.Value)
            .AndAnswer();
    }
}

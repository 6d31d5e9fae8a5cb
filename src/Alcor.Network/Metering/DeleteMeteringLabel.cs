using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Metering;

/// <summary>Its rules end with it.</summary>
internal sealed record DeleteMeteringLabel(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => MeteringLabel.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(MeteringLabel.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var decision = new Decision();
        foreach (var rule in snapshot.All(MeteringLabelRule.Type).ToList())
            decision.Delete(MeteringLabelRule.Type, snapshot.Find(MeteringLabelRule.Type, rule.Id)!.Value);
        return decision.Delete(MeteringLabel.Type, found.Value).AndAnswer();
    }
}

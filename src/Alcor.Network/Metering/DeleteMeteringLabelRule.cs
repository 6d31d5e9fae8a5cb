using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Metering;

internal sealed record DeleteMeteringLabelRule(MeteringLabelRule Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => MeteringLabel.PartitionOf(Current.LabelId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(MeteringLabelRule.Type, Current.Id, IfRevision);
        return found.Error is { } error
            ? error
            : new Decision().Delete(MeteringLabelRule.Type, found.Value).AndAnswer();
    }
}

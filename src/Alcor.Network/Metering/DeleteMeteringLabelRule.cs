using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Metering;

internal sealed record DeleteMeteringLabelRule(MeteringLabelRule Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => MeteringLabel.PartitionOf(Current.LabelId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Delete(MeteringLabelRule.Type, Current.Id, IfRevision);
}

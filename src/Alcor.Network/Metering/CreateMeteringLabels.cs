using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Metering;

internal sealed record CreateMeteringLabels(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => MeteringLabel.PartitionOf(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        foreach (var item in Items)
        {
            var label = new MeteringLabel(
                item.Id,
                item.ProjectId,
                item.Body.Get(MeteringLabelAttributes.Name),
                item.Body.Get(MeteringLabelAttributes.Description),
                item.Body.Get(MeteringLabelAttributes.Shared));
            decision.Create(MeteringLabel.Type, label).AndAnswer();
        }
        return decision;
    }
}

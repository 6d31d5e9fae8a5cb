using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Flavors;

internal sealed record DeleteFlavor(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => Flavor.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context) =>
        snapshot.Delete(Flavor.Type, Id, IfRevision);
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Flavors;

internal sealed record DeleteFlavor(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => Flavor.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Flavor.Type, Id, IfRevision);
        return found.Error is { } error ? error : new Decision().Delete(Flavor.Type, found.Value).AndAnswer();
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.AddressScopes;

internal sealed record DeleteAddressScope(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => AddressScope.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(AddressScope.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        return found.Value.Value.Pools.IsEmpty
            ? new Decision()
                .Delete(AddressScope.Type, found.Value)
                .AndAnswer()
                .DeleteShares(snapshot, AddressScope.Type.Key(Id))
            : AddressScope.InUse(Id);
    }
}

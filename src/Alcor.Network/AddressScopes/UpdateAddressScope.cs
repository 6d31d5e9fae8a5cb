using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.AddressScopes;

internal sealed record UpdateAddressScope(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => AddressScope.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(AddressScope.Type, Id, Change.IfRevision);
        if (found.Error is { } error)
            return error;
        var scope = found.Value.Value;
        var wasShared = Sharing.Shares.WithEverybody(scope.Shares);
        var isShared = Change.Body.Get(AddressScopeAttributes.Shared, wasShared);
        if (wasShared && !isShared)
        {
            return new ApiError(
                400,
                "AddressScopeUpdateError",
                $"Unable to update address scope {Id} : Shared address scope can't be unshared.");
        }
        var updated = scope with
        {
            Name = Change.Body.Get(AddressScopeAttributes.Name, scope.Name),
            Shares = scope.Shares.WithEverybody(ShareAction.AsShared, isShared),
        };
        return new Decision()
            .Update(AddressScope.Type, updated, found.Value)
            .AndAnswer()
            .ChangeShares(snapshot, AddressScope.Type.Key(Id), scope.ProjectId, (scope.Shares, updated.Shares));
    }
}

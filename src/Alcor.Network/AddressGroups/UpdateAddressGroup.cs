using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.AddressGroups;

/// <param name="Apply">What becomes of the group as it is then.</param>
internal sealed record UpdateAddressGroup(
    string Id, long? IfRevision, Func<AddressGroup, Result<AddressGroup>> Apply) : ICommand
{
    public PartitionKey Lane => PartitionKey.AddressGroup(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(AddressGroup.Type, Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var updated = Apply(found.Value.Value);
        return updated.Error is { } error
            ? error
            : new Decision().Update(AddressGroup.Type, updated.Value, found.Value).AndAnswer();
    }
}

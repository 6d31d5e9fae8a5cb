using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Flavors;

internal sealed record UpdateFlavor(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => Flavor.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Flavor.Type, Id, Change.IfRevision);
        if (found.Error is { } error)
            return error;
        var flavor = found.Value.Value;
        var updated = flavor with
        {
            Name = Change.Body.Get(FlavorAttributes.Name, flavor.Name),
            Description = Change.Body.Get(FlavorAttributes.Description, flavor.Description),
            Enabled = Change.Body.Get(FlavorAttributes.Enabled, flavor.Enabled),
            ServiceProfileIds =
                Change.Body.Get(FlavorAttributes.ServiceProfiles, flavor.ServiceProfileIds.OrEmpty()).OrAbsent(),
        };
        return new Decision().Update(Flavor.Type, updated, found.Value).AndAnswer();
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Trunks;

internal sealed record UpdateTrunk(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Trunk(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Trunk.Type, Id, Change.IfRevision);
        if (found.Error is { } error)
            return error;
        var trunk = found.Value.Value;
        var updated = trunk with
        {
            Name = Change.Body.Get(TrunkAttributes.Name, trunk.Name),
            Description = Change.Body.Get(TrunkAttributes.Description, trunk.Description),
            AdminStateUp = Change.Body.Get(TrunkAttributes.AdminStateUp, trunk.AdminStateUp),
            UpdatedAt = context.Now,
        };
        return new Decision().Update(Trunk.Type, updated, found.Value).AndAnswer();
    }
}

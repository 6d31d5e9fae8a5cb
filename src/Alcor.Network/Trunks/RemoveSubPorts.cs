using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Trunks;

internal sealed record RemoveSubPorts(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Trunk(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Trunk.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var trunk = found.Value.Value;
        if (!trunk.AdminStateUp)
            return TrunkErrors.TrunkDisabled(Id);
        var unwanted = Change.Body.Get(TrunkAttributes.Changed).Select(port => port.PortId).ToList();
        if (unwanted.FirstOrDefault(id => trunk.SubPorts.All(port => port.PortId != id)) is { } absent)
            return TrunkErrors.SubPortNotFound(Id, absent);
        var updated = trunk with
        {
            SubPorts = trunk.SubPorts.RemoveAll(port => unwanted.Contains(port.PortId)),
            UpdatedAt = context.Now,
        };
        var ports = new TrunkPorts(context);
        ports.Follow(trunk, updated);
        return ports.ApplyTo(new Decision().Update(Trunk.Type, updated, found.Value).AndAnswer());
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Trunks;

/// <summary>Its ports stay. While the parent is on a host, it does too.</summary>
internal sealed record DeleteTrunk(string Id, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Trunk(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Trunk.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var trunk = found.Value.Value;
        if (!trunk.AdminStateUp)
            return TrunkErrors.TrunkDisabled(Id);
        var ports = new TrunkPorts(context);
        if (ports.Find(trunk.PortId)?.HostId.Length > 0)
            return TrunkErrors.TrunkInUse(Id);
        ports.Follow(trunk, after: null);
        return ports.ApplyTo(new Decision().Delete(Trunk.Type, found.Value).AndAnswer());
    }
}

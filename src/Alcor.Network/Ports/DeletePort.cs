using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Ports;

internal sealed record DeletePort(Port Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Port.Type, Current.Id, IfRevision);
        if (found.Error is { } error)
            return error;
        return CheckOwner(found.Value.Value) ?? (Result<Decision>)new Decision().DeletePort(found.Value);
    }

    /// <summary>What belongs to something else ends with it, not by itself.</summary>
    private static ApiError? CheckOwner(Port port)
    {
        if (port.Trunk is { } trunk)
        {
            return trunk.IsSubport
                ? Errors.PortInUseAsSubPort(port.Id, trunk.TrunkId)
                : Errors.PortInUseAsTrunkParent(port.Id, trunk.TrunkId);
        }
        // Without an address it is a leftover.
        return DeviceOwner.IsLayer3(port.DeviceOwner) && !port.FixedIps.IsEmpty
            ? Errors.ServicePortInUse(port.Id, $"has device owner {port.DeviceOwner}")
            : null;
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Routers;

namespace Alcor.Network.Ports;

internal sealed record DeletePort(Port Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Port.Type, Current.Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var port = found.Value.Value;
        return CheckTrunk(port)
            ?? PortDependents.CheckDeletable(port, context)
            ?? PortDependents.CheckLocalIps(port, context)
            ?? (Result<Decision>)new Decision().DeletePort(found.Value).ReleaseDependents(port, context);
    }

    private static ApiError? CheckTrunk(Port port) => port.Trunk switch
    {
        null => null,
        { IsSubport: true } trunk => Errors.PortInUseAsSubPort(port.Id, trunk.TrunkId),
        { } trunk => Errors.PortInUseAsTrunkParent(port.Id, trunk.TrunkId),
    };
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Ports;

internal sealed record DeletePort(Port Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Port.Type, Current.Id, IfRevision);
        return found.Error is { } error ? error : new Decision().DeletePort(found.Value);
    }
}

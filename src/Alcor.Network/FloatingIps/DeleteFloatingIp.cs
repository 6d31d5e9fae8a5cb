using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.FloatingIps;

/// <summary>Gives the address back, unless port forwardings use it.</summary>
internal sealed record DeleteFloatingIp(FloatingIp Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(FloatingIp.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        if (!found.Value.Value.PortForwardings.IsEmpty)
            return FloatingIpErrors.InUseByPortForwarding(Current.Id);
        var decision = new Decision().DeleteFloatingIp(found.Value);
        return snapshot.Find(Port.Type, Current.FloatingPortId) is { } port
            ? decision.DeleteOwn(port, context)
            : decision;
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Networks;

internal sealed record UpdateNetwork(NetworkSettings Settings, string Id, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Network.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var network = found.Value.Value;
        var mtu = NetworkMtu.Choose(Body, network.Mtu, Settings);
        if (mtu.Error is { } tooBig)
            return tooBig;
        var updated = network with
        {
            Name = Body.Get(NetworkAttributes.Name, network.Name),
            Description = Body.Get(NetworkAttributes.Description, network.Description),
            AdminStateUp = Body.Get(NetworkAttributes.AdminStateUp, network.AdminStateUp),
            Mtu = mtu.Value,
            UpdatedAt = context.Now,
        };
        return new Decision().Update(Network.Type, updated, found.Value).AndAnswer();
    }
}

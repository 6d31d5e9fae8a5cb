using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.Subnets;

internal sealed record DeleteSubnet(Subnet Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Subnet.Type, Current.Id, IfRevision);
        if (found.Error is { } error)
            return error;
        if (snapshot.Claimed(Subnet.Space(Current.Id)).RunCount > 0)
            return Errors.SubnetInUse(Current.Id, PortsOf(snapshot));
        var network = snapshot.Find(Networks.Network.Type, Current.NetworkId)!.Value;
        var left = network.Value with { SubnetIds = network.Value.SubnetIds.Remove(Current.Id) };
        return new Decision()
            .Delete(Subnet.Type, found.Value)
            .AndAnswer()
            .Update(Networks.Network.Type, left, network);
    }

    private IEnumerable<Port> PortsOf(Snapshot snapshot) =>
        snapshot.All(Port.Type).Where(port => port.FixedIps.Any(ip => ip.SubnetId == Current.Id));
}

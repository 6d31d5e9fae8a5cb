using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.Nodes;
using Alcor.Network.Trunks;

namespace Alcor.Network.Ports;

/// <summary>
/// Binds a network's ports of a host to the host as it is now: after it became known, or moved to another tunnel
/// address or other physical networks. Those that waited for such a host get their addresses. Writes anew what an
/// earlier version wrote of those that are bound already, and moves the floating IPs that lead to them. Gateways are
/// not among them: they go where their routers say. Takes no other input, so it may run at any time and as often as one
/// likes.
/// </summary>
public sealed record RefreshBindings(string NetworkId, string HostId) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(NetworkId);

    public IReadOnlyList<ResourceKey> Reads => [Node.Type.Key(HostId)];

    public IReadOnlyList<PartitionKey> Others => [PartitionKey.Host(HostId)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        if (snapshot.Find(Networks.Network.Type, NetworkId)?.Value is not { } network)
            return decision;
        var bindings = context.Partition(PartitionKey.Host(HostId));
        var ports = snapshot.All(Port.Type).Where(port => port.HostId == HostId && port.GatewayOf is null);
        var numbers = new SubPortNumbers(context);
        foreach (var port in ports.OrderBy(port => port.Id, StringComparer.Ordinal))
        {
            var found = snapshot.Find(Port.Type, port.Id)!.Value;
            var addressed = DeferredAddresses.Choose(port, () => snapshot, context);
            var bound = numbers.Number((addressed.IsOk ? addressed.Value : port).BoundBy(network, context), port);
            if (port.AwaitsAddresses)
                snapshot = snapshot.WithClaimsOf(Port.Type, bound);
            if (bound != port)
                decision.UpdatePort(bound, found).RestsOnHost(HostId, context);
            else if (port.IsBound && !Binding.IsKept(port, bindings))
                decision.FollowAgain(found);
            if (port.FixedIps.Any(ip => ip.IpAddress.Version() == 4))
                decision.MoveFloatingIps(bound, context);
        }
        return decision;
    }
}

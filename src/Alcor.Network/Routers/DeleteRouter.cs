using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.NdpProxies;
using Alcor.Network.Ports;

namespace Alcor.Network.Routers;

/// <summary>Deletes a router that has no interfaces, with its gateway.</summary>
internal sealed record DeleteRouter(Router Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(Current.Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Router.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var router = found.Value.Value;
        if (!router.Interfaces.IsEmpty)
        {
            var ports = string.Join(", ", router.Interfaces.Select(one => one.PortId));
            return RouterErrors.InUse(router.Id, $"has ports still attached: {ports}");
        }
        var decision = new Decision();
        if (router.Gateway is { } gateway)
        {
            if (context.Referrers(Router.Type.Key(router.Id), FloatingIp.Type).Count > 0)
                return RouterErrors.GatewayInUseByFloatingIp(router.Id, gateway.NetworkId);
            if (NdpProxyRules.CheckGatewayUnused(router, context) is { } used)
                return used;
            if (context.Read(Port.Type, gateway.PortId) is { } port)
                decision.DeleteOwn(port, context);
        }
        foreach (var helper in snapshot.All(ConnectionTracker.Type))
            decision.Delete(ConnectionTracker.Type, snapshot.Find(ConnectionTracker.Type, helper.Id)!.Value);
        return decision.Delete(Router.Type, found.Value).AndAnswer();
    }
}

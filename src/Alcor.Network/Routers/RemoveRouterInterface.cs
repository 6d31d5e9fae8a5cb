using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.NdpProxies;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>Ends that a router is the gateway of a subnet, unless something needs that.</summary>
internal sealed record RemoveRouterInterface(string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Router.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        if (InterfaceRequest.Check(Change.Body, isRemoval: true) is { } wrong)
            return wrong;
        var decision = new Decision();
        var router = Change.Body.Get(InterfaceBody.PortId) is { } portId
            ? RemovePort(decision, found.Value.Value, portId, context)
            : RemoveSubnet(
                decision, found.Value.Value, Change.Body.Get(InterfaceBody.SubnetId)!, context);
        return router.Error is { } refused
            ? refused
            : decision.Update(Router.Type, router.Value with { UpdatedAt = context.Now }, found.Value).AndAnswer();
    }

    private Result<Router> RemovePort(Decision decision, Router router, string portId, DecideContext context)
    {
        if (router.Interfaces.FirstOrDefault(one => one.PortId == portId) is not { } removed)
            return RouterErrors.InterfaceNotFound(Id, portId);
        var subnets = removed.FixedIps.Select(ip => ip.SubnetId).ToImmutableArray();
        if (Change.Body.Get(InterfaceBody.SubnetId) is { } named && !subnets.Contains(named))
            return RouterErrors.SubnetMismatchForPort(portId, named);
        if (CheckUnused(router, subnets, context) is { } used)
            return used;
        if (context.Read(Port.Type, removed.PortId) is not { } port)
            return Port.Type.Api.NotFound(removed.PortId);
        decision.DeleteOwn(port, context);
        return router.WithoutInterface(port.Value, subnets);
    }

    private Result<Router> RemoveSubnet(Decision decision, Router router, string subnetId, DecideContext context)
    {
        if (context.Read(Subnet.Type, subnetId) is not { } subnet || !Change.Caller.Sees(Subnet.Type, subnet.Value))
            return Subnet.Type.Api.NotFound(subnetId);
        var removed = router.Interfaces.FirstOrDefault(one => one.FixedIps.Any(ip => ip.SubnetId == subnetId));
        if (removed is null)
            return RouterErrors.InterfaceNotFoundForSubnet(Id, subnetId);
        if (CheckUnused(router, [subnetId], context) is { } used)
            return used;
        if (context.Read(Port.Type, removed.PortId) is not { } port)
            return Port.Type.Api.NotFound(removed.PortId);
        var left = port.Value.FixedIps.RemoveAll(ip => ip.SubnetId == subnetId);
        if (left.IsEmpty)
        {
            decision.DeleteOwn(port, context);
            return router.WithoutInterface(port.Value, [subnetId]);
        }
        var reduced = port.Value with { FixedIps = left, UpdatedAt = context.Now };
        decision.ChangePort(reduced, port);
        return router.WithInterface(reduced, [subnetId]);
    }

    private static ApiError? CheckUnused(Router router, ImmutableArray<string> subnetIds, DecideContext context) =>
        subnetIds.Select(id => CheckUnused(router, id, context)).FirstOrDefault(error => error is not null);

    private static ApiError? CheckUnused(Router router, string subnetId, DecideContext context)
    {
        if (context.Read(Subnet.Type, subnetId)?.Value is not { } subnet)
            return null;
        if (NdpProxyRules.CheckSubnetUnused(router, subnet, context) is { } answered)
            return answered;
        var block = subnet.Cidr;
        if (Reached(router, context).Any(block.Contains))
            return RouterErrors.InterfaceInUseByFloatingIp(router.Id, subnetId);
        return router.Routes.Any(route => block.Contains(route.Nexthop))
            ? RouterErrors.InterfaceInUseByRoute(router.Id, subnetId)
            : null;
    }

    /// <summary>The addresses behind the router that floating IPs lead to.</summary>
    private static IEnumerable<IPAddress> Reached(Router router, DecideContext context) =>
        context.Referrers(Router.Type.Key(router.Id), FloatingIp.Type)
            .Select(found => (FloatingIp)found.Value)
            .SelectMany(ip => ip.InternalAddresses);
}

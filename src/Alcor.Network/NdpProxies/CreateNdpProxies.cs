using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.NdpProxies;

/// <summary>Lets a router answer for an address of a port behind it.</summary>
internal sealed record CreateNdpProxies(IReadOnlyList<NewResource> Items) : ICommand
{
    private string RouterId => Items[0].Body.Get(NdpProxyAttributes.RouterId);

    public PartitionKey Lane => PartitionKey.Router(RouterId);

    public IReadOnlyList<ResourceKey> Reads => [Port.Type.Key(Items[0].Body.Get(NdpProxyAttributes.PortId))];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (Items.Count > 1)
            return ApiError.BadRequest("Bulk operation not supported");
        var item = Items[0];
        var portId = item.Body.Get(NdpProxyAttributes.PortId);
        if (context.Read(Port.Type, portId) is not { } port || !item.Caller.Sees(Port.Type, port.Value))
            return Port.Type.Api.NotFound(portId);
        if (snapshot.Find(Router.Type, RouterId) is not { } router
            || !item.Caller.Sees(Router.Type, router.Value)
            || !Reaches(router.Value, port.Value))
            return NdpProxyErrors.PortUnreachableRouter(portId, RouterId);
        if (router.Value is not { EnablesNdpProxy: true, Gateway: { } gateway })
            return NdpProxyErrors.NotEnabled(RouterId);
        var address = ChooseAddress(item, router.Value, port.Value);
        if (address.Error is { } unfit)
            return unfit;
        var outside = ScopeOf(gateway.NetworkId, context);
        var inside = ScopeOf(port.Value.NetworkId, context);
        if (outside != inside)
            return NdpProxyErrors.AddressScopeConflict(outside, inside);
        if (snapshot.All(NdpProxy.Type).Any(other => other.IpAddress.Equals(address.Value)))
            return NdpProxyErrors.Duplicate(RouterId, address.Value);
        return new Decision()
            .RestsOn(Port.Type, portId, port)
            .DependsOn(router)
            .Create(NdpProxy.Type, New(item, address.Value, context.Now))
            .AndAnswer();
    }

    private static bool Reaches(Router router, Port port) =>
        router.Interfaces.Any(one => one.NetworkId == port.NetworkId) || router.Gateway?.NetworkId == port.NetworkId;

    /// <summary>What the request names, or the first that is in a subnet of the router.</summary>
    private static Result<IPAddress> ChooseAddress(NewResource item, Router router, Port port)
    {
        var own = port.FixedIps.Where(ip => ip.IpAddress.Version() == 6).ToList();
        if (own.Count == 0)
            return NdpProxyErrors.NoIpv6Address(port.Id);
        var subnets = router.FixedIps
            .Where(ip => ip.IpAddress.Version() == 6)
            .Select(ip => ip.SubnetId)
            .ToHashSet();
        if (item.Body.Get(NdpProxyAttributes.IpAddress) is not { } wanted)
        {
            foreach (var ip in own.Where(ip => subnets.Contains(ip.SubnetId)))
                return ip.IpAddress;
            return NdpProxyErrors.PortUnreachableRouter(port.Id, router.Id);
        }
        foreach (var ip in own.Where(ip => ip.IpAddress.Equals(wanted)))
        {
            return subnets.Contains(ip.SubnetId)
                ? wanted
                : NdpProxyErrors.InvalidAddress(wanted, $"This address cannot reach the router {router.Id}");
        }
        return NdpProxyErrors.InvalidAddress(wanted, $"This address not belong to the port {port.Id}");
    }

    private static string? ScopeOf(string networkId, DecideContext context) =>
        context.Read(Networks.Network.Type, networkId)?.Value.Ipv6AddressScopeId;

    private static NdpProxy New(NewResource item, IPAddress address, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(NdpProxyAttributes.Name),
            item.Body.Get(NdpProxyAttributes.Description),
            item.Body.Get(NdpProxyAttributes.RouterId),
            item.Body.Get(NdpProxyAttributes.PortId),
            address,
            now,
            now);
}

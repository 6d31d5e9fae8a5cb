using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.NdpProxies;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>Gives a router a gateway, another one or none, within a decision.</summary>
/// <param name="NewId">The id of the gateway's port, if one has to be made.</param>
internal sealed record GatewayChange(
    NetworkSettings Settings, Caller Caller, PartitionView View, string NewId, ulong Entropy)
{
    /// <summary>The router as it is then; what else changes is added to the decision.</summary>
    public Result<Router> Apply(Decision decision, Router router, GatewayRequest? wanted)
    {
        if (wanted is not null && Check(wanted) is { } wrong)
            return wrong;
        if (router.Gateway is { } kept && wanted?.NetworkId == kept.NetworkId)
        {
            return NdpProxyRules.CheckGatewayAddresses(router, wanted, View.Context) is { } needed
                ? needed
                : Adjust(decision, router, kept, wanted);
        }
        if (router.Gateway is { } left)
        {
            if (View.Context.Referrers(Router.Type.Key(router.Id), FloatingIp.Type).Count > 0)
                return RouterErrors.GatewayInUseByFloatingIp(router.Id, left.NetworkId);
            if (NdpProxyRules.CheckGatewayUnused(router, View.Context) is { } used)
                return used;
            if (PortOf(left) is not { } port)
                return Port.Type.Api.NotFound(left.PortId);
            decision.DeleteOwn(port, View.Context);
        }
        router = router with { Gateway = null };
        return wanted is null ? router : Create(decision, router, wanted);
    }

    private ApiError? Check(GatewayRequest wanted)
    {
        var network = View.Find(Networks.Network.Type, PartitionKey.Network(wanted.NetworkId), wanted.NetworkId);
        if (network is not { } found || !Caller.Sees(Networks.Network.Type, found.Value))
            return Networks.Network.Type.Api.NotFound(wanted.NetworkId);
        if (!found.Value.IsExternal)
            return RouterErrors.Bad($"Network {wanted.NetworkId} is not an external network");
        var gateways = SubnetsOf(wanted.NetworkId).Select(subnet => subnet.GatewayIp).ToHashSet();
        foreach (var ip in wanted.FixedIps.Where(ip => ip.IpAddress is not null && gateways.Contains(ip.IpAddress)))
            return RouterErrors.Bad($"External IP {ip.IpAddress} is the same as the gateway IP");
        return wanted.QosPolicyId is { } policy
            && (View.Context.Read(QosPolicy.Type, policy) is not { } read || !Caller.Sees(QosPolicy.Type, read.Value))
            ? QosPolicy.Type.Api.NotFound(policy)
            : null;
    }

    /// <summary>What has other addresses gets them on the port that it has.</summary>
    private Result<Router> Adjust(Decision decision, Router router, RouterGateway gateway, GatewayRequest wanted)
    {
        var policy = wanted.NamesQosPolicy ? wanted.QosPolicyId : gateway.QosPolicyId;
        var adjusted = gateway with { EnableSnat = wanted.EnableSnat ?? true, QosPolicyId = policy };
        if (!AsksForOthers(gateway.FixedIps, wanted.FixedIps))
            return router with { Gateway = adjusted };
        if (PortOf(gateway) is not { } port)
            return Port.Type.Api.NotFound(gateway.PortId);
        var network = View.Of(PartitionKey.Network(gateway.NetworkId));
        var moved = RouterPorts.Readdress(network, port.Value, wanted.FixedIps, View.Context);
        if (moved.Error is { } none)
            return none;
        decision.ChangePort(moved.Value with { UpdatedAt = View.Context.Now }, port);
        return router with { Gateway = adjusted with { FixedIps = moved.Value.FixedIps } };
    }

    private static bool AsksForOthers(ImmutableArray<FixedIp> present, ImmutableArray<FixedIpRequest> wanted)
    {
        if (wanted.IsEmpty)
            return false;
        var subnets = wanted.Select(ip => ip.SubnetId).OfType<string>().ToHashSet();
        var addresses = wanted.Select(ip => ip.IpAddress).Where(ip => ip is not null).ToHashSet();
        return !subnets.SetEquals(present.Select(ip => ip.SubnetId))
            || !addresses.SetEquals(present.Select(ip => ip.IpAddress));
    }

    private Result<Router> Create(Decision decision, Router router, GatewayRequest wanted)
    {
        if (RouterSubnets.CheckOverlap(router, SubnetsOf(wanted.NetworkId), View.Context) is { } overlap)
            return overlap;
        var network = View.Of(PartitionKey.Network(wanted.NetworkId));
        var item = new NewServicePort(NewId, "", DeviceOwner.RouterGateway, router.Id, Entropy)
        {
            Requests = wanted.FixedIps,
        };
        var port = RouterPorts.Build(network, item, Settings, View.Context);
        if (port.Error is { } none)
            return none;
        var external = network.Find(Networks.Network.Type, wanted.NetworkId)!.Value.Value;
        var host = new GatewayPlacement(router, external, View.Context).Choose(decision, present: null);
        var placed = port.Value.On(host) with { Status = host is null ? PortStatus.Down : PortStatus.Build };
        decision.CreateOwn(placed, View.Context);
        return router with
        {
            Gateway = new RouterGateway(
                port.Value.Id,
                wanted.NetworkId,
                port.Value.FixedIps,
                wanted.EnableSnat ?? true,
                wanted.QosPolicyId)
            {
                MacAddress = port.Value.MacAddress,
                Host = host,
            },
        };
    }

    private Stamped<Port>? PortOf(RouterGateway gateway) =>
        View.Find(Port.Type, PartitionKey.Network(gateway.NetworkId), gateway.PortId);

    private IEnumerable<Subnet> SubnetsOf(string networkId) =>
        View.Of(PartitionKey.Network(networkId)).All(Subnet.Type);
}

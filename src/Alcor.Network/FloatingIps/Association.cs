using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.Subnets;

namespace Alcor.Network.FloatingIps;

/// <summary>Lets floating IPs lead to ports, within a decision.</summary>
internal sealed record Association(Caller Caller, PartitionView View)
{
    private DecideContext Context => View.Context;

    /// <summary>The floating IP as it leads to a port then, or to one of several addresses of it.</summary>
    /// <param name="address">Null: the only one that it can be.</param>
    public Result<FloatingIp> Associate(Decision decision, FloatingIp ip, string portId, IPAddress? address)
    {
        if (Context.Read(Port.Type, portId) is not { } port || !Caller.Sees(Port.Type, port.Value))
            return Port.Type.Api.NotFound(portId);
        var target = Choose(ip, port.Value, address);
        if (target.Error is { } wrong)
            return wrong;
        var router = FindRouter(ip.NetworkId, port.Value, target.Value);
        if (router.Error is { } unreachable)
            return unreachable;
        if (IsTaken(ip, portId, target.Value.IpAddress))
            return FloatingIpErrors.PortAlreadyAssociated(ip, portId, target.Value.IpAddress);
        if (router.Value.Value.IsDistributed && HasForwarding(portId))
            return FloatingIpErrors.PortHasPortForwarding(portId);
        decision.DependsOn(port).RestsOnHost(port.Value.HostId, Context).DependsOn(router.Value);
        var associated = ip with
        {
            PortId = portId,
            FixedIpAddress = target.Value.IpAddress,
            RouterId = router.Value.Value.Id,
        };
        return associated.At(port.Value, Context);
    }

    /// <summary>
    /// The router between an address and an external network; first of all that which is the gateway of its subnet.
    /// </summary>
    public Result<Stamped<Router>> FindRouter(string networkId, Port port, FixedIp target)
    {
        var routers = Context.Referrers(Subnet.Type.Key(target.SubnetId), Router.Type)
            .Select(found => new Stamped<Router>((Router)found.Value, found.Revision))
            .Where(router => router.Value.Gateway?.NetworkId == networkId)
            .ToList();
        if (routers.Count == 0)
            return FloatingIpErrors.GatewayNotFound(networkId, target.SubnetId, port.Id);
        var gateway = Context.Read(Subnet.Type, target.SubnetId)?.Value.GatewayIp;
        var first = routers.FindIndex(router =>
            router.Value.FixedIps.Any(ip => ip.SubnetId == target.SubnetId && ip.IpAddress.Equals(gateway)));
        return routers[Math.Max(first, 0)];
    }

    private Result<FixedIp> Choose(FloatingIp ip, Port port, IPAddress? address)
    {
        if (port.ProjectId != ip.ProjectId && !Caller.IsAdmin)
        {
            return FloatingIpErrors.Bad(
                $"Cannot process floating IP association with Port {port.Id}, since that port is owned by a different "
                + "tenant");
        }
        if (port.DeviceOwner == DeviceOwner.Dhcp)
            return FloatingIpErrors.Bad($"Port {port.Id} is unable to be assigned a floating IP");
        return address is null ? ChooseOnly(port) : ChooseNamed(port, address);
    }

    private static Result<FixedIp> ChooseNamed(Port port, IPAddress address)
    {
        if (address.Version() != 4)
        {
            return FloatingIpErrors.Bad(
                $"Cannot process floating IP association with {address}, since that is not an IPv4 address");
        }
        foreach (var ip in port.FixedIps.Where(ip => ip.IpAddress.Equals(address)))
            return ip;
        return FloatingIpErrors.Bad($"Port {port.Id} does not have fixed ip {address}");
    }

    private static Result<FixedIp> ChooseOnly(Port port)
    {
        var candidates = port.FixedIps.Where(ip => ip.IpAddress.Version() == 4).ToList();
        return candidates switch
        {
            [var only] => only,
            [] => FloatingIpErrors.Bad(
                $"Cannot add floating IP to port {port.Id} that has no fixed IPv4 addresses"),
            _ => FloatingIpErrors.Bad(
                $"Port {port.Id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when "
                + "assigning a floating IP"),
        };
    }

    private bool IsTaken(FloatingIp ip, string portId, IPAddress address) =>
        Context.Referrers(Port.Type.Key(portId), FloatingIp.Type)
            .Select(found => (FloatingIp)found.Value)
            .Any(other => other.Id != ip.Id
                && other.PortId == portId
                && other.NetworkId == ip.NetworkId
                && address.Equals(other.FixedIpAddress));

    private bool HasForwarding(string portId) =>
        Context.Referrers(Port.Type.Key(portId), PortForwarding.Type).Count > 0;
}

internal static class Dependence
{
    /// <summary>
    /// What was concluded from a router is still so at the commit, and who changes the router afterwards sees this.
    /// </summary>
    public static Decision DependsOn(this Decision decision, Stamped<Router> router) =>
        decision.DependsOn(Router.Type, router);

    /// <summary>The same of a port: its addresses, and where it is.</summary>
    public static Decision DependsOn(this Decision decision, Stamped<Port> port) =>
        decision.DependsOn(Port.Type, port);

    private static Decision DependsOn<T>(this Decision decision, ResourceType<T> type, Stamped<T> resource)
        where T : class =>
        decision.Changes.Any(change => change.Key == type.Key(type.Id(resource.Value)))
            ? decision
            : decision.Update(type, resource.Value, resource);
}

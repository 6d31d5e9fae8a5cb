using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Sharing;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>
/// Connects a router to a subnet, whose gateway address it takes: with a new port, or with that which it has for the
/// other IPv6 subnets of the network.
/// </summary>
internal sealed record SubnetAttachment(NetworkSettings Settings, ChangeRequest Change, PartitionView View)
{
    public Result<Router> Attach(Decision decision, Router router, string subnetId)
    {
        if (View.Context.Read(Subnet.Type, subnetId)?.Value is not { } subnet
            || !Change.Caller.Sees(Subnet.Type, subnet))
            return Subnet.Type.Api.NotFound(subnetId);
        var error = (subnet.GatewayIp is null
                ? RouterErrors.Bad("Subnet for router interface must have a gateway IP")
                : null)
            ?? CheckOwner(subnet)
            ?? CheckMode(subnet)
            ?? RouterSubnets.CheckOverlap(router, [subnet], View.Context);
        if (error is not null)
            return error;
        var network = View.Of(PartitionKey.Network(subnet.NetworkId));
        if (subnet.IpVersion == 4 || router.FindIpv6Interface(subnet.NetworkId) is not { } existing)
            return Connect(decision, router, network, subnet);
        return network.Find(Port.Type, existing.PortId) is { } port
            ? Extend(decision, router, port, subnet)
            : Port.Type.Api.NotFound(existing.PortId);
    }

    /// <summary>With a new port; all that is needed of the network is in its snapshot.</summary>
    public Result<Router> Connect(Decision decision, Router router, Snapshot network, Subnet subnet)
    {
        var item = new NewServicePort(
            Change.NewId, router.ProjectId, DeviceOwner.RouterInterface, router.Id, Change.Entropy)
        {
            Requests = [new FixedIpRequest(subnet.Id, subnet.GatewayIp)],
        };
        var port = RouterPorts.Build(network, item, Settings, View.Context);
        if (port.Error is { } none)
            return none;
        decision.CreateOwn(port.Value, View.Context);
        return router.WithInterface(port.Value, [subnet.Id]);
    }

    public static ApiError? CheckMode(Subnet subnet) =>
        subnet is { IpVersion: 6, Ipv6RaMode: null, Ipv6AddressMode: not null }
            ? RouterErrors.Bad(
                $"IPv6 subnet {subnet.Id} configured to receive RAs from an external router cannot be added to Neutron "
                + "Router")
            : null;

    private Result<Router> Extend(Decision decision, Router router, Stamped<Port> port, Subnet subnet)
    {
        var requests = port.Value.FixedIps
            .Select(ip => new FixedIpRequest(ip.SubnetId, ip.IpAddress))
            .Append(new FixedIpRequest(subnet.Id, subnet.GatewayIp));
        var network = View.Of(PartitionKey.Network(subnet.NetworkId));
        var extended = RouterPorts.Readdress(network, port.Value, [.. requests], View.Context);
        if (extended.Error is { } taken)
            return taken;
        decision.ChangePort(extended.Value with { UpdatedAt = View.Context.Now }, port);
        return router.WithInterface(extended.Value, [subnet.Id]);
    }

    /// <summary>Another project's subnet is for those that its network is shared with by name.</summary>
    private ApiError? CheckOwner(Subnet subnet) =>
        Change.Caller.IsAdmin
        || subnet.ProjectId == Change.Caller.ProjectId
        || subnet.Shares.Contains(new Share(ShareAction.AsShared, Change.Caller.ProjectId))
            ? null
            : RouterErrors.Bad(
                $"Cannot add interface to router because subnet {subnet.Id} is not owned by project making the "
                + "request");
}

/// <summary>The interfaces of a router.</summary>
internal static class RouterInterfaces
{
    /// <summary>The router with an interface as its port is now, instead of what it had for that port.</summary>
    /// <param name="subnetIds">What was added.</param>
    public static Router WithInterface(this Router router, Port port, IEnumerable<string> subnetIds)
    {
        var added = new RouterInterface(port.Id, port.NetworkId, port.FixedIps);
        var present = router.Interfaces.FirstOrDefault(one => one.PortId == port.Id);
        return router with
        {
            Interfaces = present is null ? router.Interfaces.Add(added) : router.Interfaces.Replace(present, added),
            Changed = ChangeOf(port, subnetIds),
        };
    }

    /// <summary>The router without the interface of a port.</summary>
    public static Router WithoutInterface(this Router router, Port port, IEnumerable<string> subnetIds) =>
        router with
        {
            Interfaces = router.Interfaces.RemoveAll(one => one.PortId == port.Id),
            Changed = ChangeOf(port, subnetIds),
        };

    public static RouterInterface? FindIpv6Interface(this Router router, string networkId) =>
        router.Interfaces.FirstOrDefault(one =>
            one.NetworkId == networkId && one.FixedIps.Any(ip => ip.IpAddress.Version() == 6));

    private static ChangedInterface ChangeOf(Port port, IEnumerable<string> subnetIds) =>
        new(port.Id, port.ProjectId, port.NetworkId, [.. subnetIds]);
}

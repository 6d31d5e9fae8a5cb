using System.Collections.Immutable;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>Makes a router the gateway of a subnet: with a port of its own, or with one that is there.</summary>
internal sealed record AddRouterInterface(NetworkSettings Settings, string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Router(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Router.Type, Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        if (InterfaceRequest.Check(Change.Body, isRemoval: false) is { } wrong)
            return wrong;
        var decision = new Decision();
        var view = new PartitionView(snapshot, context);
        var router = Change.Body.Get(InterfaceBody.PortId) is { } portId
            ? new PortAttachment(Change.Caller, view).Attach(decision, found.Value.Value, portId)
            : new SubnetAttachment(Settings, Change, view)
                .Attach(decision, found.Value.Value, Change.Body.Get(InterfaceBody.SubnetId)!);
        return router.Error is { } refused
            ? refused
            : decision.Update(Router.Type, router.Value with { UpdatedAt = context.Now }, found.Value).AndAnswer();
    }
}

/// <summary>Which interface a request means.</summary>
internal static class InterfaceRequest
{
    public static ApiError? Check(Body body, bool isRemoval)
    {
        var byPort = body.Has(InterfaceBody.PortId);
        var bySubnet = body.Has(InterfaceBody.SubnetId);
        if (!byPort && !bySubnet)
            return RouterErrors.Bad("Either subnet_id or port_id must be specified");
        return CheckId(body, InterfaceBody.PortId)
            ?? CheckId(body, InterfaceBody.SubnetId)
            ?? (byPort && bySubnet && !isRemoval
                ? RouterErrors.Bad("Cannot specify both subnet-id and port-id")
                : null);
    }

    private static ApiError? CheckId(Body body, Attribute<Router, string?> attribute) =>
        !body.Has(attribute) || Guid.TryParse(body.Get(attribute), out _)
            ? null
            : RouterErrors.Bad($"'{body.Get(attribute) ?? "None"}' is not a valid UUID");
}

/// <summary>Connects a router to the subnets of a port that nothing uses yet.</summary>
internal sealed record PortAttachment(Caller Caller, PartitionView View)
{
    public Result<Router> Attach(Decision decision, Router router, string portId)
    {
        if (View.Context.Read(Port.Type, portId) is not { } port || !Caller.Sees(Port.Type, port.Value))
            return Port.Type.Api.NotFound(portId);
        var subnets = port.Value.FixedIps
            .Select(ip => View.Context.Read(Subnet.Type, ip.SubnetId)?.Value)
            .OfType<Subnet>()
            .ToImmutableArray();
        if (Check(router, port.Value, subnets) is { } wrong)
            return wrong;
        var attached = port.Value with
        {
            DeviceId = router.Id,
            DeviceOwner = DeviceOwner.RouterInterface,
            UpdatedAt = View.Context.Now,
        };
        decision.ChangePort(attached, port);
        return router.WithInterface(attached, subnets.Select(subnet => subnet.Id));
    }

    private ApiError? Check(Router router, Port port, ImmutableArray<Subnet> subnets)
    {
        if (port.DeviceId.Length > 0)
            return Errors.PortInUse(port);
        if (port.FixedIps.IsEmpty)
            return RouterErrors.Bad("Router port must have at least one fixed IP");
        return subnets.Select(SubnetAttachment.CheckMode).FirstOrDefault(error => error is not null)
            ?? CheckOnePerNetwork(router, port)
            ?? RouterSubnets.CheckOverlap(router, subnets, View.Context)
            ?? (subnets.Count(subnet => subnet.IpVersion == 4) > 1
                ? RouterErrors.Bad("Cannot have multiple IPv4 subnets on router port")
                : null)
            ?? CheckAddresses(port, subnets);
    }

    /// <summary>All IPv6 subnets of a network are on one port, which is the router of that network.</summary>
    private static ApiError? CheckOnePerNetwork(Router router, Port port)
    {
        if (port.FixedIps.All(ip => ip.IpAddress.Version() == 4))
            return null;
        return router.FindIpv6Interface(port.NetworkId) is { } existing
            ? RouterErrors.Bad(
                "Cannot have multiple router ports with the same network id if both contain IPv6 subnets. Existing "
                + $"port {existing.PortId} has IPv6 subnet(s) and network id {existing.NetworkId}")
            : null;
    }

    private ApiError? CheckAddresses(Port port, ImmutableArray<Subnet> subnets)
    {
        if (Caller.IsAdmin)
            return null;
        var foreign = subnets.FirstOrDefault(subnet =>
            subnet.ProjectId != Caller.ProjectId
            && port.FixedIps.Any(ip => ip.SubnetId == subnet.Id
                && !subnet.AllocationPools.Any(pool => pool.Contains(ip.IpAddress))));
        return foreign is null
            ? null
            : RouterErrors.Bad(
                $"Cannot add interface to router because specified port {port.Id} has an IP address out of the "
                + $"allocation pool of subnet {foreign.Id}, which is not owned by the project making the request");
    }
}

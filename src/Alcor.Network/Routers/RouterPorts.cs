using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.Routers;

/// <summary>Ports that the network itself has: of routers and of floating IPs.</summary>
internal static class RouterPorts
{
    /// <summary>
    /// A port with these addresses, or with one of each version of IP if none is named. It is on no host, and follows
    /// no security groups.
    /// </summary>
    /// <param name="partition">That of the network.</param>
    public static Result<Port> Build(
        Snapshot partition, NewServicePort item, NetworkSettings settings, DecideContext context)
    {
        var networkId = partition.Partition.Id;
        if (partition.Find(Networks.Network.Type, networkId)?.Value is not { } network)
            return Networks.Network.Type.Api.NotFound(networkId);
        var mac = new MacAllocation(context, settings).Choose(partition, item.Entropy);
        if (mac.Error is { } noMac)
            return noMac;
        var port = NewPort(item, network, mac.Value, context.Now);
        var addressed = Readdress(partition, port, item.Requests, context);
        return addressed.Error is { } noAddress ? noAddress : addressed.Value;
    }

    /// <summary>Other addresses for a port.</summary>
    public static Result<Port> Readdress(
        Snapshot partition, Port port, ImmutableArray<FixedIpRequest> requests, DecideContext context)
    {
        if (partition.Find(Networks.Network.Type, port.NetworkId) is null)
            return Networks.Network.Type.Api.NotFound(port.NetworkId);
        var allocation = new AddressAllocation(partition, Addressee.Of(port, context));
        var addressing = requests.IsEmpty ? allocation.ChooseAny() : allocation.Choose(requests, context);
        return addressing.Error is { } none ? none : port with { FixedIps = addressing.Value.FixedIps };
    }

    /// <summary>
    /// What comes to a port that is a router's is the router's: nobody but an administrator makes one of another
    /// project's router.
    /// </summary>
    public static ApiError? CheckOwner(Port port, Caller caller, DecideContext context) =>
        !caller.IsAdmin
        && DeviceOwner.IsRouterInterface(port.DeviceOwner)
        && context.Read(Router.Type, port.DeviceId) is { Value: var router }
        && router.ProjectId != port.ProjectId
            ? Errors.DeviceIdNotOwnedByTenant(port.DeviceId)
            : null;

    private static Port NewPort(
        NewServicePort item, Networks.Network network, MacChoice mac, DateTimeOffset now) =>
        new(
            item.Id,
            network.Id,
            item.ProjectId,
            Name: "",
            Description: "",
            AdminStateUp: true,
            mac.Address,
            FixedIps: [],
            item.DeviceId,
            item.DeviceOwner,
            HostId: "",
            TunnelAddress: null,
            VnicType: "normal",
            Profile: "{}",
            item.Status,
            Generation: 1,
            now,
            now)
        {
            MacRangeId = mac.RangeId,
            IsUnprotected = true,
            NetworkOwner = network.ProjectId == item.ProjectId ? null : network.ProjectId,
            NetworkQosPolicyId = network.QosPolicyId,
        };
}

/// <summary>A port to be made for the network itself.</summary>
/// <param name="ProjectId">Empty: it is hidden from all but admins.</param>
internal sealed record NewServicePort(
    string Id, string ProjectId, string DeviceOwner, string DeviceId, ulong Entropy)
{
    /// <summary>Its addresses; empty: one of each version of IP.</summary>
    public ImmutableArray<FixedIpRequest> Requests { get; init; } = [];

    public string Status { get; init; } = PortStatus.Down;
}

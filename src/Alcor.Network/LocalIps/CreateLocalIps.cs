using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.Subnets;

namespace Alcor.Network.LocalIps;

/// <summary>
/// Makes local IPs of addresses of ports that are there, or of new ones of a network: in the lane of that network.
/// </summary>
internal sealed record CreateLocalIps(NetworkSettings Settings, IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => Items[0].Body is var body && body.Has(LocalIpAttributes.NetworkId)
        ? PartitionKey.Network(body.Get(LocalIpAttributes.NetworkId))
        : new PartitionKey("local-ip", Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (Items.Count > 1)
            return ApiError.BadRequest("Bulk operation not supported");
        var item = Items[0];
        if (item.Body.Has(LocalIpAttributes.LocalPortId))
            return OfPort(item, context);
        return item.Body.Has(LocalIpAttributes.NetworkId)
            ? OfNetwork(item, snapshot, context)
            : LocalIpErrors.PortOrNetworkRequired;
    }

    private static Result<Decision> OfPort(NewResource item, DecideContext context)
    {
        var id = item.Body.Get(LocalIpAttributes.LocalPortId);
        if (context.Read(Port.Type, id) is not { } port || !item.Caller.Sees(Port.Type, port.Value))
            return LocalIpErrors.Bad($"Port {id} not found");
        var address = LocalIpAddresses.Choose(port.Value, item.Body.Get(LocalIpAttributes.Address));
        return address.Error is { } unfit
            ? unfit
            : new Decision()
                .RestsOn(Port.Type, id, port)
                .Create(LocalIp.Type, New(item, port.Value, address.Value, context.Now))
                .AndAnswer();
    }

    private Result<Decision> OfNetwork(NewResource item, Snapshot network, DecideContext context)
    {
        var networkId = network.Partition.Id;
        if (network.Find(Networks.Network.Type, networkId) is not { } found
            || !item.Caller.Sees(Networks.Network.Type, found.Value))
            return Networks.Network.Type.Api.NotFound(networkId);
        if (network.All(Subnet.Type).All(subnet => subnet.IpVersion != 4))
            return LocalIpErrors.Bad($"Network {networkId} does not contain any IPv4 subnet");
        var address = item.Body.Get(LocalIpAttributes.Address);
        var request = new NewServicePort(
            DerivedId.Of(item.Id, "local-port"), item.ProjectId, DeviceOwner.LocalIp, item.Id, item.Entropy)
        {
            Requests = address is null ? [] : [new FixedIpRequest(null, address)],
            Status = "N/A",
        };
        var port = RouterPorts.Build(network, request, Settings, context);
        if (port.Error is { } none)
            return none;
        if (port.Value.FixedIps is not [var first, ..])
            return LocalIpErrors.NoIp(port.Value.Id);
        return new Decision()
            .CreateExempt(Port.Type, port.Value)
            .Create(LocalIp.Type, New(item, port.Value, first.IpAddress, context.Now))
            .AndAnswer();
    }

    private static LocalIp New(NewResource item, Port port, IPAddress address, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(LocalIpAttributes.Name),
            item.Body.Get(LocalIpAttributes.Description),
            port.NetworkId,
            port.Id,
            address,
            item.Body.Get(LocalIpAttributes.IpMode),
            now,
            now);
}

internal static class LocalIpAddresses
{
    /// <summary>The address of a port that a request means: that which it names, or the only one.</summary>
    public static Result<IPAddress> Choose(Port port, IPAddress? wanted)
    {
        if (port.FixedIps.IsEmpty)
            return LocalIpErrors.NoIp(port.Id);
        if (wanted is null)
            return port.FixedIps is [var only] ? only.IpAddress : LocalIpErrors.NoRequestedIp(port.Id);
        return port.FixedIps.Any(ip => ip.IpAddress.Equals(wanted))
            ? wanted
            : LocalIpErrors.RequestedIpNotFound(port.Id, wanted);
    }
}

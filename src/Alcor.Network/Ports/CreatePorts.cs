using System.Collections.Immutable;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;

namespace Alcor.Network.Ports;

/// <summary>Creates ports, of one network or several, all of them or none.</summary>
internal sealed record CreatePorts(NetworkSettings Settings, IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(NetworkOf(Items[0]));

    public IReadOnlyList<ResourceKey> Reads =>
    [
        .. from item in Items
           let host = item.Body.Get(PortAttributes.HostId)
           where host.Length > 0
           select Node.Type.Key(host),
    ];

    public IReadOnlyList<PartitionKey> Others => Items.Count == 1
        ? []
        : [.. Items.Select(item => PartitionKey.Network(NetworkOf(item))).Distinct().Where(key => key != Lane)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var snapshots = Others.ToDictionary(key => key, context.Partition);
        snapshots.Add(Lane, snapshot);
        foreach (var item in Items)
        {
            var partition = PartitionKey.Network(NetworkOf(item));
            var port = Build(item, snapshots[partition], context);
            if (port.Error is { } error)
                return error;
            decision.CreatePort(port.Value).RestsOnHost(port.Value.HostId, context);
            // The next port of this request sees what this one took.
            if (Items.Count > 1)
                snapshots[partition] = snapshots[partition].WithClaimsOf(Port.Type, port.Value);
        }
        return decision;
    }

    private Result<Port> Build(NewResource item, Snapshot snapshot, DecideContext context)
    {
        var networkId = NetworkOf(item);
        if (snapshot.Find(Networks.Network.Type, networkId) is null)
            return Networks.Network.Type.Api.NotFound(networkId);
        var mac = ChooseMac(item, snapshot);
        if (mac.Error is { } noMac)
            return noMac;
        var allocation = new AddressAllocation(snapshot, networkId, [], Settings);
        var fixedIps = item.Body.Has(PortAttributes.FixedIps)
            ? allocation.Choose(item.Body.Get(PortAttributes.FixedIps))
            : allocation.ChooseAny();
        if (fixedIps.Error is { } noAddress)
            return noAddress;
        return NewPort(item, mac.Value, fixedIps.Value, context.Now).BoundBy(context);
    }

    private Result<MacAddress> ChooseMac(NewResource item, Snapshot snapshot)
    {
        var networkId = NetworkOf(item);
        if (item.Body.Get(PortAttributes.MacAddress) is not { } requested)
            return MacAllocation.Choose(snapshot, networkId, item.Entropy, Settings);
        return snapshot.Claimed(Port.MacSpace(networkId)).Contains(requested.Bits)
            ? Errors.MacAddressInUse(networkId, requested)
            : requested;
    }

    private static Port NewPort(NewResource item, MacAddress mac, ImmutableArray<FixedIp> fixedIps, DateTimeOffset now)
    {
        var body = item.Body;
        return new Port(
            item.Id,
            NetworkOf(item),
            item.ProjectId,
            body.Get(PortAttributes.Name),
            body.Get(PortAttributes.Description),
            body.Get(PortAttributes.AdminStateUp),
            mac,
            fixedIps,
            body.Get(PortAttributes.DeviceId),
            body.Get(PortAttributes.DeviceOwner),
            body.Get(PortAttributes.HostId),
            TunnelAddress: null,
            body.Get(PortAttributes.VnicType),
            body.Get(PortAttributes.Profile),
            PortStatus.Down,
            Generation: 1,
            now,
            now);
    }

    private static string NetworkOf(NewResource item) => item.Body.Get(PortAttributes.NetworkId);
}

using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;

namespace Alcor.Network.Ports;

internal sealed record UpdatePort(NetworkSettings Settings, Port Current, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public IReadOnlyList<ResourceKey> Reads =>
        Body.Get(PortAttributes.HostId) is { Length: > 0 } host ? [Node.Type.Key(host)] : [];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Port.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var port = found.Value.Value;
        var mac = ChooseMac(port, snapshot);
        if (mac.Error is { } macError)
            return macError;
        var fixedIps = Body.Has(PortAttributes.FixedIps)
            ? new AddressAllocation(snapshot, port.NetworkId, port.FixedIps, Settings)
                .Choose(Body.Get(PortAttributes.FixedIps))
            : port.FixedIps;
        if (fixedIps.Error is { } addressError)
            return addressError;
        var updated = port with
        {
            Name = Body.Get(PortAttributes.Name, port.Name),
            Description = Body.Get(PortAttributes.Description, port.Description),
            AdminStateUp = Body.Get(PortAttributes.AdminStateUp, port.AdminStateUp),
            MacAddress = mac.Value,
            FixedIps = fixedIps.Value,
            DeviceId = Body.Get(PortAttributes.DeviceId, port.DeviceId),
            DeviceOwner = Body.Get(PortAttributes.DeviceOwner, port.DeviceOwner),
            HostId = Body.Get(PortAttributes.HostId, port.HostId),
            VnicType = Body.Get(PortAttributes.VnicType, port.VnicType),
            Profile = Body.Get(PortAttributes.Profile, port.Profile),
            UpdatedAt = context.Now,
        };
        return Body.Has(PortAttributes.HostId)
            ? new Decision().UpdatePort(updated.BoundBy(context), found.Value).RestsOnHost(updated.HostId, context)
            : new Decision().UpdatePort(updated, found.Value);
    }

    private Result<MacAddress> ChooseMac(Port port, Snapshot snapshot)
    {
        var wanted = Body.Get(PortAttributes.MacAddress, port.MacAddress) ?? port.MacAddress;
        if (wanted == port.MacAddress)
            return wanted;
        if (port.IsBound)
            return Errors.PortBound(port.Id, port.MacAddress, wanted);
        return snapshot.Claimed(Port.MacSpace(port.NetworkId)).Contains(wanted.Bits)
            ? Errors.MacAddressInUse(port.NetworkId, wanted)
            : wanted;
    }
}

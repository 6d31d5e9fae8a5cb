using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.Trunks;

/// <summary>The ports that trunks consist of, and their networks, as one decision sees and changes them.</summary>
internal sealed class TrunkPorts(DecideContext context)
{
    private readonly SubPortBinding binding = new(context);
    private readonly Dictionary<string, Port> changed = [];
    private readonly HashSet<string> networks = [];

    public Port? Find(string id) =>
        changed.TryGetValue(id, out var port) ? port : context.Read(Port.Type, id)?.Value;

    /// <summary>The port if the caller may know of it.</summary>
    public Port? Find(string id, Caller caller) =>
        Find(id) is { } port && (caller.IsAdmin || Port.Type.IsVisible(port, caller.ProjectId)) ? port : null;

    /// <summary>What is concluded from it holds at the commit.</summary>
    public Networks.Network? NetworkOf(Port port)
    {
        networks.Add(port.NetworkId);
        return context.Read(Networks.Network.Type, port.NetworkId)?.Value;
    }

    /// <summary>
    /// The ports of a trunk know what they are in it, and those that left it that they are in none. Subports are where
    /// the parent is.
    /// </summary>
    /// <param name="before">Null: it is new.</param>
    /// <param name="after">Null: it is gone.</param>
    public void Follow(Trunk? before, Trunk? after)
    {
        foreach (var id in (before?.PortIds ?? []).Except(after?.PortIds ?? []))
        {
            Set(id, port =>
                port.Trunk is { IsSubport: true } ? SubPortBinding.Release(port) : port with { Trunk = null });
        }
        if (after is null || Find(after.PortId) is not { } parent)
            return;
        foreach (var port in after.SubPorts.Except(before?.SubPorts ?? []))
        {
            var trunk = new PortTrunk(after.Id, after.PortId) { Vlan = port.SegmentationId };
            Set(port.PortId, one => binding.Along(
                parent, one with { Trunk = trunk, DeviceOwner = DeviceOwner.SubPort }));
        }
        var carrying = new PortTrunk(after.Id, null)
        {
            Carries =
            [
                .. from port in after.SubPorts
                   let mac = Find(port.PortId)?.MacAddress
                   where mac is not null
                   select new CarriedPort(port.PortId, port.SegmentationType, port.SegmentationId, mac.Value),
            ],
        };
        Set(after.PortId, port => port with { Trunk = carrying });
    }

    public Decision ApplyTo(Decision decision)
    {
        foreach (var (id, port) in changed)
        {
            var earlier = context.Read(Port.Type, id)!.Value;
            if (port.HostId == earlier.Value.HostId && port.Trunk is not { IsSubport: true })
                decision.ChangePort(port, earlier);
            else
                binding.Change(decision, port, earlier);
        }
        foreach (var id in networks)
            decision.RestsOn(Networks.Network.Type, id, context.Read(Networks.Network.Type, id));
        return decision;
    }

    private void Set(string id, Func<Port, Port> change)
    {
        if (Find(id) is { } port)
            changed[id] = change(port);
    }
}

/// <summary>Keeps what a parent port shows of its subports true.</summary>
internal static class CarriedPorts
{
    /// <summary>The parent of a subport whose MAC address changes shows the new one.</summary>
    public static Decision FollowMac(
        this Decision decision, Port port, Stamped<Port> earlier, Snapshot snapshot, DecideContext context)
    {
        if (port.MacAddress == earlier.Value.MacAddress || port.Trunk?.ParentId is not { } parentId)
            return decision;
        // Not found: it is in another network, and has not been read yet.
        if ((snapshot.Find(Port.Type, parentId) ?? context.Read(Port.Type, parentId)) is not { } parent)
            return decision;
        var trunk = parent.Value.Trunk!;
        var carries = trunk.Carries.OrEmpty()
            .Select(one => one.PortId == port.Id ? one with { MacAddress = port.MacAddress } : one);
        return decision.ChangePort(parent.Value with { Trunk = trunk with { Carries = [.. carries] } }, parent);
    }
}

using Alcor.Kernel.Resources;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.Trunks;

/// <summary>Subports are on the host that their parent is on, from the same commit on.</summary>
internal sealed class SubPortBinding(DecideContext context)
{
    private readonly SubPortNumbers numbers = new(context);

    /// <summary>A subport on a host, if that can carry its network.</summary>
    /// <param name="host">Empty: on none.</param>
    public Port On(string host, Port subport)
    {
        var moved = subport with { HostId = host };
        return context.Read(Networks.Network.Type, subport.NetworkId)?.Value is { } network
            ? numbers.Number(moved.BoundBy(network, context), subport)
            : moved with { TunnelAddress = null };
    }

    /// <summary>A port that is carried no longer is on no host.</summary>
    public static Port Release(Port port) => port with
    {
        Trunk = null,
        HostId = "",
        TunnelAddress = null,
        DeviceOwner = port.DeviceOwner == DeviceOwner.SubPort ? "" : port.DeviceOwner,
    };

    /// <summary>What is concluded of the subport's network and host holds at the commit.</summary>
    public Decision Change(Decision decision, Port subport, Stamped<Port> earlier) => decision
        .ChangePort(subport, earlier)
        .RestsOnHost(subport.HostId, context)
        .RestsOn(
            Networks.Network.Type,
            subport.NetworkId,
            context.Read(Networks.Network.Type, subport.NetworkId))
        .MoveDependents(earlier.Value, subport, context);
}

internal static class MovedTrunks
{
    /// <summary>The subports of a parent that is bound, moved or unbound go along with it.</summary>
    public static Decision MoveSubPorts(this Decision decision, Port before, Port after, DecideContext context)
    {
        var isMoved = before.HostId != after.HostId || before.IsBound != after.IsBound;
        if (!isMoved || after.Trunk is not { IsSubport: false })
            return decision;
        var binding = new SubPortBinding(context);
        foreach (var carried in after.Trunk.Carries.OrEmpty())
        {
            if (context.Read(Port.Type, carried.PortId) is not { Value.Trunk: { } trunk } found)
                continue;
            var subport = found.Value with { Trunk = trunk with { Vlan = carried.SegmentationId } };
            binding.Change(decision, binding.On(after.HostId, subport), found);
        }
        return decision;
    }
}

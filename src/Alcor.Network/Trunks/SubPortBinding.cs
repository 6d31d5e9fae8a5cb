using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.Trunks;

/// <summary>
/// Subports are on the host that their parent is on, and can move where it can, from the same commit on.
/// </summary>
/// <param name="beside">Other ports of the decision, whose addresses are taken.</param>
internal sealed class SubPortBinding(DecideContext context, params IEnumerable<Port> beside)
{
    private readonly SubPortNumbers numbers = new(context);
    private readonly Dictionary<string, Snapshot> partitions = [];

    /// <summary>
    /// A subport where its parent is, if the host can carry its network and reaches subnets of it. It gets addresses
    /// that waited for the host.
    /// </summary>
    public Port Along(Port parent, Port subport)
    {
        var moved = subport with { HostId = parent.HostId };
        if (context.Read(Networks.Network.Type, subport.NetworkId)?.Value is not { } network)
            return moved with { TunnelAddress = null };
        var bound = numbers.Number(Addressed(moved).BoundBy(network, context), subport);
        var others = parent.InactiveBindings.OrEmpty()
            .Where(other => CanMove(bound, other.Host, context))
            .Select(other => new InactiveBinding(other.Host, subport.VnicType, subport.Profile));
        return bound with { InactiveBindings = others.ToImmutableArray().OrAbsent() };
    }

    /// <summary>Whether a subport, with the addresses that it has, can be on a host.</summary>
    public static bool CanMove(Port subport, string host, DecideContext context) =>
        context.Read(Networks.Network.Type, subport.NetworkId)?.Value is { } network
        && (subport with { HostId = host }).BoundBy(network, context).IsBound;

    /// <summary>A port that is carried no longer is on no host.</summary>
    public static Port Release(Port port) => port with
    {
        Trunk = null,
        HostId = "",
        TunnelAddress = null,
        InactiveBindings = default,
        DeviceOwner = port.DeviceOwner == DeviceOwner.SubPort ? "" : port.DeviceOwner,
    };

    /// <summary>What is concluded of the subport's network and host holds at the commit.</summary>
    public Decision Change(Decision decision, Port subport, Stamped<Port> earlier)
    {
        foreach (var other in subport.InactiveBindings.OrEmpty())
            decision.RestsOnHost(other.Host, context);
        return decision
            .ChangePort(subport, earlier)
            .RestsOnHost(subport.HostId, context)
            .RestsOn(
                Networks.Network.Type,
                subport.NetworkId,
                context.Read(Networks.Network.Type, subport.NetworkId))
            .MoveDependents(earlier.Value, subport, context);
    }

    /// <summary>Without the addresses that it waits for, where the host reaches none: it is not bound then.</summary>
    private Port Addressed(Port subport)
    {
        var id = subport.NetworkId;
        var chosen = DeferredAddresses.Choose(subport, () => PartitionOf(id), context);
        if (!chosen.IsOk || chosen.Value == subport)
            return subport;
        partitions[id] = PartitionOf(id).WithClaimsOf(Port.Type, chosen.Value);
        return chosen.Value;
    }

    private Snapshot PartitionOf(string network) => partitions.TryGetValue(network, out var seen)
        ? seen
        : beside.Where(port => port.NetworkId == network).Aggregate(
            context.Partition(PartitionKey.Network(network)),
            (partition, port) => partition.WithClaimsOf(Port.Type, port));
}

internal static class MovedTrunks
{
    /// <summary>The subports of a parent that is bound, moved or unbound, or may move, go along with it.</summary>
    public static Decision MoveSubPorts(this Decision decision, Port before, Port after, DecideContext context)
    {
        var isMoved = before.HostId != after.HostId || before.IsBound != after.IsBound
            || !OtherHosts(before).SequenceEqual(OtherHosts(after));
        if (!isMoved)
            return decision;
        var binding = new SubPortBinding(context, after);
        foreach (var (found, vlan) in CarriedBy(after, context))
        {
            var subport = found.Value with { Trunk = found.Value.Trunk! with { Vlan = vlan } };
            binding.Change(decision, binding.Along(after, subport), found);
        }
        return decision;
    }

    /// <summary>
    /// The first subport of a parent that cannot follow to a host, though it is carried where it is now: its machine
    /// would lose a network there.
    /// </summary>
    public static Port? FindLost(Port parent, string host, DecideContext context) => CarriedBy(parent, context)
        .Select(carried => carried.Port.Value)
        .FirstOrDefault(subport => subport.IsBound && !SubPortBinding.CanMove(subport, host, context));

    private static IEnumerable<(Stamped<Port> Port, int Vlan)> CarriedBy(Port parent, DecideContext context)
    {
        foreach (var carried in parent.Trunk?.Carries.OrEmpty() ?? [])
        {
            if (context.Read(Port.Type, carried.PortId) is { Value.Trunk: not null } found)
                yield return (found, carried.SegmentationId);
        }
    }

    private static IEnumerable<string> OtherHosts(Port port) =>
        port.InactiveBindings.OrEmpty().Select(binding => binding.Host);
}

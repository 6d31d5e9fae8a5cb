using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>What the switch says of itself, as a value.</summary>
/// <param name="Interfaces">
/// Port id (external_ids:iface-id) to OpenFlow port, of the interfaces that the switch really has: one without a
/// number, with the number -1 or with an error is not in here.
/// </param>
/// <param name="TunnelAddress">Where other hosts send to: a neighbour with this address is on this host.</param>
public sealed record SwitchFacts(
    ImmutableDictionary<Guid, uint> Interfaces, TunnelPorts Tunnels, IPAddress TunnelAddress)
{
    /// <summary>Physical network to the OpenFlow port that leads to its bridge, of those that have one here.</summary>
    public ImmutableSortedDictionary<string, uint> PhysicalPorts { get; init; } =
        ImmutableSortedDictionary.Create<string, uint>(StringComparer.Ordinal);

    /// <summary>Who has which address in a network outside, as far as it was heard.</summary>
    public ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress> OutsideNeighbors { get; init; } =
        ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress>.Empty;

    /// <summary>Null: this host offers none, or the switch has no port to them yet.</summary>
    public ServicePort? Services { get; init; }

    public bool Equals(SwitchFacts? other) =>
        other is not null && Tunnels == other.Tunnels && TunnelAddress.Equals(other.TunnelAddress)
            && Interfaces.Count == other.Interfaces.Count
            && Interfaces.All(known => other.Interfaces.TryGetValue(known.Key, out var port) && port == known.Value)
            && Services == other.Services
            && PhysicalPorts.SequenceEqual(other.PhysicalPorts)
            && OutsideNeighbors.Count == other.OutsideNeighbors.Count
            && OutsideNeighbors.All(known =>
                other.OutsideNeighbors.TryGetValue(known.Key, out var mac) && mac == known.Value);

    public override int GetHashCode() => HashCode.Combine(Interfaces.Count, Tunnels, TunnelAddress);
}

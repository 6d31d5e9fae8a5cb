using System.Net;
using Alcor.Agent.Desired;

namespace Alcor.Agent.Rendering;

/// <summary>What the host knows of one network, indexed for rendering.</summary>
internal sealed class NetworkModel(Guid id)
{
    private static readonly Comparer<IPAddress> ByBytes = Comparer<IPAddress>.Create(
        (left, right) => left.GetAddressBytes().AsSpan().SequenceCompareTo(right.GetAddressBytes()));

    // How many neighbours each host has: a flood list changes only when a host comes or goes.
    private readonly SortedDictionary<IPAddress, int> _hosts = new(ByBytes);

    public Guid Id => id;

    /// <summary>Null until the network's own entry has come and made sense.</summary>
    public NetworkValue? Value { get; set; }

    public Dictionary<Guid, SubnetValue> Subnets { get; } = [];

    public Dictionary<EntryAddress, NeighborValue> Neighbors { get; } = [];

    /// <summary>Routers are in it by these; the first is the one that machines of other networks seem to come
    /// from.</summary>
    public SortedDictionary<EntryAddress, RouterPortValue> RouterPorts { get; } = new(EntryAddressOrder.Instance);

    /// <summary>The routers that say that they are in it.</summary>
    public SortedSet<Guid> Routers { get; } = [];

    /// <summary>
    /// Ports of this host in the network, in a fixed order, so that a flood list does not depend on history.
    /// </summary>
    public SortedSet<EntryAddress> Ports { get; } = new(EntryAddressOrder.Instance);

    /// <summary>Where neighbours are, this host included.</summary>
    public IEnumerable<IPAddress> Hosts => _hosts.Keys;

    public bool IsEmpty => Value is null && Subnets.Count == 0 && Neighbors.Count == 0 && Ports.Count == 0
        && RouterPorts.Count == 0 && Routers.Count == 0;

    /// <summary>Replaces or, with null, removes a neighbour.</summary>
    /// <returns>Whether the hosts of the network are others than before.</returns>
    public bool SetNeighbor(EntryAddress address, NeighborValue? neighbor)
    {
        var before = Neighbors.GetValueOrDefault(address)?.TunnelAddress;
        if (neighbor is null)
            Neighbors.Remove(address);
        else
            Neighbors[address] = neighbor;
        if (Equals(before, neighbor?.TunnelAddress))
            return false;
        var gone = before is not null && Count(before, -1) == 0;
        var came = neighbor is not null && Count(neighbor.TunnelAddress, 1) == 1;
        return gone || came;
    }

    private int Count(IPAddress host, int by)
    {
        var count = _hosts.GetValueOrDefault(host) + by;
        if (count == 0)
            _hosts.Remove(host);
        else
            _hosts[host] = count;
        return count;
    }
}

/// <summary>
/// Ports before neighbours, and so on by kind; an order for choosing and listing that history cannot change.
/// </summary>
internal sealed class EntryAddressOrder : IComparer<EntryAddress>
{
    public static readonly EntryAddressOrder Instance = new();

    public int Compare(EntryAddress left, EntryAddress right)
    {
        var byKey = left.Key.CompareTo(right.Key);
        return byKey != 0 ? byKey : string.CompareOrdinal(left.Partition, right.Partition);
    }
}

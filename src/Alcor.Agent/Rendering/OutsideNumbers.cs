using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>A port of a network outside, of which a router there has its gateway or a floating IP.</summary>
internal readonly record struct OutsidePort(Guid Network, MacAddress Mac) : IComparable<OutsidePort>
{
    public int CompareTo(OutsidePort other) =>
        Mac != other.Mac ? Mac.Value.CompareTo(other.Mac.Value) : Network.CompareTo(other.Network);
}

/// <summary>
/// Numbers of ports outside, by which their meters have ids. Each has that which follows from its MAC address, or the
/// next that is free if others have it, who come before it in order (an ordered hash table: Amble and Knuth, 1974). So
/// the numbers follow from who is there, whatever came first, and only those move that somebody who comes or goes is in
/// the way of: few, as long as few numbers are taken.
/// </summary>
internal sealed class OutsideNumbers
{
    private const int HomeBits = 15;

    private readonly Dictionary<uint, OutsidePort> _holders = [];
    private readonly Dictionary<OutsidePort, uint> _numbers = [];

    /// <summary>Null: it is not there.</summary>
    public uint? this[OutsidePort port] => _numbers.TryGetValue(port, out var number) ? number : null;

    /// <param name="moved">Gains those that have another number now, the new one too.</param>
    public void Add(OutsidePort port, HashSet<OutsidePort> moved)
    {
        if (_numbers.ContainsKey(port))
            return;
        var number = HomeOf(port);
        for (; _holders.TryGetValue(number, out var holder); number++)
        {
            if (port.CompareTo(holder) < 0)
            {
                Put(port, number, moved);
                port = holder;
            }
        }
        Put(port, number, moved);
    }

    /// <param name="moved">Gains those that have another number now.</param>
    public void Remove(OutsidePort port, HashSet<OutsidePort> moved)
    {
        if (!_numbers.Remove(port, out var number))
            return;
        _holders.Remove(number);
        // It may have been in the way of any that follow without a gap.
        var following = new List<(OutsidePort Port, uint Number)>();
        while (_holders.Remove(++number, out var next))
        {
            _numbers.Remove(next);
            following.Add((next, number));
        }
        var placed = new HashSet<OutsidePort>();
        foreach (var (one, _) in following)
            Add(one, placed);
        moved.UnionWith(following.Where(one => this[one.Port] != one.Number).Select(one => one.Port));
    }

    /// <summary>The number that a port has if it is alone: multiplicative hashing, by the golden ratio.</summary>
    internal static uint HomeOf(OutsidePort port) =>
        MeterIds.KeyOfOutside + (uint)(port.Mac.Value * 0x9E37_79B9_7F4A_7C15 >> (64 - HomeBits));

    private void Put(OutsidePort port, uint number, HashSet<OutsidePort> moved)
    {
        _holders[number] = port;
        _numbers[port] = number;
        moved.Add(port);
    }
}

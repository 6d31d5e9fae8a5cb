using System.Collections.Immutable;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.MacRanges;

namespace Alcor.Network.Ports;

/// <summary>A MAC address for a port.</summary>
/// <param name="RangeId">The range that it is of; null: of none.</param>
internal readonly record struct MacChoice(MacAddress Address, string? RangeId);

/// <summary>
/// Chooses MAC addresses: in one network, no two ports have the same. They come from the active ranges; while there is
/// none, from the prefixes of the settings.
/// </summary>
internal sealed class MacAllocation
{
    private readonly NetworkSettings settings;
    private readonly ImmutableArray<MacRange> ranges;
    private readonly ImmutableArray<Source> sources;

    public MacAllocation(DecideContext context, NetworkSettings settings)
    {
        this.settings = settings;
        ranges = [.. context.Partition(MacRange.Pool).All(MacRange.Type).OrderBy(range => range.First)];
        sources =
        [
            .. from range in ranges
               where range.IsActive
               select new Source(range.First, range.Last, range.Id),
        ];
        if (sources.IsEmpty)
            sources = [.. settings.MacPrefixes.Select(prefix => new Source(prefix.First, prefix.Last, RangeId: null))];
    }

    /// <summary>
    /// The first free address at or behind a point that the entropy picks, in the first source that has one and outside
    /// of the reserved prefixes. A point that moves on keeps an address from being used again right after its port is
    /// gone.
    /// </summary>
    /// <param name="network">The network's partition.</param>
    public Result<MacChoice> Choose(Snapshot network, ulong entropy)
    {
        var networkId = network.Partition.Id;
        var taken = network.Claimed(Port.MacSpace(networkId));
        foreach (var (lowest, highest, rangeId) in sources)
        {
            var (first, last) = (lowest.Bits, highest.Bits);
            var start = first + entropy % (last - first + 1);
            if ((FirstFree(taken, start, last) ?? FirstFree(taken, first, start)) is { } free)
                return new MacChoice(free, rangeId);
        }
        return Errors.MacAddressGenerationFailure(networkId);
    }

    /// <summary>An address that was asked for, with the range that it is of, active or not.</summary>
    public MacChoice Take(MacAddress address) =>
        new(address, ranges.FirstOrDefault(range => range.Contains(address))?.Id);

    private MacAddress? FirstFree(NumberSet taken, ulong start, ulong last)
    {
        while (taken.FirstAbsent(start, last) is { } free)
        {
            var address = new MacAddress((ulong)free);
            var reserved = settings.ReservedMacPrefixes.Where(prefix => prefix.Contains(address)).ToList();
            if (reserved.Count == 0 && address.Bits != 0)
                return address;
            // Behind the whole reserved range, not one by one: it may be millions long.
            start = reserved.Count == 0 ? 1 : reserved.Max(prefix => prefix.Last.Bits) + 1;
        }
        return null;
    }

    private readonly record struct Source(MacAddress First, MacAddress Last, string? RangeId);
}

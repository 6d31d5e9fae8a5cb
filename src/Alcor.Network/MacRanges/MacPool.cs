using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.MacRanges;

/// <summary>
/// MAC addresses that ports get theirs from, and how many of them they have: a range, or a prefix of the settings.
/// Follows from those and from the ports; it is not stored.
/// </summary>
/// <param name="Name">The range's; of the settings: the prefix.</param>
/// <param name="IsDefault">Whether it is of the settings, which give out addresses while no range is active.</param>
/// <param name="Size">How many addresses can be given out: without those of reserved prefixes.</param>
public sealed record MacPool(
    string Id, string Name, MacAddress First, MacAddress Last, string State, bool IsDefault, long Size)
{
    public static readonly ResourceType<MacPool> Type = new("mac_pool", "mac_pools")
    {
        Json = NetworkJson.Default.MacPool,
        Id = pool => pool.Id,
        Partition = _ => MacRange.Pool,
        Attributes = MacPoolAttributes.All,
        Api = new ApiNames("mac-pools", "mac_pool", "mac_pools") { Policy = "alcor_mac_pool" },
    };

    /// <summary>Addresses of it that at least one port has.</summary>
    public long Allocated { get; init; }

    public long Free => Size - Allocated;

    /// <summary>All pools, of which nothing is counted yet.</summary>
    /// <param name="ranges">The partition <see cref="MacRange.Pool"/>.</param>
    public static IEnumerable<MacPool> All(Snapshot ranges, NetworkSettings settings)
    {
        var anyActive = false;
        foreach (var range in ranges.All(MacRange.Type).OrderBy(range => range.First))
        {
            anyActive |= range.IsActive;
            yield return new MacPool(
                range.Id, range.Name, range.First, range.Last, range.State, IsDefault: false,
                SizeOf(range.First, range.Last, settings));
        }
        foreach (var prefix in settings.MacPrefixes)
        {
            var name = $"{prefix.First}/{48 - prefix.FreeBits}";
            yield return new MacPool(
                DerivedId.Of(name, "mac-pool"), name, prefix.First, prefix.Last,
                anyActive ? MacRangeState.Inactive : MacRangeState.Active, IsDefault: true,
                SizeOf(prefix.First, prefix.Last, settings));
        }
    }

    /// <param name="taken">The addresses of ports, each once, in order.</param>
    public MacPool Count(IReadOnlyList<MacAddress> taken, NetworkSettings settings)
    {
        long allocated = 0;
        for (var i = FirstFrom(taken, First); i < taken.Count && taken[i] <= Last; i++)
        {
            if (!settings.IsReserved(taken[i]))
                allocated++;
        }
        return this with { Allocated = allocated };
    }

    private static int FirstFrom(IReadOnlyList<MacAddress> taken, MacAddress address)
    {
        var (low, high) = (0, taken.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = taken[middle] < address ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>Of two prefixes, one is a part of the other or they have nothing in common.</summary>
    private static long SizeOf(MacAddress first, MacAddress last, NetworkSettings settings)
    {
        var size = (long)(last.Bits - first.Bits) + 1;
        foreach (var prefix in settings.ReservedMacPrefixes.Distinct())
        {
            if (settings.ReservedMacPrefixes.Any(other => other != prefix && other.Contains(prefix.First)
                && other.FreeBits > prefix.FreeBits))
                continue;
            var lowest = Math.Max(first.Bits, prefix.First.Bits);
            var highest = Math.Min(last.Bits, prefix.Last.Bits);
            if (lowest <= highest)
                size -= (long)(highest - lowest) + 1;
        }
        return size;
    }
}

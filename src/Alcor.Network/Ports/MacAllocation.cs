using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>Chooses MAC addresses: in one network, no two ports have the same.</summary>
internal static class MacAllocation
{
    /// <summary>
    /// The first free address at or behind a point that the entropy picks, in the configured prefixes and outside of
    /// the reserved ones. A point that moves on keeps an address from being used again right after its port is gone.
    /// </summary>
    public static Result<MacAddress> Choose(
        Snapshot snapshot, string networkId, ulong entropy, NetworkSettings settings)
    {
        var taken = snapshot.Claimed(Port.MacSpace(networkId));
        foreach (var prefix in settings.MacPrefixes)
        {
            var first = prefix.First.Bits;
            var size = 1UL << prefix.FreeBits;
            var start = first + entropy % size;
            var free = FirstFree(taken, start, first + size - 1, settings) ?? FirstFree(taken, first, start, settings);
            if (free is { } address)
                return address;
        }
        return Errors.MacAddressGenerationFailure(networkId);
    }

    private static MacAddress? FirstFree(NumberSet taken, ulong start, ulong last, NetworkSettings settings)
    {
        while (taken.FirstAbsent(start, last) is { } free)
        {
            var address = new MacAddress((ulong)free);
            var reserved = settings.ReservedMacPrefixes.Where(prefix => prefix.Contains(address)).ToList();
            if (reserved.Count == 0 && address.Bits != 0)
                return address;
            // Behind the whole reserved range, not one by one: it may be millions long.
            start = reserved.Count == 0 ? 1 : reserved.Max(prefix => prefix.First.Bits + (1UL << prefix.FreeBits));
        }
        return null;
    }
}

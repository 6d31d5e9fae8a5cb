using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Networks;

internal static class NetworkMtu
{
    /// <summary>
    /// The MTU of a network: what the request names, up to what its segments carry; by default all of that. Null and 0
    /// ask for the default.
    /// </summary>
    public static Result<int> Choose(
        Body body, int? current, ImmutableArray<NetworkSegment> segments, NetworkSettings settings)
    {
        if (!body.Has(NetworkAttributes.Mtu) && current is { } unchanged)
            return unchanged;
        var largest = segments.Min(segment => settings.LargestMtu(segment.NetworkType)) ?? settings.UnderlayMtu;
        if (body.Get(NetworkAttributes.Mtu) is not ({ } requested and > 0))
            return largest;
        return requested <= largest
            ? (int)requested
            : Errors.InvalidInput($"Requested MTU is too big, maximum is {largest}");
    }
}

using Alcor.Kernel.Resources;

namespace Alcor.Network.Networks;

internal static class NetworkMtu
{
    /// <summary>
    /// The MTU of a network: what the request names, up to what fits into the underlay; by default all of that. Null,
    /// like 0 in Neutron, asks for the default.
    /// </summary>
    public static Result<int> Choose(Body body, int? current, NetworkSettings settings)
    {
        var largest = settings.UnderlayMtu - settings.TunnelOverhead;
        if (!body.Has(NetworkAttributes.Mtu) && current is { } unchanged)
            return unchanged;
        if (body.Get(NetworkAttributes.Mtu) is not { } requested)
            return largest;
        return requested <= largest
            ? (int)requested
            : Errors.InvalidInput($"mtu: Requested MTU is too big, maximum is {largest}");
    }
}

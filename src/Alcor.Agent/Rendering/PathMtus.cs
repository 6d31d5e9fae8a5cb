using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;

namespace Alcor.Agent.Rendering;

/// <summary>
/// For which networks of a router a packet may be too large that comes from another of its networks: null where none
/// is, so that routers between networks of one MTU pay nothing.
/// </summary>
internal static class PathMtus
{
    /// <summary>Of what the router sends into a network, inside or outside, that came from inside.</summary>
    public static ushort? Into(HostModel model, RouterValue router, NetworkValue network) =>
        Inside(model, router).Any(from => from.Value!.Mtu > network.Mtu) ? Measurable(network.Mtu) : null;

    /// <summary>
    /// Of what comes from the network outside, and for whom inside is not known before it is translated back: the least
    /// of all that it may be for.
    /// </summary>
    /// <param name="destination">Where it goes inside; null: anywhere.</param>
    public static ushort? FromOutside(
        HostModel model, RouterValue router, NetworkValue outside, IPAddress? destination = null)
    {
        var least = Inside(model, router)
            .Where(network => destination is null
                || network.Subnets.Values.Any(subnet => subnet.Cidr.Contains(destination)))
            .Select(network => network.Value!.Mtu).Append(outside.Mtu).Min();
        return least < outside.Mtu ? Measurable(least) : null;
    }

    private static IEnumerable<NetworkModel> Inside(HostModel model, RouterValue router) =>
        router.Interfaces.Select(one => model.Network(one.NetworkId)).OfType<NetworkModel>()
            .Where(network => network.Value is not null);

    private static ushort? Measurable(ushort mtu) => mtu <= PathMtu.Max ? mtu : null;
}

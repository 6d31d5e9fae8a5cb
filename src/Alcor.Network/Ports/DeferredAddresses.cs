using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>
/// The addresses of a port that had to wait for its host, which alone says which subnets of a routed network it can
/// have them in (the Networking API's ip_allocation: deferred).
/// </summary>
internal static class DeferredAddresses
{
    /// <summary>A port with addresses, if it waits for a host and is on one now; else as it is.</summary>
    /// <param name="network">
    /// The partition of its network, in which others of one decision have theirs already; asked for only if it waits.
    /// </param>
    /// <returns>An error where the host reaches no subnet that has one left.</returns>
    public static Result<Port> Choose(Port port, Func<Snapshot> network, DecideContext context)
    {
        if (!port.AwaitsAddresses || port.HostId.Length == 0)
            return port;
        var partition = network();
        // Not found: it has not been read yet.
        if (partition.Find(Networks.Network.Type, port.NetworkId) is null)
            return port;
        var addressing = new AddressAllocation(partition, Addressee.Of(port, context)).ChooseAny();
        return addressing.Error is { } error
            ? error
            : port with { FixedIps = addressing.Value.FixedIps, IpAllocation = null };
    }
}

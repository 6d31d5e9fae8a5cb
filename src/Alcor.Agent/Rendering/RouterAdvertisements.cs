using Alcor.Agent.Desired;
using Alcor.Agent.Icmp;
using Alcor.Agent.Services;

namespace Alcor.Agent.Rendering;

/// <summary>
/// What the routers of a network tell its machines: those that are up, by a port with an address in a subnet whose
/// ipv6_ra_mode is set (Neutron API, subnets).
/// </summary>
internal static class RouterAdvertisements
{
    /// <param name="domain">Where machines look for names without one; empty: nowhere.</param>
    /// <param name="services">What the host offers itself: machines are told of its names.</param>
    public static IEnumerable<RouterAdvertisement> Of(
        HostModel model, NetworkModel network, string domain, HostServices services)
    {
        if (network.Value is not { AdminStateUp: true } value || model.SegmentOwner(network) is not null)
            return [];
        return network.RouterPorts.Values.Where(port => model.Router(port.RouterId) is { AdminStateUp: true })
            .SelectMany(port => Of(
                new RouterAdvertisement(port.Mac, value.Mtu) { Domain = domain }, Subnets(network, port), services));
    }

    /// <summary>In an order that history cannot change.</summary>
    private static List<SubnetValue> Subnets(NetworkModel network, RouterPortValue port) =>
        [.. network.Subnets.OrderBy(subnet => subnet.Key).Select(subnet => subnet.Value)
            .Where(subnet => subnet.RaMode != Ipv6Mode.None && port.Addresses.Any(subnet.Cidr.Contains))];

    private static IEnumerable<RouterAdvertisement> Of(
        RouterAdvertisement router, List<SubnetValue> subnets, HostServices services)
    {
        var common = router with
        {
            IsManaged = subnets.Any(subnet => subnet.RaMode == Ipv6Mode.Stateful),
            HasOtherConfiguration = subnets.Any(subnet => subnet.RaMode == Ipv6Mode.Stateless),
            NameServers =
            [
                .. subnets.SelectMany(subnet => SubnetNameServers.Of(subnet, services)).Distinct()
                    .Take(RouterAdvertisement.NameServersMax),
            ],
        };
        return subnets.Select(Prefix).Distinct().Chunk(RouterAdvertisement.PrefixesMax)
            .Select(prefixes => common with { Prefixes = [.. prefixes] });
    }

    private static AdvertisedPrefix Prefix(SubnetValue subnet) =>
        new(subnet.Cidr, IsAutonomous: subnet.RaMode != Ipv6Mode.Stateful);
}

/// <summary>A port that is plugged, and what its machine is told by routers.</summary>
public sealed record AdvertisedPort(
    EntryAddress Port, uint Key, OpenFlow.ValueList<RouterAdvertisement> Advertisements);

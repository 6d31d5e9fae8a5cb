using System.Net.Sockets;
using Alcor.Protocol.V1;
using static Alcor.Agent.Desired.WireFields;

namespace Alcor.Agent.Desired;

/// <summary>Checks what is said of routers.</summary>
internal static class RouterEntries
{
    public static RouterValue Router(RouterEntry entry) => new(
        entry.AdminStateUp,
        [.. entry.Interfaces.Select(Interface)],
        [.. entry.Routes.Select(route => Route(route, Cidr(route.Destination).BaseAddress.AddressFamily))]);

    public static RouterPortValue Port(RouterPortEntry entry) =>
        new(Mac(entry.Mac), [.. entry.Addresses.Select(Address).Distinct()], Id(entry.RouterId));

    public static Route Route(HostRoute route, AddressFamily family)
    {
        var destination = Cidr(route.Destination);
        Check(destination.BaseAddress.AddressFamily == family, $"route destination {route.Destination}");
        return new Route(destination, Text(route.Nexthop, family));
    }

    private static RouterInterfaceValue Interface(RouterInterface entry) => new(
        Id(entry.PortId),
        Id(entry.NetworkId),
        [.. entry.FixedIps.Select(ip => new PortAddress(Id(ip.SubnetId), Address(ip.Address)))]);
}

using System.Net;
using System.Net.Sockets;
using Alcor.Protocol.V1;
using Google.Protobuf;
using static Alcor.Agent.Desired.WireFields;

namespace Alcor.Agent.Desired;

/// <summary>Checks what is said of routers.</summary>
internal static class RouterEntries
{
    public static RouterValue Router(RouterEntry entry) => new(
        entry.AdminStateUp,
        [.. entry.Interfaces.Select(Interface)],
        [.. entry.Routes.Select(route => Route(route, Cidr(route.Destination).BaseAddress.AddressFamily))])
    {
        Gateway = entry.Gateway is { } gateway ? Gateway(gateway) : null,
        ConnectionTrackers = [.. entry.ConntrackHelpers.Select(Helper)],
    };

    public static RouterPortValue Port(RouterPortEntry entry) =>
        new(Mac(entry.Mac), [.. entry.Addresses.Select(Address).Distinct()], Id(entry.RouterId));

    public static Route Route(HostRoute route, AddressFamily family)
    {
        var destination = Cidr(route.Destination);
        Check(destination.BaseAddress.AddressFamily == family, $"route destination {route.Destination}");
        return new Route(destination, Text(route.Nexthop, family));
    }

    public static FloatingIpValue FloatingIp(FloatingIpEntry entry) => new(
        Ipv4(entry.Address), Mac(entry.Mac), Id(entry.PortId), Ipv4(entry.FixedAddress), entry.OnGateway)
    {
        QosPolicy = OptionalId(entry.QosPolicy),
    };

    public static PortForwardingValue Forwarding(PortForwardingEntry entry)
    {
        Check(entry.Protocol is 6 or 17, $"protocol {entry.Protocol}");
        var (outside, inside) = (Ports(entry.ExternalPorts), Ports(entry.InternalPorts));
        // Port by port, or all of them to one.
        Check(inside.First == inside.Last || outside.Last - outside.First == inside.Last - inside.First,
            $"ports {outside} to {inside}");
        return new(Ipv4(entry.Address), Mac(entry.Mac), (byte)entry.Protocol, outside, Ipv4(entry.InternalAddress),
            inside)
        {
            QosPolicy = OptionalId(entry.QosPolicy),
        };
    }

    private static ConnectionTrackerValue Helper(ConntrackHelper entry)
    {
        Check(entry.Protocol is 6 or 17, $"conntrack helper for protocol {entry.Protocol}");
        Check(entry.Port is > 0 and <= ushort.MaxValue, $"conntrack helper for port {entry.Port}");
        return new(entry.Name, (byte)entry.Protocol, (ushort)entry.Port);
    }

    private static GatewayValue Gateway(RouterGateway entry)
    {
        Check(entry.TunnelAddress.IsEmpty || entry.Zone is > 0 and < 1 << 15, $"zone {entry.Zone}");
        return new(
            Id(entry.NetworkId),
            Mac(entry.Mac),
            [.. entry.FixedIps.Select(ip => new PortAddress(Id(ip.SubnetId), Address(ip.Address)))],
            entry.EnableSnat,
            entry.TunnelAddress.IsEmpty ? null : Address(entry.TunnelAddress),
            (ushort)entry.Zone)
        {
            QosPolicy = OptionalId(entry.QosPolicy),
        };
    }

    private static IPAddress Ipv4(ByteString bytes)
    {
        Check(bytes.Length == 4, $"IPv4 address of {bytes.Length} bytes");
        return Address(bytes);
    }

    private static RouterInterfaceValue Interface(RouterInterface entry) => new(
        Id(entry.PortId),
        Id(entry.NetworkId),
        [.. entry.FixedIps.Select(ip => new PortAddress(Id(ip.SubnetId), Address(ip.Address)))]);
}

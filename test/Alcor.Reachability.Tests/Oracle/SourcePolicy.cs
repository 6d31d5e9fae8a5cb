using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Network;
using Alcor.Network.Ports;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Who a protected port may say it is: itself, by its MAC address together with its own addresses, and what its allowed
/// address pairs name; each of these MAC addresses together with the link-local address that is made of it, too. It is
/// no DHCP server and no router.
/// </summary>
internal static class SourcePolicy
{
    private const int RouterSolicitation = 133;
    private const int RouterAdvertisement = 134;
    private const int Redirect = 137;

    /// <summary>Null: the port may send it.</summary>
    public static string? Refuse(Port port, Probe probe)
    {
        if (port.IsUnprotected)
            return null;
        var (isSelf, mac) = (probe.SourceMac == port.MacAddress, probe.SourceMac);
        var reason = probe.Content switch
        {
            IpContent ip => RefuseIp(port, mac, ip),
            ArpRequest arp => RefuseArp(port, mac, arp.SenderMac, arp.Sender),
            ArpReply arp => RefuseArp(port, mac, arp.SenderMac, arp.Sender),
            NeighborSolicitation asked when isSelf && asked.Source.Equals(IPAddress.IPv6Any) => null,
            NeighborSolicitation asked => RefuseSource(port, mac, asked.Source),
            NeighborAdvertisement told => RefuseSource(port, mac, told.Source) ?? RefuseSource(port, mac, told.Sought),
            _ => "it may send IP and ARP only",
        };
        return reason is null ? null : $"port security of {port.Name}: {reason}";
    }

    private static string? RefuseIp(Port port, MacAddress mac, IpContent packet)
    {
        var isSelf = mac == port.MacAddress;
        return packet.Transport switch
        {
            Segment { Protocol: Protocol.Udp } datagram when IsOfServer(datagram, packet.Version) =>
                "it may not answer as a DHCP server",
            Icmp { Type: RouterAdvertisement or Redirect } when packet.Version == 6 =>
                "it may not say that it is a router",
            // Who has no address yet asks for one, and for routers (RFC 2131, RFC 4861 section 6.3.7).
            _ when isSelf && packet.Source.Equals(IPAddress.Any) && Dhcp.IsFromClient(packet) => null,
            Icmp { Type: RouterSolicitation } when isSelf && packet.Source.Equals(IPAddress.IPv6Any) => null,
            _ => RefuseSource(port, mac, packet.Source),
        };
    }

    private static string? RefuseArp(Port port, MacAddress mac, MacAddress senderMac, IPAddress sender)
    {
        if (senderMac != mac)
            return $"{mac} sends ARP of {senderMac}";
        var isProbe = sender.Equals(IPAddress.Any) && mac == port.MacAddress;
        return isProbe ? null : RefuseSource(port, mac, sender);
    }

    private static string? RefuseSource(Port port, MacAddress mac, IPAddress address)
    {
        var pairs = port.AddressPairs.OrEmpty();
        var macs = pairs.Select(pair => MacAddress.Parse(pair.MacAddress!)).Append(port.MacAddress);
        return mac == port.MacAddress && port.FixedIps.Any(ip => ip.IpAddress.Equals(address))
            || pairs.Any(pair => MacAddress.Parse(pair.MacAddress!) == mac && Cloud.BlockOf(pair).Contains(address))
            || macs.Contains(mac) && address.Equals(Cloud.LinkLocal(mac))
                ? null
                : $"{mac} with {address} is neither its own nor an allowed address pair";
    }

    private static bool IsOfServer(Segment datagram, int version) =>
        (version, datagram.SourcePort, datagram.TargetPort) is (4, 67, 68) or (6, 547, 546);
}

/// <summary>What machines ask of DHCP is answered on their host, or not at all; it goes nowhere.</summary>
internal static class Dhcp
{
    public static bool IsFromClient(IpContent packet) =>
        packet.Transport is Segment { Protocol: Protocol.Udp } datagram
        && (packet.Version, datagram.SourcePort, datagram.TargetPort) is (4, 68, 67) or (6, 546, 547);
}

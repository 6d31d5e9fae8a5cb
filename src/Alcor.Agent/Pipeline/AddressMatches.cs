using System.Net;
using System.Net.Sockets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>Matches of addresses of either version of IP; each says the Ethernet type too.</summary>
internal static class AddressMatches
{
    public static Match IpSource(this Match match, IPNetwork cidr) => IsIpv4(cidr)
        ? match.EthType(EtherTypes.Ipv4).Ipv4Src(Ipv4Address.From(cidr.BaseAddress), cidr.PrefixLength)
        : match.EthType(EtherTypes.Ipv6).Ipv6Src(Ipv6Address.From(cidr.BaseAddress), cidr.PrefixLength);

    public static Match IpDestination(this Match match, IPNetwork cidr) => IsIpv4(cidr)
        ? match.EthType(EtherTypes.Ipv4).Ipv4Dst(Ipv4Address.From(cidr.BaseAddress), cidr.PrefixLength)
        : match.EthType(EtherTypes.Ipv6).Ipv6Dst(Ipv6Address.From(cidr.BaseAddress), cidr.PrefixLength);

    public static Match IpAny(this Match match, bool isIpv4) =>
        match.EthType(isIpv4 ? EtherTypes.Ipv4 : EtherTypes.Ipv6);

    public static Match ArpSource(this Match match, IPNetwork cidr) => match.EthType(EtherTypes.Arp)
        .ArpSourceProtocolAddress(Ipv4Address.From(cidr.BaseAddress), cidr.PrefixLength);

    public static Match ArpTarget(this Match match, IPNetwork cidr) => match.EthType(EtherTypes.Arp)
        .ArpTargetProtocolAddress(Ipv4Address.From(cidr.BaseAddress), cidr.PrefixLength);

    public static Match Icmpv6(this Match match, byte type) =>
        match.EthType(EtherTypes.Ipv6).IpProto(Protocols.Ipv6Icmp).Icmpv6Type(type);

    public static Match DiscoveryTarget(this Match match, IPNetwork cidr) =>
        match.NdTarget(Ipv6Address.From(cidr.BaseAddress), cidr.PrefixLength);

    public static bool IsIpv4(this IPNetwork cidr) => cidr.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>The block of this address alone.</summary>
    public static IPNetwork Alone(this IPAddress address) =>
        new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    /// <summary>The link-local address that a machine makes of its MAC address (RFC 4291 appendix A).</summary>
    public static IPAddress LinkLocalAddress(this MacAddress mac)
    {
        Span<byte> six = stackalloc byte[6];
        mac.Write(six);
        return new IPAddress([
            0xfe, 0x80, 0, 0, 0, 0, 0, 0,
            (byte)(six[0] ^ 2), six[1], six[2], 0xff, 0xfe, six[3], six[4], six[5],
        ]);
    }
}

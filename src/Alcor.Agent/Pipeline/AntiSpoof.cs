using System.Net;
using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 10: what a protected port may send from. Its own MAC and IP addresses, the link-local address that is made of
/// the MAC (RFC 4291 appendix A), and what its allowed address pairs say; in ARP and neighbour discovery too. It is
/// neither a DHCP server nor a router. All else is dropped: what nothing here lets through.
/// </summary>
internal static class AntiSpoof
{
    private static readonly IPNetwork NoIpv4Address = IPAddress.Any.Alone();
    private static readonly IPNetwork NoIpv6Address = IPAddress.IPv6Any.Alone();

    /// <summary>Said by no protected port, whatever its addresses.</summary>
    public static readonly IReadOnlyList<Flow> Never =
    [
        Drop(Priorities.Forbidden, Udp(EtherTypes.Ipv4, source: 67, destination: 68)),
        Drop(Priorities.Forbidden, Udp(EtherTypes.Ipv6, source: 547, destination: 546)),
        Drop(Priorities.Forbidden, Match.Empty.Icmpv6(Ipv6IcmpTypes.RouterAdvertisement)),
        Drop(Priorities.Forbidden, Match.Empty.Icmpv6(Ipv6IcmpTypes.Redirect)),
        // Right source addresses are not enough: it says whose address its target is.
        Drop(Priorities.Local, Match.Empty.Icmpv6(Ipv6IcmpTypes.NeighborAdvertisement)),
    ];

    public static IEnumerable<Flow> Of(uint key, PortValue value, ulong cookie)
    {
        var own = value.Addresses.Select(ip => new AddressPair(ip.Address.Alone(), value.Mac));
        var sources = own.Concat(value.AddressPairs).Distinct().ToList();
        var linkLocals = sources.Select(pair => pair.Mac).Append(value.Mac).Distinct()
            .Select(mac => new AddressPair(mac.LinkLocalAddress().Alone(), mac));
        var from = Registers.From(key);
        return sources.Concat(linkLocals).Distinct().SelectMany(pair => From(from, pair))
            .Concat(WithoutAddress(from.EthSrc(value.Mac), value.Mac))
            .DistinctBy(flow => flow.Key)
            .Select(flow => flow with { Cookie = cookie });
    }

    private static IEnumerable<Flow> From(Match port, AddressPair source)
    {
        var from = port.EthSrc(source.Mac);
        yield return Pass(Priorities.Entry, from.IpSource(source.Cidr));
        yield return source.Cidr.IsIpv4()
            ? Pass(Priorities.Entry, from.ArpSource(source.Cidr).ArpSourceHardwareAddress(source.Mac))
            : Pass(Priorities.Own,
                from.Icmpv6(Ipv6IcmpTypes.NeighborAdvertisement).IpSource(source.Cidr).DiscoveryTarget(source.Cidr));
    }

    /// <summary>
    /// A machine that has no address yet asks whether anybody else has it (RFC 5227, RFC 4862), for routers (RFC 4861
    /// section 6.3.7) and for an address.
    /// </summary>
    private static IEnumerable<Flow> WithoutAddress(Match from, MacAddress mac)
    {
        yield return Pass(Priorities.Entry, from.ArpSource(NoIpv4Address).ArpSourceHardwareAddress(mac));
        yield return Pass(Priorities.Entry,
            from.IpSource(NoIpv4Address).IpProto(Protocols.Udp).UdpSrc(68).UdpDst(67));
        yield return Pass(Priorities.Entry,
            from.Icmpv6(Ipv6IcmpTypes.NeighborSolicitation).IpSource(NoIpv6Address));
        yield return Pass(Priorities.Entry, from.Icmpv6(Ipv6IcmpTypes.RouterSolicitation).IpSource(NoIpv6Address));
    }

    private static Match Udp(ushort type, ushort source, ushort destination) =>
        Match.Empty.EthType(type).IpProto(Protocols.Udp).UdpSrc(source).UdpDst(destination);

    private static Flow Pass(ushort priority, Match match) =>
        new(Tables.AntiSpoof, priority, match, [new Instruction.GotoTable(Tables.Arp)]);

    private static Flow Drop(ushort priority, Match match) =>
        new(Tables.AntiSpoof, priority, match) { Cookie = Cookies.Skeleton };
}

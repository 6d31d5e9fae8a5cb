namespace Alcor.Agent.Pipeline;

/// <summary>Ethernet types and IP protocols (IANA) that flows match by.</summary>
internal static class EtherTypes
{
    public const ushort Ipv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort Ipv6 = 0x86dd;

    /// <summary>A tag behind another one (IEEE 802.1Q).</summary>
    public const ushort Vlan = 0x8100;
    public const ushort ServiceVlan = 0x88a8;
}

internal static class Protocols
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Ipv6Icmp = 58;
    public const byte Sctp = 132;
}

/// <summary>Types of ICMPv6 (RFC 4443, RFC 4861, RFC 3810).</summary>
internal static class Ipv6IcmpTypes
{
    public const byte RouterSolicitation = 133;
    public const byte RouterAdvertisement = 134;
    public const byte NeighborSolicitation = 135;
    public const byte NeighborAdvertisement = 136;
    public const byte Redirect = 137;
}

using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Packets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Icmp;

/// <summary>Why a router does not forward a packet.</summary>
public enum RoutingObstacle
{
    /// <summary>Its time to live, or hop limit, is over.</summary>
    TimeExceeded,

    /// <summary>No route leads there.</summary>
    NoRoute,

    /// <summary>A route leads there, and nobody has the address.</summary>
    NoNeighbor,

    /// <summary>It is for the router itself, which does not listen.</summary>
    NotListening,

    /// <summary>It is larger than what the network takes that it would go into.</summary>
    TooLarge,
}

/// <summary>The side by which a router sees a machine.</summary>
/// <param name="Mac">Of the router, in the machine's network.</param>
/// <param name="Addresses">The router's there, of either version.</param>
/// <param name="Machine">The MAC address of the machine.</param>
public sealed record RouterFace(MacAddress Mac, ValueList<IPAddress> Addresses, MacAddress Machine);

/// <summary>
/// What a router tells the sender of a packet that it does not forward (RFC 792, RFC 4443). One that is too large is
/// refused even where IPv4 would let the router cut it (RFC 791 section 2.3): no switch does that.
/// </summary>
public static class IcmpErrors
{
    private const int HeaderLength = 8;

    // As much of the packet as fits in what every path takes (RFC 1812 section 4.3.2.3, RFC 4443 section 2.4).
    private const int QuotedIpv4Max = 576 - 20 - HeaderLength;
    private const int QuotedIpv6Max = 1280 - 40 - HeaderLength;

    /// <summary>The frame to give to the machine, or null for silence.</summary>
    /// <param name="frame">What the machine sent, as far as it has come.</param>
    /// <param name="mtu">How many bytes of IP are not too large.</param>
    public static byte[]? About(
        ReadOnlyMemory<byte> frame, RoutingObstacle obstacle, RouterFace face, ushort mtu = 0)
    {
        ArgumentNullException.ThrowIfNull(face);
        if (!IpFrame.TryParseFirst(frame, out var packet) || !MayBeAnswered(packet)
            || face.Addresses.FirstOrDefault(ip => ip.AddressFamily == packet.Source.AddressFamily) is not { } router)
        {
            return null;
        }
        var isIpv4 = router.AddressFamily == AddressFamily.InterNetwork;
        var quoted = frame[IpFrame.EthernetLength..];
        quoted = quoted[..Math.Min(quoted.Length, isIpv4 ? QuotedIpv4Max : QuotedIpv6Max)];
        var (type, code) = isIpv4 ? Ipv4(obstacle, packet.Protocol) : Ipv6(obstacle);
        return new IpFrame
        {
            SourceMac = face.Mac,
            DestinationMac = face.Machine,
            Source = router,
            Destination = packet.Source,
            Protocol = isIpv4 ? IpFrame.Icmp : IpFrame.Ipv6Icmp,
            // The MTU is in two bytes of IPv4 (RFC 1191 section 4) and in four of IPv6 (RFC 4443 section 3.2).
            Payload = (byte[])[type, code, 0, 0, 0, 0, (byte)(mtu >> 8), (byte)mtu, .. quoted.Span],
        }.Encode();
    }

    private static (byte Type, byte Code) Ipv4(RoutingObstacle obstacle, byte protocol) => obstacle switch
    {
        RoutingObstacle.TimeExceeded => (11, 0),
        RoutingObstacle.NoRoute => (3, 0),
        RoutingObstacle.NoNeighbor => (3, 1),
        RoutingObstacle.TooLarge => (3, 4),
        _ => protocol is 6 or IpFrame.Udp ? ((byte)3, (byte)3) : ((byte)3, (byte)2),
    };

    private static (byte Type, byte Code) Ipv6(RoutingObstacle obstacle) => obstacle switch
    {
        RoutingObstacle.TimeExceeded => (3, 0),
        RoutingObstacle.NoRoute => (1, 0),
        RoutingObstacle.NoNeighbor => (1, 3),
        RoutingObstacle.TooLarge => (2, 0),
        _ => (1, 4),
    };

    /// <summary>
    /// Not errors, nor what went to many, nor what nobody sent (RFC 1812 section 4.3.2.7, RFC 4443 section 2.4).
    /// </summary>
    private static bool MayBeAnswered(IpFrame packet)
    {
        if (packet.DestinationMac.IsMulticast || IsForMany(packet.Destination) || IsForMany(packet.Source)
            || packet.Source.Equals(IPAddress.Any) || packet.Source.Equals(IPAddress.IPv6Any))
        {
            return false;
        }
        var type = packet.Payload.IsEmpty ? (byte)0 : packet.Payload.Span[0];
        return packet.Protocol switch
        {
            // Questions and their answers (RFC 792).
            IpFrame.Icmp => type is 0 or 8 or (>= 13 and <= 18),
            IpFrame.Ipv6Icmp => type >= 128,
            _ => true,
        };
    }

    private static bool IsForMany(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.GetAddressBytes()[0] >= 224
        : address.IsIPv6Multicast;
}

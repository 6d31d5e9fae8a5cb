using System.Net;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;

namespace Alcor.Agent.Icmp;

/// <summary>A machine asks for routers (RFC 4861 section 4.1).</summary>
public static class RouterSolicitation
{
    private const int FixedLength = 8;
    private const byte SourceLinkLayerAddress = 1;

    /// <summary>
    /// Whether a packet is one that a router believes (RFC 4861 section 6.1.1); its checksum is not looked at.
    /// </summary>
    public static bool IsValid(IpFrame packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var icmp = packet.Payload.Span;
        if (packet.Protocol != IpFrame.Ipv6Icmp || packet.HopLimit != 255 || icmp.Length < FixedLength
            || icmp[0] != Ipv6IcmpTypes.RouterSolicitation || icmp[1] != 0)
        {
            return false;
        }
        var hasNoAddress = packet.Source.Equals(IPAddress.IPv6Any);
        for (var options = icmp[FixedLength..]; !options.IsEmpty; options = options[(8 * options[1])..])
        {
            if (options.Length < 2 || options[1] == 0 || options.Length < 8 * options[1]
                || (hasNoAddress && options[0] == SourceLinkLayerAddress))
            {
                return false;
            }
        }
        return true;
    }
}

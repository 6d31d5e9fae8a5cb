using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Packets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Dhcp;

/// <summary>A DHCPv4 message in UDP, IPv4 and Ethernet.</summary>
public sealed record DhcpFrame
{
    internal const ushort ServerPort = 67;
    internal const ushort ClientPort = 68;

    public required MacAddress SourceMac { get; init; }

    public required MacAddress DestinationMac { get; init; }

    public required IPAddress Source { get; init; }

    public required IPAddress Destination { get; init; }

    public required DhcpMessage Message { get; init; }

    /// <summary>Reads what a client (port 68) says to a server (port 67); false for everything else.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> frame, [NotNullWhen(true)] out DhcpFrame? parsed)
    {
        parsed = null;
        if (!IpFrame.TryParse(frame, out var ip) || ip.Source.AddressFamily != AddressFamily.InterNetwork
            || !UdpDatagram.TryParse(ip, out var udp)
            || udp is not { SourcePort: ClientPort, DestinationPort: ServerPort }
            || !DhcpMessage.TryParse(udp.Data.Span, out var message))
        {
            return false;
        }
        parsed = new DhcpFrame
        {
            DestinationMac = ip.DestinationMac,
            SourceMac = ip.SourceMac,
            Source = ip.Source,
            Destination = ip.Destination,
            Message = message,
        };
        return true;
    }

    /// <summary>
    /// Bytes on the wire. A reply goes from the server's port to the client's, a request the other way.
    /// </summary>
    public byte[] Encode()
    {
        var (source, destination) = Message.IsReply ? (ServerPort, ClientPort) : (ClientPort, ServerPort);
        return new IpFrame
        {
            DestinationMac = DestinationMac,
            SourceMac = SourceMac,
            Source = Source,
            Destination = Destination,
            Protocol = IpFrame.Udp,
            Payload = new UdpDatagram(source, destination, Message.Encode()).Encode(),
        }.Encode();
    }
}

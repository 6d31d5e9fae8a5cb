using System.Diagnostics.CodeAnalysis;
using System.Net;
using Alcor.Agent.Packets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Dhcpv6;

/// <summary>A DHCPv6 message in UDP, IPv6 and Ethernet.</summary>
public sealed record Dhcpv6Frame
{
    internal const ushort ServerPort = 547;
    internal const ushort ClientPort = 546;

    public required MacAddress SourceMac { get; init; }

    public required MacAddress DestinationMac { get; init; }

    public required IPAddress Source { get; init; }

    public required IPAddress Destination { get; init; }

    public required Dhcpv6Message Message { get; init; }

    /// <summary>Reads what a client (port 546) says to a server (port 547); false for everything else.</summary>
    public static bool TryParse(IpFrame packet, [NotNullWhen(true)] out Dhcpv6Frame? parsed)
    {
        ArgumentNullException.ThrowIfNull(packet);
        parsed = null;
        if (packet.Source.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6
            || !UdpDatagram.TryParse(packet, out var udp)
            || udp is not { SourcePort: ClientPort, DestinationPort: ServerPort }
            || !Dhcpv6Message.TryParse(udp.Data, out var message))
        {
            return false;
        }
        parsed = new Dhcpv6Frame
        {
            DestinationMac = packet.DestinationMac,
            SourceMac = packet.SourceMac,
            Source = packet.Source,
            Destination = packet.Destination,
            Message = message,
        };
        return true;
    }

    /// <summary>
    /// Bytes on the wire. An answer goes from the server's port to the client's, a request the other way.
    /// </summary>
    public byte[] Encode()
    {
        var isAnswer = Message.Type is Dhcpv6MessageType.Advertise or Dhcpv6MessageType.Reply;
        var (source, destination) = isAnswer ? (ServerPort, ClientPort) : (ClientPort, ServerPort);
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

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Packets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Dhcp;

/// <summary>A DHCPv4 message in UDP, IPv4 and Ethernet.</summary>
public sealed record DhcpFrame
{
    internal const int ServerPort = 67;
    internal const int ClientPort = 68;
    private const int UdpLength = 8;

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
            || ip.Protocol != IpFrame.Udp || ip.Payload.Length < UdpLength)
        {
            return false;
        }
        var udp = ip.Payload.Span;
        var length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (length < UdpLength || length > udp.Length
            || BinaryPrimitives.ReadUInt16BigEndian(udp) != ClientPort
            || BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) != ServerPort
            || !DhcpMessage.TryParse(udp[UdpLength..length], out var message))
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
        var message = Message.Encode();
        var udp = new byte[UdpLength + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)(Message.IsReply ? ServerPort : ClientPort));
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), (ushort)(Message.IsReply ? ClientPort : ServerPort));
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        message.CopyTo(udp.AsSpan(UdpLength));
        return new IpFrame
        {
            DestinationMac = DestinationMac,
            SourceMac = SourceMac,
            Source = Source,
            Destination = Destination,
            Protocol = IpFrame.Udp,
            Payload = udp,
        }.Encode();
    }
}

using System.Net;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tests.World;

/// <summary>Frames that machines send.</summary>
internal static class Ask
{
    public static DhcpFrame Dhcp(int port, DhcpMessageType type, Func<DhcpMessage, DhcpMessage> change) => new()
    {
        SourceMac = Say.MacOf(port),
        DestinationMac = MacAddress.Broadcast,
        Source = IPAddress.Any,
        Destination = IPAddress.Broadcast,
        Message = change(new DhcpMessage
        {
            IsReply = false,
            TransactionId = 7,
            ClientMac = Say.MacOf(port),
            Options = [new(DhcpOptionCode.MessageType, new[] { (byte)type })],
        }),
    };

    public static byte[] Discover(int port) => Dhcp(port, DhcpMessageType.Discover, message => message).Encode();

    /// <summary>To all servers, from the link-local address of the port.</summary>
    public static Dhcpv6Frame Dhcpv6(int port, Dhcpv6Message message) => new()
    {
        SourceMac = Say.MacOf(port),
        DestinationMac = new MacAddress(0x3333_0001_0002),
        Source = Say.MacOf(port).LinkLocalAddress(),
        Destination = Dhcpv6Responder.AllServers,
        Message = message,
    };

    /// <summary>A solicitation of a client that has one set of addresses.</summary>
    public static byte[] Solicit(int port) => Dhcpv6(port, new Dhcpv6Message(Dhcpv6MessageType.Solicit, 7)
    {
        Options =
        [
            new(Dhcpv6OptionCode.ClientIdentifier, Dhcpv6Responder.LinkLayerIdentifier(Say.MacOf(port))),
            new(Dhcpv6OptionCode.NonTemporaryAddresses, new byte[12]),
        ],
    }).Encode();

    /// <summary>Is there a router? From :: by a machine that has no address yet.</summary>
    public static byte[] RouterSolicitation(
        int port, string source, byte hopLimit = 255, params byte[] options) => new IpFrame
        {
            SourceMac = Say.MacOf(port),
            DestinationMac = new MacAddress(0x3333_0000_0002),
            Source = IPAddress.Parse(source),
            Destination = IPAddress.Parse("ff02::2"),
            Protocol = 58,
            HopLimit = hopLimit,
            Payload = (byte[])[133, 0, 0, 0, 0, 0, 0, 0, .. options],
        }.Encode();

    /// <summary>Who has <paramref name="target"/>? With source 0.0.0.0 a probe.</summary>
    public static byte[] Arp(int port, string source, string target) =>
    [
        .. Ethernet(MacAddress.Broadcast, Say.MacOf(port), 0x0806),
        0, 1, 8, 0, 6, 4, 0, 1,
        .. Six(Say.MacOf(port)), .. IPAddress.Parse(source).GetAddressBytes(),
        0, 0, 0, 0, 0, 0, .. IPAddress.Parse(target).GetAddressBytes(),
    ];

    /// <summary>Some IPv6 packet, so that nothing looks deeper than Ethernet.</summary>
    public static byte[] Frame(MacAddress from, MacAddress to) => [.. Ethernet(to, from, 0x86dd), .. new byte[46]];

    private static byte[] Ethernet(MacAddress to, MacAddress from, ushort type) =>
        [.. Six(to), .. Six(from), (byte)(type >> 8), (byte)type];

    private static byte[] Six(MacAddress mac)
    {
        var bytes = new byte[6];
        mac.Write(bytes);
        return bytes;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Net;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Packets;

/// <summary>
/// A neighbour solicitation or advertisement that tells a MAC address (RFC 4861 sections 4.3 and 4.4).
/// </summary>
/// <param name="Source">Of the packet.</param>
/// <param name="Mac">Of who asks, or of who has the target.</param>
public sealed record NeighborFrame(bool IsAdvertisement, IPAddress Source, IPAddress Target, MacAddress Mac)
{
    private const int FixedLength = 24;
    private const int TargetAt = 8;
    private const int OptionLength = 8;
    private const byte SourceLinkLayerAddress = 1;
    private const byte TargetLinkLayerAddress = 2;
    private const byte IsRouter = 0x80;
    private const byte Overrides = 0x20;

    // What a router has forwarded cannot have it (RFC 4861 section 3.1).
    private const byte HopLimit = 255;

    private static readonly IPAddress AllNodes = IPAddress.Parse("ff02::1");

    /// <summary>Asks who has an address, of those who may have it (RFC 4291 section 2.7.1).</summary>
    public static NeighborFrame Question(MacAddress asker, IPAddress own, IPAddress target) =>
        new(IsAdvertisement: false, own, target, asker);

    /// <summary>A router tells everybody that it has an address, unasked (RFC 4861 section 7.2.6).</summary>
    public static NeighborFrame Announcement(MacAddress owner, IPAddress address) =>
        new(IsAdvertisement: true, address, address, owner);

    /// <summary>
    /// Reads a frame; false when it is none that is to be believed (RFC 4861 section 7.1), or tells no MAC address.
    /// Checksums are not looked at.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> frame, [NotNullWhen(true)] out NeighborFrame? parsed)
    {
        parsed = null;
        if (!IpFrame.TryParse(frame, out var packet))
            return false;
        var icmp = packet.Payload.Span;
        if (packet.Protocol != IpFrame.Ipv6Icmp || packet.HopLimit != HopLimit || icmp.Length < FixedLength
            || icmp[0] is not (Ipv6IcmpTypes.NeighborSolicitation or Ipv6IcmpTypes.NeighborAdvertisement)
            || icmp[1] != 0)
        {
            return false;
        }
        var target = new IPAddress(icmp[TargetAt..FixedLength]);
        var isAdvertisement = icmp[0] == Ipv6IcmpTypes.NeighborAdvertisement;
        var wanted = isAdvertisement ? TargetLinkLayerAddress : SourceLinkLayerAddress;
        if (target.IsIPv6Multicast || MacOf(icmp[FixedLength..], wanted) is not { } mac)
            return false;
        parsed = new NeighborFrame(isAdvertisement, packet.Source, target, mac);
        return true;
    }

    /// <summary>Bytes on the wire.</summary>
    public byte[] Encode()
    {
        var destination = IsAdvertisement ? AllNodes : SolicitedNode();
        return new IpFrame
        {
            SourceMac = Mac,
            DestinationMac = GroupMac(destination),
            Source = Source,
            Destination = destination,
            Protocol = IpFrame.Ipv6Icmp,
            HopLimit = HopLimit,
            Payload = Payload(),
        }.Encode();
    }

    private byte[] Payload()
    {
        var bytes = new byte[FixedLength + OptionLength];
        bytes[0] = IsAdvertisement ? Ipv6IcmpTypes.NeighborAdvertisement : Ipv6IcmpTypes.NeighborSolicitation;
        bytes[4] = IsAdvertisement ? (byte)(IsRouter | Overrides) : (byte)0;
        Target.TryWriteBytes(bytes.AsSpan(TargetAt), out _);
        bytes[FixedLength] = IsAdvertisement ? TargetLinkLayerAddress : SourceLinkLayerAddress;
        bytes[FixedLength + 1] = OptionLength / 8;
        Mac.Write(bytes.AsSpan(FixedLength + 2));
        return bytes;
    }

    private IPAddress SolicitedNode()
    {
        var bytes = IPAddress.Parse("ff02::1:ff00:0").GetAddressBytes();
        Target.GetAddressBytes().AsSpan()[^3..].CopyTo(bytes.AsSpan()[^3..]);
        return new IPAddress(bytes);
    }

    /// <summary>RFC 2464 section 7.</summary>
    private static MacAddress GroupMac(IPAddress group) => new(
        0x3333_0000_0000UL | System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(
            group.GetAddressBytes().AsSpan()[^4..]));

    private static MacAddress? MacOf(ReadOnlySpan<byte> options, byte type)
    {
        MacAddress? found = null;
        for (; !options.IsEmpty; options = options[(8 * options[1])..])
        {
            if (options.Length < 2 || options[1] == 0 || options.Length < 8 * options[1])
                return null;
            if (options[0] == type && options[1] == 1)
                found ??= MacAddress.Read(options[2..]);
        }
        return found;
    }
}

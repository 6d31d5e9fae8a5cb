using System.Net;
using System.Net.Sockets;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Desired;

/// <summary>
/// Turns entries of the wire into checked values. A peer's mistake becomes a <see cref="MalformedValue"/>, which is
/// reported for that entry alone; it never ends the agent or hides the other entries.
/// </summary>
public static class EntryDecoder
{
    private const uint SegmentationIdMax = (1 << 24) - 1;

    // RFC 791: every host takes a datagram of 576 bytes; RFC 8200 asks for 1280, but a network may be IPv4 only.
    private const uint MtuMin = 576;

    /// <summary>The key of an entry, or null when its id is not one.</summary>
    public static EntryKey? Key(Entry entry) =>
        entry.Id.Length == 16 ? new EntryKey(entry.Kind, new Guid(entry.Id.Span, bigEndian: true)) : null;

    public static IEntryValue Decode(Entry entry)
    {
        try
        {
            return entry.Kind switch
            {
                EntryKind.Network => Network(NetworkEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.Subnet => Subnet(SubnetEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.Neighbor => Neighbor(NeighborEntry.Parser.ParseFrom(entry.Value)),
                EntryKind.Port => Port(PortEntry.Parser.ParseFrom(entry.Value)),
                _ => new MalformedValue($"this agent does not know entries of kind {(int)entry.Kind}"),
            };
        }
        catch (InvalidProtocolBufferException error)
        {
            return new MalformedValue($"not a {entry.Kind} entry: {error.Message}");
        }
        catch (FormatException error)
        {
            return new MalformedValue(error.Message);
        }
    }

    private static NetworkValue Network(NetworkEntry entry)
    {
        Check(entry.SegmentationId is > 0 and <= SegmentationIdMax, $"segmentation id {entry.SegmentationId}");
        Check(entry.Mtu is >= MtuMin and <= ushort.MaxValue, $"MTU {entry.Mtu}");
        return new NetworkValue(entry.SegmentationId, (ushort)entry.Mtu, entry.AdminStateUp);
    }

    private static SubnetValue Subnet(SubnetEntry entry)
    {
        Check(IPNetwork.TryParse(entry.Cidr, out var cidr), $"CIDR {entry.Cidr}");
        return new SubnetValue(
            cidr,
            entry.Gateway.Length == 0 ? null : Text(entry.Gateway, cidr.BaseAddress.AddressFamily),
            entry.EnableDhcp,
            [.. entry.DnsNameservers.Select(server => Text(server, cidr.BaseAddress.AddressFamily))],
            [.. entry.HostRoutes.Select(route => Route(route, cidr.BaseAddress.AddressFamily))]);
    }

    private static Route Route(HostRoute route, AddressFamily family)
    {
        var parsed = IPNetwork.TryParse(route.Destination, out var destination)
            && destination.BaseAddress.AddressFamily == family;
        Check(parsed, $"route destination {route.Destination}");
        return new Route(destination, Text(route.Nexthop, family));
    }

    private static NeighborValue Neighbor(NeighborEntry entry) => new(
        Mac(entry.Mac), [.. entry.Addresses.Select(Address)], entry.Host, Address(entry.TunnelAddress));

    private static PortValue Port(PortEntry entry)
    {
        Check(entry.NetworkId.Length == 16, "network id");
        return new PortValue(
            Id(entry.NetworkId),
            Mac(entry.Mac),
            [.. entry.FixedIps.Select(ip => new PortAddress(Id(ip.SubnetId), Address(ip.Address)))],
            entry.AdminStateUp);
    }

    private static MacAddress Mac(ulong value)
    {
        Check(value is > 0 and < 1UL << 48, $"MAC address {value:x}");
        var mac = new MacAddress(value);
        Check(!mac.IsMulticast, $"multicast MAC address {mac}");
        return mac;
    }

    private static Guid Id(ByteString bytes)
    {
        Check(bytes.Length == 16, $"id of {bytes.Length} bytes");
        return new Guid(bytes.Span, bigEndian: true);
    }

    private static IPAddress Address(ByteString bytes)
    {
        Check(bytes.Length is 4 or 16, $"address of {bytes.Length} bytes");
        return new IPAddress(bytes.Span);
    }

    private static IPAddress Text(string text, AddressFamily family)
    {
        var parsed = IPAddress.TryParse(text, out var address) && address.AddressFamily == family;
        Check(parsed, $"address {text}");
        return address!;
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
            throw new FormatException($"makes no sense: {what}");
    }
}

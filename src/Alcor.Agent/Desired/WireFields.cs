using System.Net;
using System.Net.Sockets;
using Alcor.OpenFlow;
using Google.Protobuf;

namespace Alcor.Agent.Desired;

/// <summary>Fields of entries, checked. What makes no sense is a <see cref="FormatException"/> that says so.</summary>
internal static class WireFields
{
    public static MacAddress Mac(ulong value)
    {
        Check(value is > 0 and < 1UL << 48, $"MAC address {value:x}");
        var mac = new MacAddress(value);
        Check(!mac.IsMulticast, $"multicast MAC address {mac}");
        return mac;
    }

    public static Guid Id(ByteString bytes)
    {
        Check(bytes.Length == 16, $"id of {bytes.Length} bytes");
        return new Guid(bytes.Span, bigEndian: true);
    }

    /// <summary>Null: there is none.</summary>
    public static Guid? OptionalId(ByteString bytes) => bytes.IsEmpty ? null : Id(bytes);

    public static IPAddress Address(ByteString bytes)
    {
        Check(bytes.Length is 4 or 16, $"address of {bytes.Length} bytes");
        return new IPAddress(bytes.Span);
    }

    public static IPAddress Text(string text, AddressFamily family)
    {
        var parsed = IPAddress.TryParse(text, out var address) && address.AddressFamily == family;
        Check(parsed, $"address {text}");
        return address!;
    }

    public static IPNetwork Cidr(string text)
    {
        Check(IPNetwork.TryParse(text, out var cidr), $"CIDR {text}");
        return cidr;
    }

    public static PortRange Ports(Protocol.V1.PortRange? ports)
    {
        Check(ports is not null && ports.First <= ports.Last && ports.Last <= ushort.MaxValue, $"ports {ports}");
        return new((ushort)ports!.First, (ushort)ports.Last);
    }

    public static IcmpKind KindOfIcmp(Protocol.V1.IcmpKind kind)
    {
        Check(kind.Type <= byte.MaxValue, $"ICMP type {kind.Type}");
        Check(kind.Code <= byte.MaxValue, $"ICMP code {kind.Code}");
        return new((byte)kind.Type, kind.HasCode ? (byte)kind.Code : null);
    }

    public static bool IsIpv6(this IPNetwork cidr) => cidr.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    public static void Check(bool holds, string what)
    {
        if (!holds)
            throw new FormatException($"makes no sense: {what}");
    }
}

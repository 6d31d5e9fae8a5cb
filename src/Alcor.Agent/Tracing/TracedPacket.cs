using System.Net;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tracing;

/// <summary>What words need of a packet.</summary>
internal static class TracedPacket
{
    /// <summary>Null: it is not IP.</summary>
    public static IPAddress? SourceOf(Packet packet) => AddressOf(packet, Field.Ipv4Src, Field.Ipv6Src);

    /// <inheritdoc cref="SourceOf"/>
    public static IPAddress? DestinationOf(Packet packet) => AddressOf(packet, Field.Ipv4Dst, Field.Ipv6Dst);

    public static MacAddress MacOf(Packet packet, Field field) => new((ulong)packet[field]);

    /// <summary>The VLAN that it is in; 0: none.</summary>
    public static ushort VlanOf(Packet packet) =>
        packet.Has(Field.VlanVid) ? (ushort)((ushort)packet[Field.VlanVid] & 0xfff) : (ushort)0;

    public static Packet InVlan(Packet packet, ushort vlan) =>
        packet.PushVlan(0x8100).With(Field.VlanVid, (UInt128)(Match.VlanPresent | vlan));

    /// <summary>Who is asked for; null: it is no question for an address.</summary>
    public static IPAddress? SoughtBy(Packet packet) => packet.Has(Field.ArpTpa)
        ? new Ipv4Address((uint)packet[Field.ArpTpa]).ToIPAddress()
        : packet.Has(Field.NdTarget) ? new Ipv6Address(packet[Field.NdTarget]).ToIPAddress() : null;

    /// <summary>Protocol and ends: tcp 10.0.0.5:49152 > 10.0.0.7:80.</summary>
    public static string Describe(Packet packet)
    {
        if (SourceOf(packet) is not { } source || DestinationOf(packet) is not { } target)
            return $"a packet of Ethernet type 0x{(ushort)packet[Field.EthType]:x4}";
        return PortsOf(packet) is var (from, to)
            ? $"{ProtocolOf(packet)} {new IPEndPoint(source, from)} > {new IPEndPoint(target, to)}"
            : $"{ProtocolOf(packet)}{IcmpOf(packet)} {source} > {target}";
    }

    /// <summary>As rules see it, whose other end is named alone: tcp 80 from 10.0.0.5.</summary>
    public static string DescribeFor(Packet packet, View view)
    {
        var (isInward, isReply) = (view is View.Ingress or View.EgressReply, view.IsReply());
        var other = isInward ? SourceOf(packet) : DestinationOf(packet);
        var kind = PortsOf(packet) is var (source, target) ? $" {(isReply ? source : target)}" : IcmpOf(packet);
        return $"{ProtocolOf(packet)}{kind} {(isInward ? "from" : "to")} {other}";
    }

    public static string ProtocolName(byte protocol) => protocol switch
    {
        Protocols.Icmp => "icmp",
        Protocols.Tcp => "tcp",
        Protocols.Udp => "udp",
        Protocols.Ipv6Icmp => "icmpv6",
        Protocols.Sctp => "sctp",
        _ => $"protocol {protocol}",
    };

    private static string ProtocolOf(Packet packet) => ProtocolName((byte)packet[Field.IpProto]);

    private static (ushort Source, ushort Target)? PortsOf(Packet packet)
    {
        foreach (var (source, target) in new[]
        {
            (Field.TcpSrc, Field.TcpDst), (Field.UdpSrc, Field.UdpDst), (Field.SctpSrc, Field.SctpDst),
        })
        {
            if (packet.Has(source))
                return ((ushort)packet[source], (ushort)packet[target]);
        }
        return null;
    }

    private static string IcmpOf(Packet packet)
    {
        var field = packet.Has(Field.Icmpv4Type) ? Field.Icmpv4Type : Field.Icmpv6Type;
        return !packet.Has(field) ? "" : (byte)packet[field] switch
        {
            8 or 128 => " echo request",
            0 or 129 => " echo reply",
            var type => $" type {type}",
        };
    }

    private static IPAddress? AddressOf(Packet packet, Field ipv4, Field ipv6) =>
        packet.Has(ipv4) ? new Ipv4Address((uint)packet[ipv4]).ToIPAddress()
        : packet.Has(ipv6) ? new Ipv6Address(packet[ipv6]).ToIPAddress()
        : null;
}

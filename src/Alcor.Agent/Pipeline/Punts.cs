using System.Buffers.Binary;
using System.Net;
using Alcor.Agent.Icmp;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>What the flow that handed a packet to the agent meant by it.</summary>
internal static class Punts
{
    /// <summary>The key of the port whose machine sent it; 0: it is not of this host.</summary>
    public static uint SourcePort(PacketPunted punted) => punted.Register(Registers.SourcePort);

    /// <summary>
    /// Who is to blame for it: the port whose machine sent it, else the OpenFlow port that it came in at; a packet of
    /// another host that was routed here has neither.
    /// </summary>
    public static uint Sender(PacketPunted punted) => SourcePort(punted) is not 0 and var key ? key : punted.InPort;

    /// <summary>The router that the packet is at.</summary>
    public static Guid Router(PacketPunted punted)
    {
        Span<byte> id = stackalloc byte[16];
        for (var word = 0; word < 4; word++)
            BinaryPrimitives.WriteUInt32BigEndian(id[(4 * word)..], punted.Register(4 * Registers.Router + word));
        return new Guid(id, bigEndian: true);
    }

    /// <summary>The address that a routed packet goes to next; null: it is on no such way.</summary>
    public static IPAddress? NextHop(PacketPunted punted)
    {
        if (punted.Register(Registers.NextHop) is not 0 and var ipv4)
            return new Ipv4Address(ipv4).ToIPAddress();
        var words = Enumerable.Range(4 * Registers.Remote, 4).Select(punted.Register)
            .Aggregate(UInt128.Zero, (all, word) => all << 32 | word);
        return words == 0 ? null : new Ipv6Address(words).ToIPAddress();
    }

    /// <summary>Why a router does not forward it; null: it is no matter of routing.</summary>
    public static RoutingObstacle? Obstacle(PacketPunted punted) => punted.Table switch
    {
        Tables.RouterPorts or Tables.Gateways => RoutingObstacle.TooLarge,
        Tables.NextHops when IsTooLarge(punted) => RoutingObstacle.TooLarge,
        Tables.Routers => punted.Cookie == Cookies.Skeleton
            ? RoutingObstacle.TimeExceeded
            : RoutingObstacle.NotListening,
        Tables.Routes => RoutingObstacle.NoRoute,
        Tables.NextHops => RoutingObstacle.NoNeighbor,
        _ => null,
    };

    /// <summary>How large a packet may be that is too large; 0: it is not.</summary>
    public static ushort Mtu(PacketPunted punted) =>
        Obstacle(punted) == RoutingObstacle.TooLarge ? (ushort)punted.Register(Registers.Mtu) : (ushort)0;

    /// <summary>Whether it is about to enter a router from outside, as nobody has changed it yet.</summary>
    public static bool IsEntering(PacketPunted punted) => punted.Table == Tables.RouterPorts;

    /// <summary>The number of the network that it is in.</summary>
    public static uint Network(PacketPunted punted) => punted.Register(Registers.Network);

    /// <summary>
    /// What brings an answer to whoever sent it. From outside may have come what a machine or a router of this host
    /// sent; so what answers it looks for the receiver as any packet that a router sends there.
    /// </summary>
    public static ValueList<FlowAction> Return(PacketPunted punted) => IsEntering(punted)
        ?
        [
            Registers.Load(Registers.Network, Network(punted)),
            Registers.Load(Registers.Origin, Registers.FromPort),
            new FlowAction.Resubmit(Tables.RouterPorts),
        ]
        : PortKey.Deliver(SourcePort(punted));

    private static bool IsTooLarge(PacketPunted punted) =>
        (punted.Register(Registers.Origin) & Registers.TooLarge) != 0;
}

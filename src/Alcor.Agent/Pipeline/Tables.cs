namespace Alcor.Agent.Pipeline;

/// <summary>
/// The tables of the integration bridge, in the order that a packet passes them (OpenFlow goes only forward). The gaps
/// are for the stages to come: 10 anti-spoofing, 20 connection tracking, 30 egress policy, 45 neighbour discovery,
/// 60 routing, 80 ingress policy, 90 quality of service, 100 output.
/// </summary>
public static class Tables
{
    /// <summary>From which port or tunnel a packet comes, and so in which network it is.</summary>
    public const byte Classify = 0;

    /// <summary>Answers ARP in place of the neighbours.</summary>
    public const byte Arp = 40;

    /// <summary>Hands DHCP to the agent.</summary>
    public const byte Dhcp = 50;

    /// <summary>Destination address to port or tunnel.</summary>
    public const byte Forward = 70;

    /// <summary>Broadcast and multicast to the rest of the network.</summary>
    public const byte Flood = 75;

    /// <summary>No packet comes here: the table holds the one flow that says "everything else is installed".</summary>
    public const byte Sentinel = 250;
}

/// <summary>
/// Priorities inside a table. A flow of a more special kind stands higher, so that no two flows that one packet matches
/// have the same priority.
/// </summary>
internal static class Priorities
{
    public const ushort Miss = 0;
    public const ushort Guard = 50;

    /// <summary>Below <see cref="Entry"/>: holds until something that knows better is there.</summary>
    public const ushort StandIn = 90;

    public const ushort Entry = 100;

    /// <summary>
    /// Above <see cref="Entry"/>: a port that is here already is not sought where it is said to be still.
    /// </summary>
    public const ushort Local = 110;
    public const ushort Own = 200;
}

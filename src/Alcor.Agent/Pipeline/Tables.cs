namespace Alcor.Agent.Pipeline;

/// <summary>
/// The tables of the integration bridge, in the order that a packet passes them (OpenFlow goes only forward). The gaps
/// are for stages to come.
/// </summary>
public static class Tables
{
    /// <summary>From which port or tunnel a packet comes, and so in which network it is.</summary>
    public const byte Classify = 0;

    /// <summary>How much a port may send.</summary>
    public const byte EgressLimits = 2;

    /// <summary>How many packets a port may send.</summary>
    public const byte EgressPacketLimits = 4;

    /// <summary>What a port may send from: its own addresses, and what it was allowed besides.</summary>
    public const byte AntiSpoof = 10;

    /// <summary>What comes from a physical network: answers ARP for the addresses that routers have there.</summary>
    public const byte Outside = 15;

    /// <summary>Answers ARP in place of the neighbours.</summary>
    public const byte Arp = 20;

    /// <summary>Turns a neighbour solicitation into its answer.</summary>
    public const byte NeighborDiscovery = 25;

    /// <summary>Completes that answer, which has other fields than the question.</summary>
    public const byte NeighborAdvertisement = 26;

    /// <summary>Hands DHCP to the agent.</summary>
    public const byte Dhcp = 30;

    /// <summary>Hands the services of the host what a machine asks of them.</summary>
    public const byte HostServices = 32;

    /// <summary>Finds the connection that a packet of a port belongs to.</summary>
    public const byte EgressConntrack = 40;

    /// <summary>Whether it goes the way of its connection or back.</summary>
    public const byte EgressDirection = 42;

    /// <summary>Asks the security groups of the port that sent it.</summary>
    public const byte EgressGroups = 44;

    /// <summary>What they said.</summary>
    public const byte EgressVerdict = 46;

    /// <summary>Whether a network ACL is asked for what leaves the port that sent it.</summary>
    public const byte EgressNetworkAcl = 50;

    /// <summary>The rules of network ACLs for what leaves a port, the first that fits.</summary>
    public const byte EgressNetworkAclRules = 51;

    /// <summary>Marks what a port sends as its quality of service says (DSCP, RFC 2474).</summary>
    public const byte EgressMarking = 55;

    /// <summary>Whether a packet is for a router that is in its network.</summary>
    public const byte RouterPorts = 60;

    /// <summary>What a router does not forward: what is for itself, and what has come too far.</summary>
    public const byte Routers = 61;

    /// <summary>IP destination to network and next hop.</summary>
    public const byte Routes = 62;

    /// <summary>Where the way outside of a router is: here, by which address, or on another host.</summary>
    public const byte Gateways = 63;

    /// <summary>Out of a router's gateway.</summary>
    public const byte Departure = 65;

    /// <summary>IP address of the next hop to MAC address.</summary>
    public const byte NextHops = 66;

    /// <summary>
    /// Between <see cref="RouterPorts"/> and <see cref="Routers"/>: how much may come in by an address outside, as its
    /// quality of service says.
    /// </summary>
    public const byte ArrivalLimits = 67;

    /// <summary>How many packets may come in by an address outside.</summary>
    public const byte ArrivalPacketLimits = 68;

    /// <summary>Destination address to port or tunnel.</summary>
    public const byte Forward = 70;

    /// <summary>
    /// Between <see cref="Departure"/> and <see cref="NextHops"/>: how much may leave by an address outside.
    /// </summary>
    public const byte DepartureLimits = 71;

    /// <summary>How many packets may leave by an address outside.</summary>
    public const byte DeparturePacketLimits = 72;

    /// <summary>Broadcast and multicast to the rest of the network.</summary>
    public const byte Flood = 75;

    /// <summary>As <see cref="EgressConntrack"/>, for the port that the packet is for.</summary>
    public const byte IngressConntrack = 80;

    public const byte IngressDirection = 82;

    public const byte IngressGroups = 84;

    public const byte IngressVerdict = 86;

    /// <summary>Whether a network ACL is asked for what enters the port that the packet is for.</summary>
    public const byte IngressNetworkAcl = 90;

    /// <summary>The rules of network ACLs for what enters a port, the first that fits.</summary>
    public const byte IngressNetworkAclRules = 91;

    /// <summary>How much may enter a port, as its quality of service says.</summary>
    public const byte IngressLimits = 95;

    /// <summary>How many packets may enter a port.</summary>
    public const byte IngressPacketLimits = 97;

    /// <summary>To the port that the packet is for.</summary>
    public const byte Output = 100;

    /// <summary>To other hosts and outside: what a router that is everywhere sent, from the host's address.</summary>
    public const byte UnderlaySource = 101;

    /// <summary>Into the tunnel, or into the VLAN of a network outside.</summary>
    public const byte Underlay = 102;

    /// <summary>A subroutine: the rules of one security group, those for each of its remotes too.</summary>
    public const byte SecurityGroups = 110;

    /// <summary>A subroutine: whether the source is in a set of addresses.</summary>
    public const byte RemoteSources = 111;

    /// <summary>A subroutine: whether the destination is in a set of addresses.</summary>
    public const byte RemoteDestinations = 112;

    /// <summary>A subroutine: whether a rule allows the packet.</summary>
    public const byte SecurityGroupRules = 113;

    /// <summary>No packet comes here: the table holds the one flow that says "everything else is installed".</summary>
    public const byte Sentinel = 250;

    /// <summary>What a table is called in documents; its number if it is none of these.</summary>
    public static string NameOf(byte table) => table switch
    {
        Classify => nameof(Classify),
        EgressLimits => nameof(EgressLimits),
        EgressPacketLimits => nameof(EgressPacketLimits),
        AntiSpoof => nameof(AntiSpoof),
        Outside => nameof(Outside),
        Arp => nameof(Arp),
        NeighborDiscovery => nameof(NeighborDiscovery),
        NeighborAdvertisement => nameof(NeighborAdvertisement),
        Dhcp => nameof(Dhcp),
        HostServices => nameof(HostServices),
        EgressConntrack => nameof(EgressConntrack),
        EgressDirection => nameof(EgressDirection),
        EgressGroups => nameof(EgressGroups),
        EgressVerdict => nameof(EgressVerdict),
        EgressNetworkAcl => nameof(EgressNetworkAcl),
        EgressNetworkAclRules => nameof(EgressNetworkAclRules),
        EgressMarking => nameof(EgressMarking),
        RouterPorts => nameof(RouterPorts),
        Routers => nameof(Routers),
        Routes => nameof(Routes),
        Gateways => nameof(Gateways),
        Departure => nameof(Departure),
        NextHops => nameof(NextHops),
        ArrivalLimits => nameof(ArrivalLimits),
        ArrivalPacketLimits => nameof(ArrivalPacketLimits),
        Forward => nameof(Forward),
        DepartureLimits => nameof(DepartureLimits),
        DeparturePacketLimits => nameof(DeparturePacketLimits),
        Flood => nameof(Flood),
        IngressConntrack => nameof(IngressConntrack),
        IngressDirection => nameof(IngressDirection),
        IngressGroups => nameof(IngressGroups),
        IngressVerdict => nameof(IngressVerdict),
        IngressNetworkAcl => nameof(IngressNetworkAcl),
        IngressNetworkAclRules => nameof(IngressNetworkAclRules),
        IngressLimits => nameof(IngressLimits),
        IngressPacketLimits => nameof(IngressPacketLimits),
        Output => nameof(Output),
        UnderlaySource => nameof(UnderlaySource),
        Underlay => nameof(Underlay),
        SecurityGroups => nameof(SecurityGroups),
        RemoteSources => nameof(RemoteSources),
        RemoteDestinations => nameof(RemoteDestinations),
        SecurityGroupRules => nameof(SecurityGroupRules),
        Sentinel => nameof(Sentinel),
        _ => table.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

/// <summary>
/// Priorities inside a table. A flow of a more special kind stands higher, so that of two flows that one packet matches
/// at the same priority each does the same.
/// </summary>
internal static class Priorities
{
    public const ushort Miss = 0;

    /// <summary>Below <see cref="Guard"/>: what nobody here knows goes outside.</summary>
    public const ushort Outside = 40;
    public const ushort Guard = 50;

    /// <summary>Above <see cref="Guard"/>: what it stops is let through in some networks.</summary>
    public const ushort Lenient = 60;

    /// <summary>Below <see cref="Entry"/>: holds until something that knows better is there.</summary>
    public const ushort StandIn = 90;

    /// <summary>Above <see cref="StandIn"/>: what only the machines of a network know.</summary>
    public const ushort Shared = 95;

    public const ushort Entry = 100;

    /// <summary>
    /// Above <see cref="Entry"/>: a port that is here already is not sought where it is said to be still.
    /// </summary>
    public const ushort Local = 110;
    public const ushort Own = 200;
    public const ushort Forbidden = 300;

    /// <summary>Above <see cref="Forbidden"/>, where that has answers as well: what belongs to nobody.</summary>
    public const ushort Stray = 350;

    /// <summary>Above all others: what is too large goes nowhere, wherever it would go.</summary>
    public const ushort TooLarge = 400;
}

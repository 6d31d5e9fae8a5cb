namespace Alcor.Agent;

/// <summary>Every bound of the agent, with its reason.</summary>
public static class AgentLimits
{
    /// <summary>
    /// Entries of one partition: ten times the largest network that is pushed whole; some 200 bytes each.
    /// </summary>
    public const int PartitionEntriesMax = 1_000_000;

    /// <summary>
    /// Events that wait for the loop. Whoever reports more waits; a punted packet is dropped instead.
    /// </summary>
    public const int EventsMax = 1_024;

    /// <summary>
    /// Events taken before flows are rendered: large enough to coalesce a burst, small enough to begin soon.
    /// </summary>
    public const int EventsPerPassMax = 256;

    /// <summary>Changes in one bundle: 0.2 s of the switch's time, and a tenth of what it takes at once.</summary>
    public const int ChangesPerBundleMax = 10_000;

    /// <summary>
    /// Rounds of one pass. Each shuts out at least one flow that the switch refuses; the next pass goes on.
    /// </summary>
    public const int ApplyRoundsMax = 32;

    /// <summary>Results in one Ack: some 100 bytes each, far below the 4 MiB that a gRPC peer takes.</summary>
    public const int ResultsPerAckMax = 1_000;

    /// <summary>
    /// Messages to the dataplane that are not sent yet. A peer so slow is left; the next one is told afresh.
    /// </summary>
    public const int OutboxMax = 4_096;

    /// <summary>
    /// Packets of one port that are looked at: a boot asks DHCP three times. OpenFlow ports of Open vSwitch have 16
    /// bits.
    /// </summary>
    internal static readonly AskingLimits Punts = new(Burst: 10, PerSecond: 2, KeysMax: 65_536);

    /// <summary>
    /// Packets of one port that a router does not forward. Apart from the others: a machine that does not listen to
    /// what it is told sends them without end, and must get its lease all the same.
    /// </summary>
    internal static readonly AskingLimits Refusals = new(Burst: 10, PerSecond: 2, KeysMax: 65_536);

    /// <summary>Machines outside that are known besides the gateways there; some 200 bytes and one flow each.</summary>
    public const int OutsideNeighborsMax = 4_096;

    /// <summary>Addresses outside that are announced in one second; thousands take a while.</summary>
    public const int AnnouncementsPerTickMax = 500;

    /// <summary>Probes of tunnel peers in one second; a host of ten thousand peers probes them all in twenty.</summary>
    public const int ProbesPerTickMax = 500;

    /// <summary>Advertisements of routers in one second, as for probes.</summary>
    public const int AdvertisementsPerTickMax = 500;

    /// <summary>
    /// Sets of addresses of one DHCPv6 message that are answered: a machine has one for each of its interfaces. With
    /// this bound and the next two, every answer fits into the 1280 bytes that every link takes.
    /// </summary>
    public const int IdentityAssociationsMax = 4;

    /// <summary>Addresses that DHCPv6 gives a port.</summary>
    public const int LeasedAddressesMax = 16;

    /// <summary>Addresses of each of those sets that a client is told to have no more.</summary>
    public const int EndedAddressesMax = 4;
}

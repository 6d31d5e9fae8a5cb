using System.Buffers.Binary;
using System.Net;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Icmp;

/// <summary>
/// What a router tells the machines of a network about itself and the network (RFC 4861 section 4.2): to all nodes,
/// as RFC 4861 section 6.2.6 allows for answers too, so that there is one text whoever asked.
/// </summary>
/// <param name="Router">Of the router, in the network.</param>
/// <param name="Mtu">Of the network.</param>
public sealed record RouterAdvertisement(MacAddress Router, ushort Mtu)
{
    /// <summary>
    /// How many prefixes fit, with all other options, into 1280 bytes, which every link takes (RFC 8200).
    /// </summary>
    public const int PrefixesMax = 27;

    /// <summary>As many as the resolvers of most machines take.</summary>
    public const int NameServersMax = 3;

    /// <summary>
    /// How long a machine keeps the router without hearing of it. The longest of RFC 4861 section 6.2.1: machines keep
    /// their way out although an agent is away, and are told when the router goes.
    /// </summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromSeconds(9_000);

    // Defaults of RFC 4861 section 6.2.1: an address stays the port's for as long as the port exists.
    private const uint ValidSeconds = 30 * 24 * 3600;
    private const uint PreferredSeconds = 7 * 24 * 3600;

    private const byte HopLimit = 255; // nothing that a router has forwarded is believed
    private const byte HopLimitOfMachines = 64;
    private const int FixedLength = 16;
    private const byte Managed = 0x80;
    private const byte OtherConfiguration = 0x40;
    private const byte SourceLinkLayerAddress = 1;
    private const byte PrefixInformation = 3;
    private const byte LinkMtu = 5;
    private const byte RecursiveNameServers = 25;
    private const byte SearchList = 31;
    private const byte OnLink = 0x80;
    private const byte Autonomous = 0x40;

    private static readonly IPAddress AllNodes = IPAddress.Parse("ff02::1");
    private static readonly MacAddress AllNodesMac = new(0x3333_0000_0001);

    /// <summary>At most <see cref="PrefixesMax"/>.</summary>
    public ValueList<AdvertisedPrefix> Prefixes { get; init; }

    /// <summary>Told by an option of RFC 8106; at most <see cref="NameServersMax"/>.</summary>
    public ValueList<IPAddress> NameServers { get; init; }

    /// <summary>Where machines look for names without one, told by another of RFC 8106; empty: nowhere.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Addresses are given by DHCPv6 (flag M).</summary>
    public bool IsManaged { get; init; }

    /// <summary>All but addresses is told by DHCPv6 (flag O).</summary>
    public bool HasOtherConfiguration { get; init; }

    /// <summary>
    /// Of the router, and of the name servers and the domain that it tells, which are to last for three times the
    /// longest pause between two advertisements at least (RFC 8106 section 5.1); zero: it is a router no more.
    /// </summary>
    public TimeSpan Lifetime { get; init; } = LifetimeMax;

    /// <summary>The frame.</summary>
    public byte[] Encode() => new IpFrame
    {
        SourceMac = Router,
        DestinationMac = AllNodesMac,
        Source = Router.LinkLocalAddress(),
        Destination = AllNodes,
        Protocol = IpFrame.Ipv6Icmp,
        HopLimit = HopLimit,
        Payload = (byte[])
        [
            .. Fixed(), .. SourceOption(), .. MtuOption(),
            .. Prefixes.SelectMany(PrefixOption), .. NameServersOption(), .. SearchListOption(),
        ],
    }.Encode();

    private byte[] Fixed()
    {
        var bytes = new byte[FixedLength];
        bytes[0] = Ipv6IcmpTypes.RouterAdvertisement;
        bytes[4] = HopLimitOfMachines;
        bytes[5] = (byte)((IsManaged ? Managed : 0) | (HasOtherConfiguration ? OtherConfiguration : 0));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)Lifetime.TotalSeconds);
        return bytes;
    }

    private byte[] SourceOption()
    {
        var option = Option(SourceLinkLayerAddress, 8);
        Router.Write(option.AsSpan(2));
        return option;
    }

    private byte[] MtuOption()
    {
        var option = Option(LinkMtu, 8);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(4), Mtu);
        return option;
    }

    private static byte[] PrefixOption(AdvertisedPrefix prefix)
    {
        var option = Option(PrefixInformation, 32);
        option[2] = (byte)prefix.Cidr.PrefixLength;
        option[3] = (byte)(OnLink | (prefix.IsAutonomous ? Autonomous : 0));
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(4), ValidSeconds);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(8), PreferredSeconds);
        prefix.Cidr.BaseAddress.TryWriteBytes(option.AsSpan(16), out _);
        return option;
    }

    private byte[] NameServersOption() => NameServers.Count > 0
        ? OfNames(RecursiveNameServers, [.. NameServers.SelectMany(server => server.GetAddressBytes())])
        : [];

    private byte[] SearchListOption() =>
        Domain.Length > 0 && OptionText.DomainName(Domain) is { } name ? OfNames(SearchList, name) : [];

    /// <summary>What lasts as long as the router, filled with zeros to a length that an option has.</summary>
    private byte[] OfNames(byte type, byte[] value)
    {
        var option = Option(type, 8 + (value.Length + 7) / 8 * 8);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(4), (uint)Lifetime.TotalSeconds);
        value.CopyTo(option, 8);
        return option;
    }

    /// <param name="length">In bytes, a multiple of eight.</param>
    private static byte[] Option(byte type, int length)
    {
        var bytes = new byte[length];
        bytes[0] = type;
        bytes[1] = (byte)(length / 8);
        return bytes;
    }
}

/// <param name="IsAutonomous">Machines make their addresses of it (RFC 4862).</param>
public readonly record struct AdvertisedPrefix(IPNetwork Cidr, bool IsAutonomous);

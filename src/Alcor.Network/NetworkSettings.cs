using System.Collections.Immutable;
using Alcor.Kernel.Addresses;
using Alcor.Network.Networks;
using Alcor.Network.Quotas;

namespace Alcor.Network;

/// <summary>A closed range of numbers.</summary>
public readonly record struct NumberRange(uint First, uint Last)
{
    public bool Contains(uint number) => First <= number && number <= Last;

    public override string ToString() => $"{First}:{Last}";
}

/// <summary>Ids of a physical network; null where the network type needs none.</summary>
public readonly record struct PhysicalRange(string? PhysicalNetwork, NumberRange Ids);

/// <summary>VLAN ids of a physical network to give out.</summary>
public readonly record struct VlanRange(string PhysicalNetwork, NumberRange? Ids);

/// <summary>Addresses with the same first octets, from which MAC addresses are allocated.</summary>
/// <param name="First">The lowest address of the range; the free bits are zero.</param>
/// <param name="FreeBits">How many low bits vary: 24 for a prefix of three octets.</param>
public readonly record struct MacPrefix(MacAddress First, int FreeBits)
{
    /// <summary>The highest address of the range.</summary>
    public MacAddress Last => new(First.Bits | (1UL << FreeBits) - 1);

    public bool Contains(MacAddress address) => address.Bits >> FreeBits == First.Bits >> FreeBits;

    /// <summary>Reads one to five octets, such as <c>fa:16:3e</c>.</summary>
    /// <exception cref="FormatException">It is not one to five octets, or names group addresses.</exception>
    public static MacPrefix Parse(string text)
    {
        var octets = text.Split(':');
        var address = string.Join(':', octets.Concat(Enumerable.Repeat("00", Math.Max(0, 6 - octets.Length))));
        if (octets.Length is < 1 or > 5 || !MacAddress.TryParse(address, out var first))
            throw new FormatException($"'{text}' is not a MAC prefix: expected one to five octets such as fa:16:3e");
        return first.IsMulticast
            ? throw new FormatException($"'{text}' is a prefix of group addresses, which no port can have")
            : new MacPrefix(first, 8 * (6 - octets.Length));
    }
}

/// <summary>What an operator sets for the whole region; an input of Decide.</summary>
public sealed record NetworkSettings
{
    /// <summary>In <see cref="FlatNetworks"/>: all physical networks may have a flat network.</summary>
    public const string AnyFlatNetwork = "*";

    /// <summary>IEEE 802.1Q: 0 and 4095 are reserved.</summary>
    public static readonly NumberRange VlanIds = new(1, 4094);

    /// <summary>24 bits; 0 and the highest are kept back (RFC 7348 section 5).</summary>
    public static readonly NumberRange VxlanIds = new(1, (1 << 24) - 2);

    /// <summary>What networks are made of whose owner does not say: the first that has an id left.</summary>
    public ImmutableArray<string> TenantNetworkTypes { get; init; } = [NetworkType.Vxlan];

    /// <summary>VXLAN network identifiers to give out.</summary>
    public ImmutableArray<NumberRange> VxlanRanges { get; init; } = [VxlanIds];

    public ImmutableArray<NumberRange> GreRanges { get; init; } = [];

    public ImmutableArray<NumberRange> GeneveRanges { get; init; } = [];

    /// <summary>
    /// The physical networks that have VLANs, with the ids to give out; null: only those that are asked for by number.
    /// </summary>
    public ImmutableArray<VlanRange> VlanRanges { get; init; } = [];

    /// <summary>The physical networks that may have a flat network; empty: none may.</summary>
    public ImmutableArray<string> FlatNetworks { get; init; } = [AnyFlatNetwork];

    /// <summary>Where MAC addresses of ports come from while no range is active; Neutron's default.</summary>
    public ImmutableArray<MacPrefix> MacPrefixes { get; init; } = [MacPrefix.Parse("fa:16:3e")];

    /// <summary>Prefixes whose addresses are never allocated: the lab of a vendor, a router's own.</summary>
    public ImmutableArray<MacPrefix> ReservedMacPrefixes { get; init; } = [];

    /// <summary>Whether an address is never allocated.</summary>
    public bool IsReserved(MacAddress address) =>
        ReservedMacPrefixes.Any(prefix => prefix.Contains(address));

    /// <summary>Bytes of an IP packet that the underlay carries.</summary>
    public int UnderlayMtu { get; init; } = 1500;

    /// <summary>Bytes of an IP header of the underlay: 20 for IPv4, 40 for IPv6.</summary>
    public int UnderlayHeader { get; init; } = 20;

    /// <summary>
    /// What a project may have of each type while it has no quota of its own; <see cref="ProjectQuota.Unlimited"/>.
    /// Neutron's defaults, in its order; a type that is not here is never limited.
    /// </summary>
    public ImmutableArray<QuotaLimit> Quotas { get; init; } = QuotaLimit.Defaults;

    /// <summary>Neutron's max_allowed_address_pair.</summary>
    public int AddressPairsMax { get; init; } = 10;

    /// <summary>
    /// The domain of the names of ports, Neutron's dns_domain; with its default, ports cannot be named.
    /// </summary>
    public string DnsDomain { get; init; } = "openstacklocal";

    /// <summary>The domain with the dot at its end; empty: none.</summary>
    public string QualifiedDnsDomain =>
        DnsDomain.Length == 0 || DnsDomain.EndsWith('.') ? DnsDomain : $"{DnsDomain}.";

    /// <summary>The ids that a network of a type can have.</summary>
    public static NumberRange IdsOf(string networkType) => networkType switch
    {
        NetworkType.Vlan => VlanIds,
        NetworkType.Vxlan => VxlanIds,
        NetworkType.Gre => new NumberRange(1, uint.MaxValue),
        _ => new NumberRange(1, (1 << 24) - 1),
    };

    /// <summary>The ids to give out.</summary>
    public IEnumerable<PhysicalRange> RangesOf(string networkType) => networkType switch
    {
        NetworkType.Vlan => VlanRanges
            .Where(range => range.Ids is not null)
            .Select(range => new PhysicalRange(range.PhysicalNetwork, range.Ids!.Value)),
        NetworkType.Vxlan => VxlanRanges.Select(range => new PhysicalRange(null, range)),
        NetworkType.Gre => GreRanges.Select(range => new PhysicalRange(null, range)),
        NetworkType.Geneve => GeneveRanges.Select(range => new PhysicalRange(null, range)),
        _ => [],
    };

    /// <summary>Bytes of the largest IP packet in a network of a type; null: as large as one likes.</summary>
    public int? LargestMtu(string networkType) => networkType switch
    {
        // Behind the underlay's IP header: UDP, VXLAN and the inner Ethernet (RFC 7348 section 5), Geneve without
        // options alike (RFC 8926 section 3.1), GRE with a key and the inner Ethernet (RFC 2890).
        NetworkType.Vxlan or NetworkType.Geneve => UnderlayMtu - UnderlayHeader - 30,
        NetworkType.Gre => UnderlayMtu - UnderlayHeader - 22,
        NetworkType.Flat or NetworkType.Vlan => UnderlayMtu,
        _ => null,
    };
}

using System.Collections.Immutable;
using Alcor.Kernel.Addresses;
using Alcor.Network.Quotas;

namespace Alcor.Network;

/// <summary>A closed range of numbers.</summary>
public readonly record struct NumberRange(uint First, uint Last)
{
    public override string ToString() => $"{First}:{Last}";
}

/// <summary>Addresses with the same first octets, from which MAC addresses are allocated.</summary>
/// <param name="First">The lowest address of the range; the free bits are zero.</param>
/// <param name="FreeBits">How many low bits vary: 24 for a prefix of three octets.</param>
public readonly record struct MacPrefix(MacAddress First, int FreeBits)
{
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
    /// <summary>VXLAN network identifiers that may be given out: 24 bits, 0 and the highest are kept back.</summary>
    public ImmutableArray<NumberRange> VxlanRanges { get; init; } = [new NumberRange(1, (1 << 24) - 2)];

    /// <summary>Where MAC addresses of ports come from; Neutron's default.</summary>
    public ImmutableArray<MacPrefix> MacPrefixes { get; init; } = [MacPrefix.Parse("fa:16:3e")];

    /// <summary>Prefixes whose addresses are never allocated: the lab of a vendor, a router's own.</summary>
    public ImmutableArray<MacPrefix> ReservedMacPrefixes { get; init; } = [];

    /// <summary>Bytes of an IP packet that the underlay carries.</summary>
    public int UnderlayMtu { get; init; } = 1500;

    /// <summary>IP, UDP, VXLAN and inner Ethernet headers over an IPv4 underlay (RFC 7348 section 5).</summary>
    public int TunnelOverhead { get; init; } = 50;

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
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Alcor.Network.SecurityGroups;

/// <summary>
/// IP protocols as rules name them: numbers of the IANA registry, and the names that Neutron knows.
/// </summary>
public static class IpProtocols
{
    public const int Icmp = 1;

    public const int Ipv6Icmp = 58;

    public const string Ipv6IcmpName = "ipv6-icmp";

    private static readonly ImmutableArray<(string Name, int Number)> Known =
    [
        ("ah", 51), ("dccp", 33), ("egp", 8), ("esp", 50), ("gre", 47), ("hopopt", 0), ("icmp", Icmp), ("igmp", 2),
        ("ip", 0), ("ipip", 4), ("ipv6-encap", 41), ("ipv6-frag", 44), (Ipv6IcmpName, Ipv6Icmp),
        ("icmpv6", Ipv6Icmp), ("ipv6-nonxt", 59), ("ipv6-opts", 60), ("ipv6-route", 43), ("ospf", 89), ("pgm", 113),
        ("rsvp", 46), ("sctp", 132), ("tcp", 6), ("udp", 17), ("udplite", 136), ("vrrp", 112),
    ];

    private static readonly FrozenDictionary<string, int> Numbers =
        Known.ToFrozenDictionary(protocol => protocol.Name, protocol => protocol.Number);

    /// <summary>Protocols that only IPv6 has.</summary>
    private static readonly FrozenSet<int> OfIpv6Only = new[] { 41, 43, 44, Ipv6Icmp, 59, 60 }.ToFrozenSet();

    /// <summary>Protocols with ports: DCCP, SCTP, TCP, UDP, UDP-Lite.</summary>
    private static readonly FrozenSet<int> WithPorts = new[] { 6, 17, 33, 132, 136 }.ToFrozenSet();

    public static IEnumerable<string> Names => Known.Select(protocol => protocol.Name);

    /// <summary>A name in lower case, or a number from 0 to 255 without leading zeros; null: it is neither.</summary>
    public static string? Normalise(string text)
    {
#pragma warning disable CA1308 // Lower case is how the names are written.
        var name = text.ToLowerInvariant();
#pragma warning restore CA1308
        return Numbers.ContainsKey(name) ? name
            : byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : null;
    }

    /// <summary>What <see cref="Normalise"/> gave, as it is called under IPv6: its own ICMP.</summary>
    public static string OfIpv6(string protocol) => protocol switch
    {
        "icmp" or "icmpv6" => Ipv6IcmpName,
        "1" => "58",
        _ => protocol,
    };

    /// <summary>The number of what <see cref="Normalise"/> gave.</summary>
    public static int NumberOf(string protocol) =>
        Numbers.TryGetValue(protocol, out var number)
            ? number
            : int.Parse(protocol, CultureInfo.InvariantCulture);

    /// <summary>
    /// A name for what <see cref="Normalise"/> gave, the same for a number and for its name. The number 0 has two:
    /// hopopt remains what it is.
    /// </summary>
    public static string Canonical(string protocol)
    {
        if (Numbers.ContainsKey(protocol))
            return protocol;
        var number = NumberOf(protocol);
        return number == 0 ? "ip" : Known.FirstOrDefault(known => known.Number == number).Name ?? protocol;
    }

    public static bool IsOfIpv6Only(int number) => OfIpv6Only.Contains(number);

    public static bool HasPorts(int number) => WithPorts.Contains(number);

    public static bool IsIcmp(int number) => number is Icmp or Ipv6Icmp;
}

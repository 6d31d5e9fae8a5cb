using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Subnets;

/// <summary>The rules that the numbers of a subnet follow: its block, its gateway and its allocation pools.</summary>
internal static class SubnetPlan
{
    /// <summary>
    /// From this prefix length on, an IPv4 block has no addresses of its own and of its broadcast (RFC 3021).
    /// </summary>
    private const int PointToPointPrefix = 31;

    /// <summary>The longest prefixes with which DHCP is answered.</summary>
    private const int DhcpPrefixMax4 = 30;

    private const int DhcpPrefixMax6 = 126;

    private static readonly IPNetwork[] Multicast = [IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("ff00::/8")];

    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>
    /// The lowest and the highest address of allocation pools. In IPv6 the first one is the routers' (RFC 4291
    /// section 2.6.1), and there is no broadcast.
    /// </summary>
    public static (UInt128 First, UInt128 Last) Usable(IPNetwork cidr)
    {
        var (first, last) = (cidr.FirstNumber(), cidr.LastNumber());
        if (cidr.Version() == 6)
            return (first == last ? first : first + 1, last);
        return cidr.PrefixLength >= PointToPointPrefix ? (first, last) : (first + 1, last - 1);
    }

    public static bool IsUsable(IPNetwork cidr, IPAddress address)
    {
        var (first, last) = Usable(cidr);
        return address.Version() == cidr.Version() && first <= address.ToNumber() && address.ToNumber() <= last;
    }

    /// <summary>The gateway that a subnet gets when the request says nothing of one.</summary>
    public static IPAddress DefaultGateway(IPNetwork cidr) =>
        cidr.Version() == 6 ? cidr.BaseAddress : cidr.AddressAt(cidr.FirstNumber() + 1);

    /// <summary>Whether DHCP can be answered in a block.</summary>
    public static ApiError? CheckDhcp(IPNetwork cidr)
    {
        if (cidr.PrefixLength > (cidr.Version() == 4 ? DhcpPrefixMax4 : DhcpPrefixMax6))
            return Errors.InvalidInput(
                "Subnet has a prefix length that is incompatible with DHCP service enabled");
        if (Multicast.Any(block => block.Contains(cidr)))
            return Errors.InvalidInput("Multicast IP subnet is not supported if enable_dhcp is True");
        if (Loopback.Any(block => block.Contains(cidr)))
            return Errors.InvalidInput("Loopback IP subnet is not supported if enable_dhcp is True");
        return cidr.Version() == 4 && cidr.FirstNumber() == 0
            ? Errors.InvalidInput("First IP '0.0.0.0' of network is not supported if enable_dhcp is True.")
            : null;
    }

    /// <summary>A gateway in the block is neither the block's own address nor its broadcast.</summary>
    public static ApiError? CheckGateway(IPNetwork cidr, IPAddress gateway) =>
        cidr.Version() == 4 && cidr.Contains(gateway)
            && (gateway.ToNumber() == cidr.FirstNumber() || gateway.ToNumber() == cidr.LastNumber())
            ? Errors.InvalidInput("Gateway is not valid on subnet")
            : null;

    public static ApiError? CheckOutside(IPAddress? gateway, IEnumerable<AddressRange> pools)
    {
        foreach (var pool in pools.Where(pool => gateway is not null && pool.Contains(gateway)))
            return Errors.GatewayConflictWithAllocationPools(gateway!, Print(pool));
        return null;
    }

    public static ApiError? CheckPools(IPNetwork cidr, ImmutableArray<AddressRange> pools)
    {
        foreach (var pool in pools)
        {
            if (pool.Start.Version() != pool.End.Version() || pool.Start.ToNumber() > pool.End.ToNumber())
                return Errors.InvalidAllocationPool($"{{'start': '{pool.Start}', 'end': '{pool.End}'}}");
            if (pool.Start.Version() != cidr.Version())
                return Errors.InvalidAllocationPool(Print(pool));
            if (!IsUsable(cidr, pool.Start) || !IsUsable(cidr, pool.End))
                return Errors.OutOfBoundsAllocationPool(Print(pool), cidr);
        }
        var sorted = Sorted(pools);
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Start.ToNumber() <= sorted[i - 1].End.ToNumber())
                return Errors.OverlappingAllocationPools(Print(sorted[i - 1]), Print(sorted[i]), cidr);
        }
        return null;
    }

    /// <summary>By their first address, as they are kept and shown.</summary>
    public static ImmutableArray<AddressRange> Sorted(ImmutableArray<AddressRange> pools) =>
        pools.Sort((left, right) => left.Start.ToNumber().CompareTo(right.Start.ToNumber()));

    /// <summary>All usable addresses but the gateway; in a block of one, that one.</summary>
    public static ImmutableArray<AddressRange> DefaultPools(IPNetwork cidr, IPAddress? gateway)
    {
        var (first, last) = Usable(cidr);
        if (gateway is null || !IsUsable(cidr, gateway) || first == last && cidr.FirstNumber() == first)
            return [Range(first, last)];
        var number = gateway.ToNumber();
        var pools = ImmutableArray.CreateBuilder<AddressRange>(2);
        if (first < number)
            pools.Add(Range(first, number - 1));
        if (number < last)
            pools.Add(Range(number + 1, last));
        return pools.ToImmutable();

        AddressRange Range(UInt128 from, UInt128 to) => new(cidr.AddressAt(from), cidr.AddressAt(to));
    }

    private static string Print(AddressRange pool) => $"{pool.Start}-{pool.End}";
}

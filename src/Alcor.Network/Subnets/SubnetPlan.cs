using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Subnets;

/// <summary>The rules that the numbers of a subnet follow: its block, its gateway and its allocation pools.</summary>
internal static class SubnetPlan
{
    /// <summary>
    /// From this prefix length on, a block has no addresses of its own and of its broadcast (RFC 3021).
    /// </summary>
    private const int PointToPointPrefix = 31;

    /// <summary>The lowest and the highest address that a port may have.</summary>
    public static (UInt128 First, UInt128 Last) Usable(IPNetwork cidr) => cidr.PrefixLength >= PointToPointPrefix
        ? (cidr.FirstNumber(), cidr.LastNumber())
        : (cidr.FirstNumber() + 1, cidr.LastNumber() - 1);

    public static bool IsUsable(IPNetwork cidr, IPAddress address)
    {
        var (first, last) = Usable(cidr);
        return address.AddressFamily == cidr.BaseAddress.AddressFamily
            && first <= address.ToNumber() && address.ToNumber() <= last;
    }

    /// <summary>The gateway that a subnet gets when the request says nothing of one.</summary>
    public static IPAddress DefaultGateway(IPNetwork cidr) =>
        Usable(cidr).First.ToAddress(AddressFamily.InterNetwork);

    public static ApiError? CheckCidr(IPNetwork cidr, bool enableDhcp)
    {
        var first = (byte)(cidr.FirstNumber() >> 24);
        if (cidr.PrefixLength == 0)
            return ApiError.InvalidInput("cidr", "a prefix length of 0 is not supported");
        if (first is 0 or 127 or >= 224)
            return ApiError.InvalidInput("cidr", $"{cidr} is not a block of unicast addresses");
        return enableDhcp && cidr.PrefixLength >= PointToPointPrefix
            ? Errors.InvalidInput($"cidr: {cidr} has a prefix length that is incompatible with DHCP service enabled")
            : null;
    }

    public static ApiError? CheckGateway(IPNetwork cidr, IPAddress? gateway, IEnumerable<AddressRange> pools)
    {
        if (gateway is null)
            return null;
        if (cidr.Contains(gateway) && !IsUsable(cidr, gateway))
            return Errors.InvalidInput($"gateway_ip: Gateway {gateway} is not valid on subnet {cidr}");
        foreach (var pool in pools.Where(pool => pool.Contains(gateway)))
            return Errors.GatewayConflictWithAllocationPools(gateway, Print(pool));
        return null;
    }

    public static ApiError? CheckPools(IPNetwork cidr, ImmutableArray<AddressRange> pools)
    {
        foreach (var pool in pools)
        {
            if (!IsUsable(cidr, pool.Start) || !IsUsable(cidr, pool.End))
                return Errors.OutOfBoundsAllocationPool(Print(pool), cidr);
        }
        var sorted = pools.Sort((left, right) => left.Start.ToNumber().CompareTo(right.Start.ToNumber()));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Start.ToNumber() <= sorted[i - 1].End.ToNumber())
                return Errors.OverlappingAllocationPools(Print(sorted[i - 1]), Print(sorted[i]), cidr);
        }
        return null;
    }

    /// <summary>All usable addresses but the gateway.</summary>
    public static ImmutableArray<AddressRange> DefaultPools(IPNetwork cidr, IPAddress? gateway)
    {
        var (first, last) = Usable(cidr);
        if (gateway is null || !IsUsable(cidr, gateway))
            return [Range(first, last)];
        var number = gateway.ToNumber();
        var pools = ImmutableArray.CreateBuilder<AddressRange>(2);
        if (first < number)
            pools.Add(Range(first, number - 1));
        if (number < last)
            pools.Add(Range(number + 1, last));
        return pools.ToImmutable();
    }

    private static AddressRange Range(UInt128 first, UInt128 last) =>
        new(first.ToAddress(AddressFamily.InterNetwork), last.ToAddress(AddressFamily.InterNetwork));

    private static string Print(AddressRange pool) => $"{pool.Start}-{pool.End}";
}

using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.SubnetPools;

/// <summary>What must hold of a subnet pool alone.</summary>
internal static class SubnetPoolRules
{
    /// <summary>The shortest prefixes of subnets where nobody says more.</summary>
    private const int DefaultMin4 = 8;

    private const int DefaultMin6 = 64;

    /// <summary>The fewest blocks that are all of these, or what is wrong with them.</summary>
    public static Result<ImmutableArray<IPNetwork>> Compact(ImmutableArray<IPNetwork> prefixes)
    {
        if (prefixes.IsEmpty)
            return SubnetPoolErrors.NoPrefixes();
        return prefixes.Any(prefix => prefix.Version() != prefixes[0].Version())
            ? SubnetPoolErrors.MixedVersions()
            : BlockSet.Of(prefixes).Blocks.ToImmutableArray();
    }

    public static int DefaultMinimum(int ipVersion) => ipVersion == 4 ? DefaultMin4 : DefaultMin6;

    public static int Maximum(int ipVersion) => ipVersion == 4 ? 32 : 128;

    public static ApiError? CheckLengths(SubnetPool pool)
    {
        var (least, most, usual) = (pool.MinPrefixLength, pool.MaxPrefixLength, pool.DefaultPrefixLength);
        if (least > most)
            return SubnetPoolErrors.PrefixBounds("min_prefixlen", least, "max_prefixlen", most);
        if (most > Maximum(pool.IpVersion))
            return SubnetPoolErrors.PrefixBounds("max_prefixlen", most, "ip_version_max", Maximum(pool.IpVersion));
        if (usual < least)
            return SubnetPoolErrors.PrefixBounds("default_prefixlen", usual, "min_prefixlen", least);
        return usual > most
            ? SubnetPoolErrors.PrefixBounds("default_prefixlen", usual, "max_prefixlen", most)
            : null;
    }
}

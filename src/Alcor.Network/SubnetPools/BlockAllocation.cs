using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.SubnetPools;

/// <summary>Takes blocks for subnets from a pool, of what others have left.</summary>
internal static class BlockAllocation
{
    /// <summary>Quotas count addresses in IPv4, and blocks of this prefix length in IPv6.</summary>
    private const int QuotaUnit6 = 64;

    /// <summary>The first block of this size in the smallest free one that has room for it.</summary>
    public static Result<IPNetwork> Any(SubnetPool pool, SubnetPoolBlocks taken, int prefixLength, string projectId)
    {
        if (Refuse(pool, taken, prefixLength, projectId) is { } refused)
            return refused;
        var room = Free(pool, taken).Blocks
            .Where(block => block.PrefixLength <= prefixLength)
            .OrderByDescending(block => block.PrefixLength)
            .FirstOrDefault();
        return room == default
            ? SubnetPoolErrors.NotAllocated($"Insufficient prefix space to allocate subnet size /{prefixLength}")
            : new IPNetwork(room.BaseAddress, prefixLength);
    }

    /// <summary>The block that was asked for.</summary>
    public static Result<IPNetwork> Exactly(SubnetPool pool, SubnetPoolBlocks taken, IPNetwork cidr, string projectId)
    {
        if (Refuse(pool, taken, cidr.PrefixLength, projectId) is { } refused)
            return refused;
        return cidr.Version() == pool.IpVersion && Free(pool, taken).Contains(cidr)
            ? cidr
            : SubnetPoolErrors.NotAllocated(
                "Cannot allocate requested subnet from the available set of prefixes");
    }

    private static BlockSet Free(SubnetPool pool, SubnetPoolBlocks taken) =>
        BlockSet.Of(pool.Prefixes).Except(taken.Taken);

    private static ApiError? Refuse(SubnetPool pool, SubnetPoolBlocks taken, int prefixLength, string projectId)
    {
        if (prefixLength > pool.MaxPrefixLength)
            return SubnetPoolErrors.TooLong(prefixLength, pool.MaxPrefixLength);
        if (prefixLength < pool.MinPrefixLength)
            return SubnetPoolErrors.TooShort(prefixLength, pool.MinPrefixLength);
        if (pool.DefaultQuota is not > 0)
            return null;
        var unit = pool.IpVersion == 4 ? SubnetPoolRules.Maximum(4) : QuotaUnit6;
        var used = taken.Blocks
            .Where(block => block.ProjectId == projectId)
            .Sum(block => Math.Pow(2, unit - block.Cidr.PrefixLength));
        return used + Math.Pow(2, unit - prefixLength) > pool.DefaultQuota
            ? SubnetPoolErrors.QuotaExceeded()
            : null;
    }
}

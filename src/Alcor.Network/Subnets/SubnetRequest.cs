using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.SubnetPools;

namespace Alcor.Network.Subnets;

/// <summary>How a request asks for the block of a subnet: it names the block, or takes one from a pool.</summary>
internal static class SubnetRequest
{
    /// <summary>The pool that it asks for; no pool where it names the block alone.</summary>
    public static Result<Stamped<SubnetPool>?> PoolOf(NewResource item, PartitionView view)
    {
        var body = item.Body;
        var named = body.Get(SubnetAttributes.SubnetPoolId);
        var (hasCidr, hasLength) = (body.Has(SubnetAttributes.Cidr), body.Has(SubnetAttributes.PrefixLength));
        if (hasCidr && hasLength)
            return Refuse("cidr and prefixlen must not be supplied together");
        if (body.Get(SubnetAttributes.UseDefaultSubnetPool))
            return named is null
                ? DefaultPool(body, view.Context)
                : Refuse("subnetpool_id and use_default_subnetpool cannot both be specified");
        if (named is null)
            return hasCidr
                ? (Stamped<SubnetPool>?)null
                : Refuse("a subnetpool must be specified in the absence of a cidr");
        return view.Of(SubnetPool.PartitionOf(named)).Find(SubnetPool.Type, named) is { } pool
            && Sharing.Shares.MayUse(item.Caller, pool.Value.ProjectId, pool.Value.Shares)
            ? (Stamped<SubnetPool>?)pool
            : SubnetPool.Type.Api.NotFound(named);
    }

    /// <summary>The block that the subnet gets of the pool.</summary>
    public static Result<IPNetwork> Take(NewResource item, SubnetPool pool, SubnetPoolBlocks taken)
    {
        var body = item.Body;
        if (body.Get(SubnetAttributes.IpVersion) is var version && version != pool.IpVersion)
            return Refuse($"Cannot allocate IPv{version} subnet from IPv{pool.IpVersion} subnet pool");
        var hasCidr = body.Has(SubnetAttributes.Cidr);
        if (!hasCidr && !body.Get(SubnetAttributes.AllocationPools).IsEmpty)
            return Refuse("allocation_pools allowed only for specific subnet requests.");
        if (hasCidr)
            return BlockAllocation.Exactly(pool, taken, body.Get(SubnetAttributes.Cidr), item.ProjectId);
        var length = (int)Math.Min(
            body.Get(SubnetAttributes.PrefixLength) ?? pool.DefaultPrefixLength, SubnetPoolRules.Maximum(6));
        if (body.Get(SubnetAttributes.GatewayIp) is not { } gateway || length > gateway.Bits())
            return BlockAllocation.Any(pool, taken, length, item.ProjectId);
        return BlockAllocation.Exactly(pool, taken, gateway.BlockAround(length), item.ProjectId);
    }

    private static Result<Stamped<SubnetPool>?> DefaultPool(Body body, DecideContext context)
    {
        var version = body.Has(SubnetAttributes.Cidr)
            ? body.Get(SubnetAttributes.Cidr).Version()
            : (int)body.Get(SubnetAttributes.IpVersion);
        return SubnetPool.DefaultOf(version, context) is { } pool
            ? (Stamped<SubnetPool>?)pool
            : Refuse($"No default subnetpool found for IPv{version}");
    }

    private static ApiError Refuse(string reason) => new(400, "BadRequest", $"Bad subnets request: {reason}.");
}

using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.AddressScopes;
using Alcor.Network.Subnets;

namespace Alcor.Network.SubnetPools;

/// <summary>Keeps address scopes, and the networks that show them, in step with the pools in them.</summary>
internal static class ScopeMembership
{
    /// <summary>
    /// Whether a pool as it shall be may be in its address scope; writes the scopes that it leaves and enters.
    /// </summary>
    /// <param name="earlier">The pool as it was; null: it is new.</param>
    public static ApiError? Move(
        Decision decision, SubnetPool pool, SubnetPool? earlier, Caller caller, DecideContext context)
    {
        if (earlier?.AddressScopeId is { } left && left != pool.AddressScopeId
            && context.Read(AddressScope.Type, left) is { } former)
            decision.Update(AddressScope.Type, former.Value.Without(pool.Id), former);
        if (pool.AddressScopeId is not { } scopeId)
            return null;
        if (context.Read(AddressScope.Type, scopeId) is not { } scope
            || !Sharing.Shares.MayUse(caller, scope.Value.ProjectId, scope.Value.Shares))
            return AddressScope.Type.Api.NotFound(scopeId);
        if (scope.Value.IpVersion != pool.IpVersion)
            return SubnetPoolErrors.ScopeOfOtherVersion(pool.Id, scopeId, scope.Value.IpVersion);
        var others = scope.Value.Without(pool.Id).Pools.SelectMany(other => other.Prefixes);
        if (BlockSet.Of(pool.Prefixes).Overlaps(BlockSet.Of(others)))
            return SubnetPoolErrors.ScopePrefixConflict();
        if (earlier?.AddressScopeId != scopeId || !earlier.Prefixes.SequenceEqual(pool.Prefixes))
            decision.Update(AddressScope.Type, scope.Value.With(new ScopedPool(pool.Id, pool.Prefixes)), scope);
        return null;
    }

    /// <summary>
    /// Shows the pool's address scope on the networks that have subnets of it, unless one of these has subnets of
    /// elsewhere too, which would then be in another scope.
    /// </summary>
    public static ApiError? Show(Decision decision, SubnetPool pool, SubnetPoolBlocks blocks, DecideContext context)
    {
        foreach (var networkId in blocks.Blocks.Select(block => block.NetworkId).Distinct())
        {
            var partition = context.Partition(Kernel.Store.PartitionKey.Network(networkId));
            var elsewhere = partition.All(Subnet.Type)
                .Any(subnet => subnet.IpVersion == pool.IpVersion && subnet.SubnetPoolId != pool.Id);
            if (elsewhere)
                return SubnetPoolErrors.ScopeAffinity();
            if (partition.Find(Networks.Network.Type, networkId) is { } network)
                decision.Update(
                    Networks.Network.Type,
                    WithScope(network.Value, pool.IpVersion, pool.AddressScopeId),
                    network);
        }
        return null;
    }

    /// <summary>Whoever may use a pool must be able to use the address scope that it is in.</summary>
    public static ApiError? RefuseSharing(SubnetPool pool, Sharing.Share share, DecideContext context) =>
        pool.AddressScopeId is { } scopeId && context.Read(AddressScope.Type, scopeId) is { } scope
        && !Sharing.Shares.IsSharedWith(share.Target, scope.Value.Shares)
            ? new ApiError(
                400,
                "RbacPolicyInitError",
                $"Failed to create RBAC policy on object {pool.Id} because target project doesn't have access to "
                + "associated address scope.")
            : null;

    public static Networks.Network WithScope(Networks.Network network, int ipVersion, string? scopeId) => ipVersion == 4
        ? network with { Ipv4AddressScopeId = scopeId }
        : network with { Ipv6AddressScopeId = scopeId };
}

using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Networks;
using Alcor.Network.Sharing;
using Alcor.Network.SubnetPools;

namespace Alcor.Network.Topologies;

/// <summary>What the operator has to provide before projects can be given topologies.</summary>
public static class TopologyRequirements
{
    /// <summary>The error for whom none could be made; null: nothing is missing.</summary>
    public static ApiError? Check(Caller caller, DecideContext context) =>
        DefaultNetwork.Find(context) is null ? NoExternalNetwork
        : PoolsFor(caller, context).IsEmpty ? Failure("No default subnetpools defined")
        : null;

    internal static ApiError NoExternalNetwork => Failure("No default router:external network");

    internal static ApiError Failure(string reason) =>
        ApiError.Conflict("AutoAllocationFailure", $"Deployment error: {reason}.");

    /// <summary>The default pools that the caller may use: at most one of each version of IP.</summary>
    internal static ImmutableArray<SubnetPool> PoolsFor(Caller caller, DecideContext context) =>
    [
        .. ((int[])[4, 6])
            .Select(version => SubnetPool.DefaultOf(version, context)?.Value)
            .OfType<SubnetPool>()
            .Where(pool => Shares.MayUse(caller, pool.ProjectId, pool.Shares)),
    ];
}

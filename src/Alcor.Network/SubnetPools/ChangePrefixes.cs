using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.SubnetPools;

/// <summary>Adds prefixes to a subnet pool, or takes away some that no subnet has.</summary>
internal sealed record ChangePrefixes(string Id, ChangeRequest Request, bool IsRemoval) : ICommand
{
    public PartitionKey Lane => SubnetPool.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(SubnetPool.Type, Id, Request.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var named = Request.Body.Get(SubnetPoolAttributes.Prefixes);
        if (named.IsEmpty)
            return ApiError.BadRequest("Request body contains invalid data");
        var pool = found.Value.Value;
        var left = IsRemoval ? Without(pool, named, snapshot) : SubnetPoolRules.Compact([.. pool.Prefixes, .. named]);
        if (left.Error is { } wrong)
            return wrong;
        if (left.Value.SequenceEqual(pool.Prefixes))
            return new Decision();
        var updated = pool with { Prefixes = left.Value, UpdatedAt = context.Now };
        var decision = UpdateSubnetPool.Change(snapshot, found.Value, updated, Request.Caller, context);
        return decision.Error is { } refused
            ? refused
            : decision.Value.AndAnswer().RestsOn(SubnetPoolBlocks.Type, Id, snapshot.Find(SubnetPoolBlocks.Type, Id));
    }

    private Result<ImmutableArray<IPNetwork>> Without(
        SubnetPool pool, ImmutableArray<IPNetwork> named, Snapshot snapshot)
    {
        var ofVersion = named.Where(prefix => prefix.Version() == pool.IpVersion).ToList();
        var removed = BlockSet.Of(ofVersion);
        if (snapshot.Find(SubnetPoolBlocks.Type, Id)!.Value.Value.Taken.Overlaps(removed))
            return SubnetPoolErrors.PrefixUpdate("One or more the prefixes to be removed is in use by a subnet.");
        var left = BlockSet.Of(pool.Prefixes).Except(removed);
        return left.IsEmpty ? SubnetPoolErrors.NoPrefixes() : left.Blocks.ToImmutableArray();
    }
}

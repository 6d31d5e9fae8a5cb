using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.SubnetPools;

internal sealed record CreateSubnetPools(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => SubnetPool.PartitionOf(Items[0].Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        foreach (var (item, i) in Items.Select((item, i) => (item, i)))
        {
            if (DecideOne(decision, item, context) is { } error)
                return Items.Count == 1 ? error : error.OfItem(i, SubnetPool.Type.Collection);
        }
        return decision;
    }

    private static ApiError? DecideOne(Decision decision, NewResource item, DecideContext context)
    {
        var built = Build(item, context.Now);
        if (built.Error is { } wrong)
            return wrong;
        var pool = built.Value;
        if (SubnetPoolRules.CheckLengths(pool) is { } bounds)
            return bounds;
        if (pool.IsDefault && SubnetPool.DefaultOf(pool.IpVersion, context) is not null)
            return SubnetPoolErrors.DefaultExists();
        if (ScopeMembership.Move(decision, pool, null, item.Caller, context) is { } notInScope)
            return notInScope;
        decision
            .Create(SubnetPool.Type, pool)
            .AndAnswer()
            .CreateShares(
                SubnetPool.Type.Key(pool.Id), SubnetPool.PartitionOf(pool.Id), pool.ProjectId, pool.Shares)
            .Create(SubnetPoolBlocks.Type, new SubnetPoolBlocks(pool.Id, []));
        return null;
    }

    private static Result<SubnetPool> Build(NewResource item, DateTimeOffset now)
    {
        var body = item.Body;
        var prefixes = SubnetPoolRules.Compact(body.Get(SubnetPoolAttributes.Prefixes));
        if (prefixes.Error is { } wrong)
            return wrong;
        var version = Kernel.Addresses.AddressNumbers.Version(prefixes.Value[0]);
        var least = (int)(body.Get(SubnetPoolAttributes.MinPrefixLength) ?? SubnetPoolRules.DefaultMinimum(version));
        return new SubnetPool(
            item.Id,
            item.ProjectId,
            body.Get(SubnetPoolAttributes.Name),
            body.Get(SubnetPoolAttributes.Description),
            prefixes.Value,
            (int)(body.Get(SubnetPoolAttributes.DefaultPrefixLength) ?? least),
            least,
            (int)(body.Get(SubnetPoolAttributes.MaxPrefixLength) ?? SubnetPoolRules.Maximum(version)),
            body.Get(SubnetPoolAttributes.DefaultQuota),
            body.Get(SubnetPoolAttributes.IsDefault),
            body.Get(SubnetPoolAttributes.AddressScopeId),
            now,
            now)
        {
            Shares = ImmutableArray<Share>.Empty.WithEverybody(
                ShareAction.AsShared, body.Get(SubnetPoolAttributes.Shared)),
        };
    }
}

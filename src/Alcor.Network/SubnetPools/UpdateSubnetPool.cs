using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressScopes;

namespace Alcor.Network.SubnetPools;

internal sealed record UpdateSubnetPool(string Id, ChangeRequest Request) : ICommand
{
    public PartitionKey Lane => SubnetPool.PartitionOf(Id);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(SubnetPool.Type, Id, Request.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var pool = found.Value.Value;
        var body = Request.Body;
        var prefixes = NewPrefixes(pool, body.Get(SubnetPoolAttributes.Prefixes, pool.Prefixes));
        if (prefixes.Error is { } notMore)
            return notMore;
        var updated = pool with
        {
            Name = body.Get(SubnetPoolAttributes.Name, pool.Name),
            Description = body.Get(SubnetPoolAttributes.Description, pool.Description),
            Prefixes = prefixes.Value,
            DefaultPrefixLength = Length(SubnetPoolAttributes.DefaultPrefixLength, pool.DefaultPrefixLength),
            MinPrefixLength = Length(SubnetPoolAttributes.MinPrefixLength, pool.MinPrefixLength),
            MaxPrefixLength = Length(SubnetPoolAttributes.MaxPrefixLength, pool.MaxPrefixLength),
            DefaultQuota = body.Get(SubnetPoolAttributes.DefaultQuota, pool.DefaultQuota),
            IsDefault = body.Get(SubnetPoolAttributes.IsDefault, pool.IsDefault),
            AddressScopeId = body.Get(SubnetPoolAttributes.AddressScopeId, pool.AddressScopeId),
            UpdatedAt = context.Now,
        };
        var decision = Change(snapshot, found.Value, updated, Request.Caller, context);
        return decision.Error is { } refused ? refused : decision.Value.AndAnswer();
    }

    /// <summary>
    /// Whatever follows from a change of a pool: its address scope, and the networks that show that. The pool is the
    /// last change.
    /// </summary>
    public static Result<Decision> Change(
        Snapshot snapshot, Stamped<SubnetPool> earlier, SubnetPool updated, Caller caller, DecideContext context)
    {
        var pool = earlier.Value;
        if (SubnetPoolRules.CheckLengths(updated) is { } bounds)
            return bounds;
        if (updated.IsDefault && !pool.IsDefault && SubnetPool.DefaultOf(pool.IpVersion, context) is not null)
            return SubnetPoolErrors.DefaultExists();
        if (RefuseIfScopeIsOthers(pool, caller, context) is { } others)
            return others;
        var decision = new Decision();
        if (ScopeMembership.Move(decision, updated, pool, caller, context) is { } notInScope)
            return notInScope;
        var blocks = snapshot.Find(SubnetPoolBlocks.Type, pool.Id)!.Value;
        if (updated.AddressScopeId != pool.AddressScopeId)
        {
            if (ScopeMembership.Show(decision, updated, blocks.Value, context) is { } torn)
                return torn;
            // A subnet that is taken meanwhile would show the earlier scope.
            decision.RestsOn(SubnetPoolBlocks.Type, pool.Id, blocks);
        }
        return decision.Update(SubnetPool.Type, updated, earlier);
    }

    private static Result<ImmutableArray<IPNetwork>> NewPrefixes(SubnetPool pool, ImmutableArray<IPNetwork> wanted)
    {
        var prefixes = SubnetPoolRules.Compact(wanted);
        if (prefixes.Error is not null)
            return prefixes;
        return prefixes.Value[0].Version() == pool.IpVersion
            && BlockSet.Of(prefixes.Value).Contains(BlockSet.Of(pool.Prefixes))
            ? prefixes
            : SubnetPoolErrors.PrefixUpdate("Existing prefixes must be a subset of the new prefixes");
    }

    /// <summary>A pool in somebody else's address scope is not its owner's to change.</summary>
    private static ApiError? RefuseIfScopeIsOthers(SubnetPool pool, Caller caller, DecideContext context) =>
        pool.AddressScopeId is { } scopeId && !caller.IsAdmin
        && context.Read(AddressScope.Type, scopeId) is { } scope && scope.Value.ProjectId != caller.ProjectId
            ? SubnetPoolErrors.Update(
                $"subnetpool {pool.Id} cannot be updated when associated with shared address scope {scopeId}")
            : null;

    private int Length(Attribute<SubnetPool, long?> attribute, int current) =>
        (int)(Request.Body.Get(attribute, current) ?? current);
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Subnets;

namespace Alcor.Network.SubnetPools;

/// <summary>Brings the subnets of a network into a pool, as if they had been taken from it.</summary>
internal sealed record OnboardSubnets(string Id, ChangeRequest Request) : ICommand
{
    public static readonly Attribute<SubnetPool, string> NetworkId =
        new("network_id", Schemas.Uuid, "The network whose subnets come into the pool.")
        {
            Read = _ => "",
            InCreate = Presence.Required,
        };

    public PartitionKey Lane => SubnetPool.PartitionOf(Id);

    private string NetworkOf => Request.Body.Get(NetworkId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(SubnetPool.Type, Id, Request.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var partition = context.Partition(PartitionKey.Network(NetworkOf));
        if (partition.Find(Networks.Network.Type, NetworkOf) is not { } network)
            return Networks.Network.Type.Api.NotFound(NetworkOf);
        if (!Request.Caller.IsAdmin && network.Value.ProjectId != Request.Caller.ProjectId)
            return new ApiError(403, "NotAuthorized", "Not authorized.");
        var (pool, blocks) = (found.Value.Value, snapshot.Find(SubnetPoolBlocks.Type, Id)!.Value);
        var subnets = network.Value.SubnetIds
            .Select(id => partition.Find(Subnet.Type, id)!.Value)
            .Where(subnet => subnet.Value.IpVersion == pool.IpVersion)
            .ToList();
        if (subnets.Count == 0)
            return new Decision();
        foreach (var subnet in subnets.Where(subnet => blocks.Value.Taken.Overlaps(subnet.Value.Cidr)))
            return SubnetPoolErrors.Update(
                $"Onboarding subnet {subnet.Value.Id}: {subnet.Value.Cidr} conflicts with allocated prefixes "
                + $"in subnet pool {Id}");
        return Onboard(new Onboarding(found.Value, blocks, network, subnets), snapshot, context);
    }

    private Result<Decision> Onboard(Onboarding what, Snapshot snapshot, DecideContext context)
    {
        var pool = what.Pool.Value;
        var prefixes = SubnetPoolRules.Compact([.. pool.Prefixes, .. what.Subnets.Select(s => s.Value.Cidr)]);
        var updated = pool with { Prefixes = prefixes.Value, UpdatedAt = context.Now };
        var changed = UpdateSubnetPool.Change(snapshot, what.Pool, updated, Request.Caller, context);
        if (changed.Error is { } refused)
            return refused;
        var decision = changed.Value.GiveBack(
            what.Subnets.Select(subnet => subnet.Value), new PartitionView(snapshot, context));
        foreach (var subnet in what.Subnets)
        {
            decision
                .Update(Subnet.Type, subnet.Value with { SubnetPoolId = Id, UpdatedAt = context.Now }, subnet)
                .AndAnswer();
        }
        var scoped = ScopeMembership.WithScope(what.Network.Value, pool.IpVersion, pool.AddressScopeId);
        var taken = what.Subnets.Select(subnet => PoolReturns.BlockOf(subnet.Value));
        return decision
            .Update(Networks.Network.Type, scoped, what.Network)
            .Update(
                SubnetPoolBlocks.Type,
                what.Blocks.Value with { Blocks = [.. what.Blocks.Value.Blocks, .. taken] },
                what.Blocks);
    }

    private sealed record Onboarding(
        Stamped<SubnetPool> Pool,
        Stamped<SubnetPoolBlocks> Blocks,
        Stamped<Networks.Network> Network,
        IReadOnlyList<Stamped<Subnet>> Subnets);
}

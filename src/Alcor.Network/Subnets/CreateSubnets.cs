using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.SubnetPools;

namespace Alcor.Network.Subnets;

/// <summary>
/// Creates subnets. Each creation also writes its network, whose guard makes concurrent creations see one another:
/// that is what keeps blocks of a network from overlapping. Subnets of a pool are created in the lane of the pool,
/// where each sees what the ones before it took.
/// </summary>
internal sealed record CreateSubnets(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => Partitions.First();

    public IReadOnlyList<PartitionKey> Others => [.. Partitions.Skip(1)];

    private IEnumerable<PartitionKey> Partitions => Items
        .Select(item => item.Body.Get(SubnetAttributes.SubnetPoolId))
        .OfType<string>()
        .Select(SubnetPool.PartitionOf)
        .Concat(Items.Select(item => PartitionKey.Network(NetworkOf(item))))
        .Distinct();

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var view = new PartitionView(snapshot, context);
        var draft = new SubnetDraft(view);
        foreach (var (item, i) in Items.Select((item, i) => (item, i)))
        {
            if (DecideOne(decision, item, draft, view) is { } error)
                return Items.Count == 1 ? error : error.OfItem(i, Subnet.Type.Collection);
        }
        return draft.WriteTo(decision);
    }

    private static ApiError? DecideOne(Decision decision, NewResource item, SubnetDraft draft, PartitionView view)
    {
        var networkId = NetworkOf(item);
        if (draft.Network(networkId) is not { } network
            || !Sharing.Shares.MayUse(item.Caller, network.ProjectId, network.Shares))
            return Networks.Network.Type.Api.NotFound(networkId);
        var found = SubnetRequest.PoolOf(item, view);
        if (found.Error is { } noPool)
            return noPool;
        var pool = found.Value?.Value;
        var cidr = pool is null
            ? item.Body.Get(SubnetAttributes.Cidr)
            : SubnetRequest.Take(item, pool, draft.Blocks(pool.Id));
        if (cidr.Error is { } noBlock)
            return noBlock;
        var subnet = Build(item, network, cidr.Value, pool?.Id, view.Context.Now);
        var error = SubnetRules.CheckNew(subnet, (int)item.Body.Get(SubnetAttributes.IpVersion), item.Body)
            ?? CheckInNetwork(subnet, network, pool, draft)
            ?? SegmentRules.CheckNew(subnet, network, draft.SubnetsOf(networkId), view.Context);
        if (error is not null)
            return error;
        draft.Add(subnet, pool);
        if (found.Value is { } chosen)
            decision.RestsOn(SubnetPool.Type, chosen.Value.Id, chosen);
        return null;
    }

    private static ApiError? CheckInNetwork(
        Subnet subnet, Networks.Network network, SubnetPool? pool, SubnetDraft draft)
    {
        if (subnet.Cidr.PrefixLength == 0)
            return Errors.InvalidInput("0 is not allowed as CIDR prefix length");
        var others = draft.SubnetsOf(network.Id);
        if (others.Any(other => other.Cidr.Overlaps(subnet.Cidr)))
            return Errors.InvalidInput(
                $"Requested subnet with cidr: {subnet.Cidr} for network: {network.Id} overlaps with another subnet");
        var scope = subnet.IpVersion == 4 ? network.Ipv4AddressScopeId : network.Ipv6AddressScopeId;
        if (scope is not null && pool is not null && pool.AddressScopeId != scope)
            return SubnetPoolErrors.ScopeAffinity();
        var isElsewhere = others.Any(other =>
            other.IpVersion == subnet.IpVersion && other.SubnetPoolId != pool?.Id && (pool is null || scope is null));
        return isElsewhere ? SubnetPoolErrors.PoolAffinity() : null;
    }

    private static Subnet Build(
        NewResource item, Networks.Network network, IPNetwork cidr, string? poolId, DateTimeOffset now)
    {
        var body = item.Body;
        var gateway = GatewayOf(body, cidr);
        var pools = body.Get(SubnetAttributes.AllocationPools);
        return new Subnet(
            item.Id,
            network.Id,
            item.ProjectId,
            body.Get(SubnetAttributes.Name),
            body.Get(SubnetAttributes.Description),
            cidr,
            gateway,
            body.Get(SubnetAttributes.EnableDhcp),
            pools.IsEmpty ? SubnetPlan.DefaultPools(cidr, gateway) : SubnetPlan.Sorted(pools),
            body.Get(SubnetAttributes.DnsNameservers),
            body.Get(SubnetAttributes.HostRoutes),
            now,
            now)
        {
            Ipv6RaMode = body.Get(SubnetAttributes.Ipv6RaMode),
            Ipv6AddressMode = body.Get(SubnetAttributes.Ipv6AddressMode),
            SubnetPoolId = poolId,
            SegmentId = body.Get(SubnetAttributes.SegmentId),
            ServiceTypes = body.Get(SubnetAttributes.ServiceTypes),
            DnsPublishFixedIp = body.Get(SubnetAttributes.DnsPublishFixedIp),
            Shares = network.Shares,
        };
    }

    /// <summary>
    /// Absent means the default; null means none (defect 7 of the original confused the two). A block that the pool
    /// chose has its first address as gateway, in either version of IP.
    /// </summary>
    private static IPAddress? GatewayOf(Body body, IPNetwork cidr)
    {
        if (!body.Has(SubnetAttributes.Cidr))
            return body.Get(SubnetAttributes.GatewayIp) ?? cidr.AddressAt(cidr.FirstNumber() + 1);
        return body.Has(SubnetAttributes.GatewayIp)
            ? body.Get(SubnetAttributes.GatewayIp)
            : SubnetPlan.DefaultGateway(cidr);
    }

    private static string NetworkOf(NewResource item) => item.Body.Get(SubnetAttributes.NetworkId);
}

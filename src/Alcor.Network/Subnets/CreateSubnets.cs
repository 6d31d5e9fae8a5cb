using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Subnets;

/// <summary>
/// Creates subnets. Each creation also writes its network, whose guard makes concurrent creations see one another:
/// that is what keeps blocks of a network from overlapping.
/// </summary>
internal sealed record CreateSubnets(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(NetworkOf(Items[0]));

    public IReadOnlyList<PartitionKey> Others =>
        [.. Items.Select(item => PartitionKey.Network(NetworkOf(item))).Distinct().Where(key => key != Lane)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        foreach (var ofNetwork in Items.GroupBy(NetworkOf))
        {
            var partition = PartitionKey.Network(ofNetwork.Key);
            var error = DecideNetwork(
                decision, partition == Lane ? snapshot : context.Partition(partition), [.. ofNetwork], context.Now);
            if (error is not null)
                return error;
        }
        return decision;
    }

    private static ApiError? DecideNetwork(
        Decision decision, Snapshot snapshot, IReadOnlyList<NewResource> items, DateTimeOffset now)
    {
        var networkId = NetworkOf(items[0]);
        if (snapshot.Find(Networks.Network.Type, networkId) is not { } network)
            return Networks.Network.Type.Api.NotFound(networkId);
        var blocks = snapshot.All(Subnet.Type).Select(subnet => subnet.Cidr).ToList();
        foreach (var item in items)
        {
            var subnet = Build(item, now);
            if (subnet.Error is { } wrong)
                return wrong;
            if (subnet.Value.Cidr.PrefixLength == 0)
                return Errors.InvalidInput("0 is not allowed as CIDR prefix length");
            if (blocks.Any(block => block.Overlaps(subnet.Value.Cidr)))
                return Errors.InvalidInput(
                    $"Requested subnet with cidr: {subnet.Value.Cidr} for network: {networkId} "
                    + "overlaps with another subnet");
            blocks.Add(subnet.Value.Cidr);
            decision.Create(Subnet.Type, subnet.Value).AndAnswer();
        }
        decision.Update(
            Networks.Network.Type,
            network.Value with { SubnetIds = [.. network.Value.SubnetIds, .. items.Select(item => item.Id)] },
            network);
        return null;
    }

    private static Result<Subnet> Build(NewResource item, DateTimeOffset now)
    {
        var body = item.Body;
        var cidr = body.Get(SubnetAttributes.Cidr);
        // Absent means the default; null means none (defect 7 of the original confused the two).
        var gateway = body.Has(SubnetAttributes.GatewayIp)
            ? body.Get(SubnetAttributes.GatewayIp)
            : SubnetPlan.DefaultGateway(cidr);
        var pools = body.Get(SubnetAttributes.AllocationPools);
        var subnet = new Subnet(
            item.Id,
            NetworkOf(item),
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
        };
        var ipVersion = (int)body.Get(SubnetAttributes.IpVersion);
        return SubnetRules.CheckNew(subnet, ipVersion, body) is { } wrong ? wrong : subnet;
    }

    private static string NetworkOf(NewResource item) => item.Body.Get(SubnetAttributes.NetworkId);
}

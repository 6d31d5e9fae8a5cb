using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.SubnetPools;

namespace Alcor.Network.Subnets;

/// <summary>
/// Networks and subnet pools as one creation of subnets changes them: the next subnet sees what the ones before it
/// took. Whatever was touched is written once, at the end.
/// </summary>
internal sealed class SubnetDraft(PartitionView view)
{
    private readonly Dictionary<string, Stamped<SubnetPoolBlocks>> earlierBlocks = [];
    private readonly Dictionary<string, SubnetPoolBlocks> blocks = [];
    private readonly Dictionary<string, Networks.Network> networks = [];
    private readonly Dictionary<string, List<Subnet>> subnets = [];
    private readonly Dictionary<string, Port> ports = [];
    private readonly List<string> created = [];
    private readonly HashSet<string> routed = [];

    /// <summary>The network as it is by now, or null.</summary>
    public Networks.Network? Network(string id)
    {
        if (networks.TryGetValue(id, out var known))
            return known;
        if (FindNetwork(id) is not { } found)
            return null;
        subnets[id] = [.. view.Of(PartitionKey.Network(id)).All(Subnet.Type)];
        return networks[id] = found.Value;
    }

    /// <summary>The subnets of a network that was asked for.</summary>
    public IReadOnlyList<Subnet> SubnetsOf(string networkId) => subnets[networkId];

    public SubnetPoolBlocks Blocks(string poolId)
    {
        if (!blocks.TryGetValue(poolId, out var known))
        {
            var found = view.Of(SubnetPool.PartitionOf(poolId)).Find(SubnetPoolBlocks.Type, poolId);
            earlierBlocks[poolId] = found ?? default;
            blocks[poolId] = known = found?.Value ?? new SubnetPoolBlocks(poolId, []);
        }
        return known;
    }

    /// <param name="pool">Where its block is from; null: from no pool.</param>
    public void Add(Subnet subnet, SubnetPool? pool)
    {
        var network = networks[subnet.NetworkId];
        networks[network.Id] = network with
        {
            SubnetIds = network.SubnetIds.Add(subnet.Id),
            HasSegmentedSubnets = network.HasSegmentedSubnets || subnet.SegmentId is not null,
        };
        subnets[network.Id].Add(subnet);
        created.Add(subnet.Id);
        if (subnet.SegmentId is not null)
            Route(subnets[network.Id]);
        if (pool is not null)
        {
            var taken = Blocks(pool.Id);
            blocks[pool.Id] = taken with { Blocks = taken.Blocks.Add(PoolReturns.BlockOf(subnet)) };
            networks[network.Id] = ScopeMembership.WithScope(
                networks[network.Id], subnet.IpVersion, pool.AddressScopeId);
        }
        if (subnet.IsAutoAddress)
            GiveAddresses(subnet);
    }

    public Decision WriteTo(Decision decision)
    {
        var all = subnets.Values.SelectMany(ofNetwork => ofNetwork).ToDictionary(subnet => subnet.Id);
        foreach (var id in created)
            decision.Create(Subnet.Type, all[id]).AndAnswer();
        foreach (var subnet in routed.Except(created).Select(id => all[id]))
        {
            var partition = view.Of(PartitionKey.Network(subnet.NetworkId));
            decision.Update(Subnet.Type, subnet, partition.Find(Subnet.Type, subnet.Id)!.Value);
        }
        foreach (var (id, network) in networks)
            decision.Update(Networks.Network.Type, network, FindNetwork(id)!.Value);
        foreach (var (id, taken) in blocks)
            decision.Update(SubnetPoolBlocks.Type, taken, earlierBlocks[id]);
        foreach (var (id, port) in ports)
        {
            var partition = view.Of(PartitionKey.Network(port.NetworkId));
            decision.ChangePort(port, partition.Find(Port.Type, id)!.Value);
        }
        return decision;
    }

    /// <summary>Each subnet of a routed network has routes to its peers.</summary>
    private void Route(List<Subnet> ofNetwork)
    {
        for (var i = 0; i < ofNetwork.Count; i++)
        {
            var with = ofNetwork[i].WithRoutesTo(ofNetwork, earlierGateway: null);
            if (with.HostRoutes.Equals(ofNetwork[i].HostRoutes))
                continue;
            ofNetwork[i] = with with { UpdatedAt = view.Context.Now };
            routed.Add(with.Id);
        }
    }

    /// <summary>Ports of the network make themselves an address in it, but for those of routers.</summary>
    private void GiveAddresses(Subnet subnet)
    {
        foreach (var port in view.Of(PartitionKey.Network(subnet.NetworkId)).All(Port.Type))
        {
            if (SubnetPorts.IsRouterInterface(port.DeviceOwner) || !SubnetPorts.Serves(subnet, port))
                continue;
            var now = ports.GetValueOrDefault(port.Id, port);
            var address = new FixedIp(subnet.Id, subnet.Cidr.InterfaceAddress(port.MacAddress));
            ports[port.Id] = now with { FixedIps = now.FixedIps.Add(address), UpdatedAt = view.Context.Now };
        }
    }

    private Stamped<Networks.Network>? FindNetwork(string id) =>
        view.Of(PartitionKey.Network(id)).Find(Networks.Network.Type, id);
}

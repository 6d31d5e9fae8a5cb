using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Routers;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;
using Alcor.Network.Topologies;

namespace Alcor.Network.Tests;

public sealed class TopologyTests
{
    private readonly World world = new();

    [Fact]
    public async Task A_topology_is_one_commit()
    {
        await PrepareAsync();
        var before = await RevisionsAsync();
        var outcome = await world.TopologyAsync();
        var topology = Topology(outcome);
        var router = (await world.FindAsync(Router.Type, topology.RouterId))!.Value.Value;
        Assert.Equal("203.0.113.2", Assert.Single(router.Gateway!.FixedIps).IpAddress.ToString());
        Assert.Equal(
            ["10.0.0.1", "fd00::1"],
            router.Interfaces.SelectMany(one => one.FixedIps).Select(ip => ip.IpAddress.ToString()).Order());
        var network = (await world.FindAsync(Networks.Network.Type, topology.NetworkId))!.Value.Value;
        Assert.Equal(
            ["auto_allocated_subnet_v4", "auto_allocated_subnet_v6"],
            (await AllAsync(Subnet.Type)).Where(s => s.NetworkId == network.Id).Select(s => s.Name));
        var after = outcome.Value.Revisions.ToDictionary(one => one.Partition, one => one.Revision);
        Assert.All(after, one => Assert.Equal(before.GetValueOrDefault(one.Key) + 1, one.Value));
        Assert.Contains(PartitionKey.Router(router.Id), after.Keys);
        Assert.Contains(PartitionKey.Network(network.Id), after.Keys);
    }

    [Fact]
    public async Task Nothing_changes_for_who_has_one()
    {
        await PrepareAsync();
        await world.TopologyAsync();
        var again = await world.TopologyAsync();
        Assert.Null(again.Error);
        Assert.Empty(again.Value.Answer);
        Assert.Empty(again.Value.Revisions);
    }

    [Fact]
    public async Task Deleting_leaves_what_there_was_before()
    {
        await PrepareAsync();
        var topology = Topology(await world.TopologyAsync());
        var deleted = await world.RunAsync(new DeleteTopology("project", world.NewChange()));
        Assert.Null(deleted.Error);
        Assert.Null(await world.FindAsync(Networks.Network.Type, topology.NetworkId));
        Assert.Null(await world.FindAsync(Router.Type, topology.RouterId));
        Assert.Null(await world.FindAsync(AutoAllocatedTopology.Type, "project"));
        Assert.Empty(await AllAsync(Port.Type));
        Assert.Empty((await AllAsync(SubnetPoolBlocks.Type)).SelectMany(blocks => blocks.Blocks));
        Assert.All(
            await world.Store.CountsAsync(QuotaKey.PrefixOf("project"), TestContext.Current.CancellationToken),
            count => Assert.DoesNotContain("port", count.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_has_come_to_be_used_is_kept_whole()
    {
        await PrepareAsync();
        var topology = Topology(await world.TopologyAsync());
        await world.PortAsync(topology.NetworkId);
        var refused = await world.RunAsync(new DeleteTopology("project", world.NewChange()));
        Assert.Equal("NetworkInUse", refused.Error!.Type);
        Assert.Equal(2, (await world.FindAsync(Router.Type, topology.RouterId))!.Value.Value.Interfaces.Length);
    }

    [Fact]
    public async Task Whoever_has_no_router_any_more_is_rid_of_the_network()
    {
        await PrepareAsync();
        var topology = Topology(await world.TopologyAsync());
        var router = (await world.FindAsync(Router.Type, topology.RouterId))!.Value.Value;
        foreach (var subnet in router.Interfaces.SelectMany(one => one.FixedIps).Select(ip => ip.SubnetId))
            await world.RemoveInterfaceAsync(router.Id, subnet);
        Assert.Null((await world.DeleteAsync(Router.Type, router.Id)).Error);
        Assert.Null((await world.RunAsync(new DeleteTopology("project", world.NewChange()))).Error);
        Assert.Null(await world.FindAsync(Networks.Network.Type, topology.NetworkId));
    }

    [Fact]
    public async Task A_router_that_cannot_be_connected_is_a_failure_of_the_deployment()
    {
        await PrepareAsync(external: "10.0.0.0/24");
        var refused = await world.TopologyAsync();
        Assert.Equal(
            ApiError.Conflict(
                "AutoAllocationFailure", "Deployment error: Unable to provide external connectivity."),
            refused.Error);
        Assert.Single(await AllAsync(Networks.Network.Type));
    }

    private static AutoAllocatedTopology Topology(Result<Outcome> outcome)
    {
        Assert.Null(outcome.Error);
        return (AutoAllocatedTopology)outcome.Value.Answer.Single().Value;
    }

    private async Task PrepareAsync(string external = "203.0.113.0/24")
    {
        var network = await world.CreateAsync(
            Networks.Network.Type, """{"router:external": true, "is_default": true}""");
        await world.SubnetAsync(network.Value.Id, external);
        await world.CreateAsync(
            SubnetPool.Type,
            """{"prefixes": ["10.0.0.0/8"], "default_prefixlen": 24, "name": "4", "is_default": true}""");
        await world.CreateAsync(
            SubnetPool.Type, """{"name": "6", "prefixes": ["fd00::/48"], "is_default": true}""");
    }

    private async Task<List<T>> AllAsync<T>(ResourceType<T> type)
        where T : class
    {
        var stored = await world.Store.ListAsync(ListQuery.All(type.Name), TestContext.Current.CancellationToken);
        return [.. stored.Select(one => type.Decode(one.Value))];
    }

    private async Task<Dictionary<PartitionKey, long>> RevisionsAsync()
    {
        var revisions = new Dictionary<PartitionKey, long>();
        foreach (var type in NetworkCatalog.Types.Types)
        {
            var stored = await world.Store.ListAsync(
                ListQuery.All(type.Name), TestContext.Current.CancellationToken);
            foreach (var resource in stored)
            {
                revisions[resource.Partition] = Math.Max(
                    resource.Revision, revisions.GetValueOrDefault(resource.Partition));
            }
        }
        return revisions;
    }
}

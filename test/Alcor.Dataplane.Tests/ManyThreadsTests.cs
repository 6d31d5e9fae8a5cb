using Alcor.Kernel.Lanes;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Ports;
using Alcor.Storage;

namespace Alcor.Dataplane.Tests;

/// <summary>The same as in production: no thread of one's own, and real time.</summary>
public sealed class ManyThreadsTests
{
    private const int HostCount = 30;
    private const int CommitCount = 300;

    [Fact]
    public async Task Hosts_served_from_many_threads_all_get_there()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var store = new MemoryStore();
        var lanes = new CommandLanes(store, NetworkCatalog.Types, TimeProvider.System);
        var facts = new LaneFacts(lanes, store, NetworkCatalog.Types, () => Guid.NewGuid().ToString());
        using var dataplane = new DataplaneService(
            store, NetworkCatalog.Types, facts, new DataplaneOptions(), TimeProvider.System);
        await CommitAsync(store, Samples.PutNetwork(1));
        var hosts = Enumerable.Range(1, HostCount).Select(number => new FakeHost($"host-{number}")).ToList();
        var served = hosts.Select(host => Task.Run(() => dataplane.ServeAsync(host, cancellationToken))).ToList();
        hosts.ForEach(host => host.SayHello());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var number = writer; number < CommitCount; number += 4)
            {
                var port = Samples.Port(number, 1, $"host-{1 + number % HostCount}");
                await CommitAsync(store, Samples.PutBound(port));
            }
        })));

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var network = PartitionKey.Network(Samples.NetworkId(1));
        var revision = (await store.SnapshotAsync(network, cancellationToken)).Revision;
        Assert.True(await dataplane.Convergence.WaitAsync(network, revision, patience.Token));
        while (!await AllAreActiveAsync(store))
            await Task.Delay(20, patience.Token);
        hosts.ForEach(host => host.Leave());
        Assert.All(await Task.WhenAll(served), reason => Assert.Equal("the agent ended the stream", reason));
        Assert.All(hosts, host => Assert.Equal(CommitCount + 2, host.Partitions[network.ToString()].Entries.Count));
    }

    private static async Task<bool> AllAreActiveAsync(MemoryStore store)
    {
        var ports = await store.ListAsync(ListQuery.All(Port.Type.Name), CancellationToken.None);
        return ports.All(port => Port.Type.Decode(port.Value).Status == PortStatus.Active);
    }

    private static async Task CommitAsync(MemoryStore store, IEnumerable<Write> writes)
    {
        var results = await store.CommitAsync([new Transaction([.. writes], [])], CancellationToken.None);
        Assert.All(results, result => Assert.IsType<CommitResult.Committed>(result));
    }
}

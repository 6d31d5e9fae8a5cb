using Alcor.GoalState;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Storage;

namespace Alcor.Dataplane.Tests;

/// <summary>A store, a dataplane and hosts on one thread, in time that passes by command.</summary>
internal sealed class World : IDisposable
{
    private readonly OneThread thread = new();
    private readonly Dictionary<FakeHost, Task<string>> served = [];
    private int agents;

    public World(DataplaneOptions? options = null, Func<IHostFacts, IHostFacts>? facts = null)
    {
        Options = options ?? new DataplaneOptions();
        Store = new WatchedStore(Inner);
        Lanes = new CommandLanes(Store, NetworkCatalog.Types, Time);
        Facts = new LaneFacts(Lanes, Store, NetworkCatalog.Types, () => Samples.PortId(1_000_000 + ++agents));
        if (facts is not null)
            Facts = facts(Facts);
        Dataplane = Start();
    }

    public MemoryStore Inner { get; } = new();

    public WatchedStore Store { get; }

    public CommandLanes Lanes { get; }

    public ManualTime Time { get; } = new();

    public DataplaneOptions Options { get; }

    public IHostFacts Facts { get; }

    public DataplaneService Dataplane { get; private set; }

    /// <summary>The process ends and another one starts.</summary>
    public void Restart()
    {
        Dataplane.Dispose();
        Settle();
        Dataplane = Start();
        Run(Dataplane.StartAsync(CancellationToken.None));
    }

    public void Settle() => thread.RunUntilIdle();

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds), Settle);

    /// <summary>Lets time pass in which every host sends heartbeats.</summary>
    public void PassWithHeartbeats(double seconds)
    {
        for (var passed = 0.0; passed < seconds; passed += 5)
        {
            foreach (var host in served.Where(one => !one.Value.IsCompleted).Select(one => one.Key))
                host.SayHeartbeat();
            Settle();
            Pass(Math.Min(5, seconds - passed));
        }
    }

    public T Run<T>(Task<T> task)
    {
        if (!task.IsCompleted)
            Settle();
        Assert.True(task.IsCompleted, "it waits for something that does not come");
        return task.GetAwaiter().GetResult();
    }

    public void Run(Task task)
    {
        Settle();
        Assert.True(task.IsCompleted, "it waits for something that does not come");
        task.GetAwaiter().GetResult();
    }

    public FakeHost Connect(string name) => Connect(new FakeHost(name));

    public FakeHost Connect(FakeHost host)
    {
        Serve(host);
        host.SayHello();
        Settle();
        return host;
    }

    public FakeHost Reconnect(FakeHost host)
    {
        host.Leave();
        Settle();
        return Connect(host.Again());
    }

    public void Serve(FakeHost host) => served.Add(host, Dataplane.ServeAsync(host, CancellationToken.None));

    /// <summary>Why the host's session ended, or null while it runs.</summary>
    public string? EndOf(FakeHost host) => served[host].IsCompleted ? served[host].GetAwaiter().GetResult() : null;

    public void Commit(params IEnumerable<Write> writes)
    {
        CommitUnseen(writes);
        Settle();
    }

    /// <summary>Commits, and lets nobody look before the next thing happens.</summary>
    public void CommitUnseen(params IEnumerable<Write> writes)
    {
        var committing = Store.CommitAsync([new Transaction([.. writes], [])], CancellationToken.None).AsTask();
        Assert.True(committing.IsCompleted);
        Assert.All(committing.GetAwaiter().GetResult(), result => Assert.IsType<CommitResult.Committed>(result));
    }

    public T? Read<T>(ResourceType<T> type, string id)
        where T : class =>
        Run(Inner.GetAsync(type.Key(id), CancellationToken.None).AsTask()) is { } stored
            ? type.Decode(stored.Value)
            : null;

    public Port PortOf(int number) => Read(Port.Type, Samples.PortId(number))!;

    public Agent AgentOf(string host)
    {
        var query = ListQuery.By(Agent.Type.Name, "agent.host", host);
        return Agent.Type.Decode(Run(Inner.ListAsync(query, CancellationToken.None).AsTask()).Single().Value);
    }

    public long RevisionOf(PartitionKey partition) => SnapshotOf(partition).Revision;

    /// <summary>Every host holds, of every partition that it must know and of no other, what a full recompute
    /// says.</summary>
    public void AssertConverged(params IEnumerable<FakeHost> hosts)
    {
        Assert.All(served.Keys, host => Assert.Null(host.Complaint));
        foreach (var host in hosts)
        {
            var own = PartitionKey.Host(host.Name);
            var expected = Interest.Of(own, partition => TableOf(partition).Leads.Partitions)
                .Append(own).Select(partition => partition.ToString());
            Assert.Equal(expected.Order(StringComparer.Ordinal), host.Partitions.Keys);
            foreach (var (partition, held) in host.Partitions)
            {
                var entries = TableOf(PartitionKey.Parse(partition)).Entries.Values;
                Assert.Equal(
                    entries.Select(entry => $"{entry.Key} {Convert.ToHexString(entry.Value.Span)}"),
                    held.Entries.Select(entry => $"{entry.Key} {Convert.ToHexString(entry.Value.Span)}"));
            }
        }
    }

    public GoalTable TableOf(PartitionKey partition) =>
        GoalTable.Of(SnapshotOf(partition), NetworkCatalog.Types);

    public void Dispose()
    {
        Dataplane.Dispose();
        Settle();
        thread.Dispose();
    }

    private PartitionSnapshot SnapshotOf(PartitionKey partition) =>
        Run(Inner.SnapshotAsync(partition, CancellationToken.None).AsTask());

    private DataplaneService Start() => new(Store, NetworkCatalog.Types, Facts, Options, Time);
}

using System.Diagnostics;
using Alcor.Kernel.Store;
using Alcor.Storage.Sqlite;

namespace Alcor.Bench.Cases;

/// <summary>
/// The SQLite store alone, in this process: writes that look like ports, of 500 bytes with two claims, two references
/// and one index entry, in networks that fill one after the other. So client CPU is all there is.
/// </summary>
internal static class StoreCase
{
    private const int Networks = 1_000;
    private static readonly UInt128 MacBlock = (UInt128)0xfa163e << 24;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        foreach (var (callers, perCall, perTransaction) in new[]
        {
            (1, 1, 1), (10, 1, 1), (50, 1, 1), (1, 1, 100), (4, 1, 100), (1, 100, 1), (4, 100, 1),
        })
        {
            var shape = new Shape(callers, perCall, perTransaction);
            if (!bench.Wants(shape.ToString()))
                continue;
            var database = bench.NewFile("store");
            await using (var store = await SqliteStore.OpenAsync(new SqliteStoreOptions(database), cancellationToken))
            {
                var networks = Enumerable.Range(0, Networks).Select(_ => Guid.CreateVersion7().ToString()).ToArray();
                await CreateNetworksAsync(store, networks);
                var run = new Run(store, networks, shape);
                await run.MeasureAsync(bench.WarmUpSeconds);
                bench.Report.Add(await run.MeasureAsync(bench.Seconds));
            }
            Workbench.Remove(database);
        }
    }

    private static async Task CreateNetworksAsync(SqliteStore store, string[] networks)
    {
        foreach (var some in networks.Chunk(250))
        {
            var writes = some.SelectMany(id => new[]
            {
                new Write(new ResourceKey("network", id), PartitionKey.Network(id), new byte[300], [], [], []),
                new Write(new ResourceKey("subnet", id), PartitionKey.Network(id), new byte[300], [], [], []),
            });
            await store.CommitAsync([new Transaction(writes.ToList(), [])], CancellationToken.None);
        }
    }

    private sealed record Shape(int Callers, int PerCall, int PerTransaction)
    {
        public override string ToString() =>
            $"{Callers} callers x {PerCall} transactions x {PerTransaction} writes";
    }

    private sealed class Run(SqliteStore store, string[] networks, Shape shape)
    {
        private readonly int[] numbers = [.. Enumerable.Range(0, shape.Callers).Select(caller => caller * 10_000_000)];

        public async Task<Figure> MeasureAsync(double seconds)
        {
            var before = ProcessorTime.OfThisProcess();
            var watch = Stopwatch.StartNew();
            var all = new Latencies();
            foreach (var some in await Task.WhenAll(Enumerable.Range(0, shape.Callers)
                .Select(caller => Task.Run(() => CallAsync(caller, watch, seconds)))))
            {
                all.AddAll(some);
            }
            var elapsed = watch.Elapsed.TotalSeconds;
            return new Figure(
                "store",
                shape.ToString(),
                "writes",
                (long)all.Count * shape.PerCall * shape.PerTransaction,
                elapsed,
                LatencyFigure.Of(all),
                ServerSeconds: 0,
                ProcessorTime.OfThisProcess() - before,
                Errors: 0,
                Note: "");
        }

        private async Task<Latencies> CallAsync(int caller, Stopwatch watch, double seconds)
        {
            var latencies = new Latencies();
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                var call = Enumerable.Range(0, shape.PerCall).Select(_ => Ports(ref numbers[caller])).ToList();
                var start = Stopwatch.GetTimestamp();
                var results = await store.CommitAsync(call, CancellationToken.None);
                latencies.Add(start, Stopwatch.GetTimestamp());
                if (results.Any(result => result is CommitResult.Refused))
                    throw new InvalidOperationException("a write was refused");
            }
            return latencies;
        }

        private Transaction Ports(ref int number)
        {
            var id = networks[number / 100 % networks.Length];
            var network = new ResourceKey("network", id);
            var subnet = new ResourceKey("subnet", id);
            var writes = new List<Write>(shape.PerTransaction);
            var guards = new List<Guard>(shape.PerTransaction + 2)
            {
                new Guard.Exists(network),
                new Guard.Exists(subnet),
            };
            for (var i = 0; i < shape.PerTransaction; i++)
            {
                number++;
                var key = new ResourceKey("port", Guid.CreateVersion7().ToString());
                guards.Add(new Guard.Absent(key));
                writes.Add(new Write(
                    key,
                    PartitionKey.Network(id),
                    new byte[500],
                    [new Claim($"subnet/{id}", (UInt128)number), new Claim($"mac/{id}", MacBlock + (UInt128)number)],
                    [network, subnet],
                    [new IndexEntry("visible_to", id)]));
            }

            return new Transaction(writes, guards)
            {
                Counts = [new CounterChange($"quota/{id}/port", shape.PerTransaction, long.MaxValue)],
            };
        }
    }
}

using System.Diagnostics;
using Alcor.Kernel.Store;
using Alcor.Storage.Sqlite;

namespace Alcor.Storage.Tests;

/// <summary>
/// How fast a SQLite store takes writes that look like ports: a value of 500 bytes, two claims, two references, one
/// index
/// entry, one of many networks. Run by the test executable with the argument <c>bench [directory] [seconds]
/// [callers]</c>.
/// </summary>
public static class StoreBench
{
    private const int Networks = 1_000;
    private static readonly UInt128 MacBlock = (UInt128)0xfa163e << 24;

    public static async Task RunAsync(string directory, double seconds, int? onlyCallers, TextWriter output)
    {
        foreach (var (callers, perTransaction, perCall) in new[]
        {
            (1, 1, 1), (16, 1, 1), (50, 1, 1), (64, 1, 1), (1, 100, 1), (4, 100, 1), (1, 1, 100), (4, 1, 100),
        })
        {
            if (onlyCallers is { } only && only != callers)
                continue;
            var path = Path.Combine(directory, $"bench-{Guid.NewGuid():N}.db");
            await using (var store = await SqliteStore.OpenAsync(new SqliteStoreOptions(path), CancellationToken.None))
            {
                await MeasureAsync(store, callers, perTransaction, perCall, 0.5);
                var result = await MeasureAsync(store, callers, perTransaction, perCall, seconds);
                var log = new FileInfo(path + "-wal").Length / (1024 * 1024);
                await output.WriteLineAsync(
                    $"{callers,3} callers x {perCall,3} transactions x {perTransaction,3} writes: {result}, "
                    + $"log {log} MiB");
            }

            foreach (var file in Directory.GetFiles(directory, Path.GetFileName(path) + "*"))
                File.Delete(file);
        }
    }

    private static async Task<string> MeasureAsync(
        IStore store, int callers, int perTransaction, int perCall, double seconds)
    {
        var networks = Enumerable.Range(0, Networks).Select(_ => Guid.CreateVersion7().ToString()).ToArray();
        await CreateNetworksAsync(store, networks);
        var latencies = new List<double>[callers];
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var number = caller * 10_000_000;
            latencies[caller] = [];
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                var call = Enumerable.Range(0, perCall)
                    .Select(_ => Ports(networks, perTransaction, ref number)).ToList();
                var start = Stopwatch.GetTimestamp();
                var results = await store.CommitAsync(call, CancellationToken.None);
                latencies[caller].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (results.Any(result => result is CommitResult.Refused))
                    throw new InvalidOperationException("refused");
            }
        })));
        var elapsed = watch.Elapsed.TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        var all = latencies.SelectMany(one => one).Order().ToArray();
        var writes = (double)all.Length * perCall * perTransaction;
        return $"{all.Length * perCall / elapsed,7:N0} transactions/s, {writes / elapsed,7:N0} writes/s, "
            + $"{used / elapsed:F2} CPU, {used / writes * 1e6:F1} us CPU a write, "
            + $"p50 {all[all.Length / 2]:F2} p99 {all[all.Length * 99 / 100]:F2} max {all[^1]:F0} ms";
    }

    private static async Task CreateNetworksAsync(IStore store, string[] networks)
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

    private static Transaction Ports(string[] networks, int count, ref int number)
    {
        var id = networks[number / 100 % networks.Length];
        var network = new ResourceKey("network", id);
        var subnet = new ResourceKey("subnet", id);
        var writes = new List<Write>(count);
        var guards = new List<Guard>(count + 2) { new Guard.Exists(network), new Guard.Exists(subnet) };
        for (var i = 0; i < count; i++)
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
                [new IndexEntry("network_id", id)]));
        }

        return new Transaction(writes, guards);
    }
}

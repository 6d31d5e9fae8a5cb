using System.Text;
using Alcor.Kernel.Store;
using static Alcor.Storage.Tests.Conformance.Words;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>
/// Random transactions over a world so small that they collide all the time. It looks at the model only to keep the one
/// rules that a caller must keep: a resource stays in its partition, and a counter does not fall below 0.
/// </summary>
internal sealed class Workload(Random random, StoreModel model)
{
    private static readonly string[] Types = ["network", "port", "port-group"];
    private static readonly string[] Names = ["name", "host"];
    private int values;

    public IReadOnlyList<ResourceKey> Keys { get; } =
        Types.SelectMany(type => Enumerable.Range(0, 7).Select(id => new ResourceKey(type, $"id-{id}"))).ToList();

    public IReadOnlyList<PartitionKey> Partitions { get; } =
        [Red, Blue, PartitionKey.Host("h/1"), PartitionKey.Pool("p")];

    public IReadOnlyList<IndexEntry> IndexEntries { get; } =
        Names.SelectMany(name => new[] { "", "x", "y=z" }.Select(value => new IndexEntry(name, value))).ToList();

    public IReadOnlyList<Claim> Claims { get; } = Enumerable.Range(0, 8)
        .SelectMany(number => new[]
        {
            new Claim("subnet/a", (UInt128)number),
            new Claim("subnet", ((UInt128)1 << 100) + (UInt128)number),
        })
        .ToList();

    public IReadOnlyList<string> Counters { get; } = ["quota/a/port", "quota/a/network", "quota/ab/port", "other"];

    /// <summary>Makes a transaction and commits it to the model.</summary>
    public (Transaction Transaction, IReadOnlyList<string> Allowed) Next()
    {
        var keys = Some(Keys, 4);
        var transaction = new Transaction(keys.Select(MakeWrite).ToList(), MakeGuards(keys))
        {
            Counts = Some(Counters, 2).Select(MakeCount).ToList(),
        };
        return (transaction, model.Commit(transaction));
    }

    private Write MakeWrite(ResourceKey key)
    {
        var partition = model.Get(key)?.Partition ?? Partitions[random.Next(Partitions.Count)];
        if (random.Next(4) == 0)
            return Write.Tombstone(key, partition);
        var value = Encoding.UTF8.GetBytes(random.Next(10) == 0 ? "" : $"value {++values}");
        return new Write(key, partition, value, Some(Claims, 2), Some(Keys, 2), Some(IndexEntries, 2));
    }

    private CounterChange MakeCount(string key)
    {
        var delta = random.NextInt64(-Math.Min(3, model.CountOf(key)), 4);
        return new CounterChange(key, delta, random.Next(3) == 0 ? null : random.Next(12));
    }

    private List<Guard> MakeGuards(IReadOnlyList<ResourceKey> written)
    {
        var guards = new List<Guard>();
        while (random.Next(2) == 0)
        {
            var key = written.Count > 0 && random.Next(3) > 0
                ? written[random.Next(written.Count)]
                : Keys[random.Next(Keys.Count)];
            var stored = model.Get(key);
            guards.Add(random.Next(6) switch
            {
                0 => new Guard.Unreferenced(key),
                1 => new Guard.AtRevision(key, random.Next(6)),
                2 => random.Next(2) == 0 ? new Guard.Exists(key) : new Guard.Absent(key),
                3 => new Guard.AtRevision(key, stored?.Revision ?? 0),
                _ => stored is null ? new Guard.Absent(key) : new Guard.Exists(key),
            });
        }

        return guards;
    }

    /// <summary>From none to <paramref name="most"/> different ones.</summary>
    private List<T> Some<T>(IReadOnlyList<T> all, int most)
    {
        var count = random.Next(most + 1);
        return Enumerable.Range(0, count).Select(_ => all[random.Next(all.Count)]).Distinct().ToList();
    }
}

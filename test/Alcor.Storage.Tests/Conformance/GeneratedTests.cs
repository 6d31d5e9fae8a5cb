using Alcor.Kernel.Store;
using static Alcor.Storage.Tests.Conformance.Words;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>
/// Long random histories against <see cref="StoreModel"/>: every outcome and every answer must be the model's.
/// </summary>
public sealed class GeneratedTests
{
    private const int Histories = 5;
    private const int CallsPerHistory = 60;

    public static TheoryData<StoreKind> Kinds => StoreUnderTest.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_store_answers_like_the_model_whatever_happened(StoreKind kind)
    {
        var random = Seed.For(nameof(A_store_answers_like_the_model_whatever_happened));
        var outcomes = new HashSet<string>();
        for (var history = 0; history < Histories; history++)
        {
            await using var opened = await StoreUnderTest.OpenAsync(kind);
            await RunAsync(opened.Store, random, outcomes);
        }

        // A generator that stopped to reach a kind of outcome would leave the rest of this test without meaning.
        Assert.Superset(
            new HashSet<string>
            {
                "Committed", "Missing", "Present", "RevisionDiffers", "Referenced", "Claimed", "OverLimit",
            },
            outcomes);
    }

    private static async Task RunAsync(IStore store, Random random, HashSet<string> outcomes)
    {
        var model = new StoreModel();
        var workload = new Workload(random, model);
        var told = new List<string>();
        var expectedToBeTold = new List<string>();
        using var subscription = store.Subscribe(revision => told.Add(Text(revision)));
        for (var call = 1; call <= CallsPerHistory; call++)
        {
            var steps = Enumerable.Range(0, random.Next(6)).Select(_ => workload.Next()).ToList();
            var results = await store.CommitAsync(steps.Select(step => step.Transaction).ToList(), Token);
            Assert.Equal(steps.Count, results.Count);
            for (var i = 0; i < steps.Count; i++)
            {
                Assert.Contains(Text(results[i]), steps[i].Allowed);
                outcomes.Add(results[i] is CommitResult.Refused no ? no.Refusal.GetType().Name : "Committed");
                if (results[i] is CommitResult.Committed yes)
                    expectedToBeTold.AddRange(yes.Revisions.Select(Text));
            }

            Assert.Equal(expectedToBeTold, told);
            if (call % 20 == 0)
            {
                await AssertResourcesAsync(store, model, workload);
                await AssertListsAsync(store, model, workload, random);
                await AssertPartitionsAsync(store, model, workload);
                foreach (var prefix in workload.Counters.Append("").Append("quota/a").Append("quota/a/"))
                    Assert.Equal(model.Counts(prefix), await store.CountsAsync(prefix, Token));
            }
        }
    }

    private static async Task AssertResourcesAsync(IStore store, StoreModel model, Workload workload)
    {
        foreach (var key in workload.Keys)
        {
            Assert.Equal(Text(model.Get(key)), Text(await store.GetAsync(key, Token)));
            var referrers = model.Referrers(key).ToHashSet();
            Assert.Equal(referrers, (await store.ReferrersAsync(key, int.MaxValue, Token)).ToHashSet());
            var first = await store.ReferrersAsync(key, 1, Token);
            Assert.Equal(Math.Min(1, referrers.Count), first.Count);
            Assert.Subset(referrers, first.ToHashSet());
        }
    }

    private static async Task AssertListsAsync(IStore store, StoreModel model, Workload workload, Random random)
    {
        var ways = workload.IndexEntries.Select(entry => ((IndexEntry?)entry, (ResourceKey?)null))
            .Concat(workload.Keys.Append(Port("unheard-of")).Select(key => ((IndexEntry?)null, (ResourceKey?)key)))
            .Prepend((null, null))
            .ToList();
        foreach (var type in workload.Keys.Select(key => key.Type).Append("unheard-of").Distinct())
        {
            foreach (var (entry, target) in ways)
            {
                foreach (var after in new[] { null, "id-0", $"id-{random.Next(7)}", "id-3x", "zzz" })
                {
                    var limit = random.Next(2) == 0 ? int.MaxValue : random.Next(1, 5);
                    var query = new ListQuery(type, entry, after, limit) { RefersTo = target };
                    var expected = Lines(model.List(query).Select(Text));
                    var actual = await store.ListAsync(query, Token);
                    Assert.Equal(expected, Lines(actual.Select(Text)));
                }
            }
        }
    }

    private static async Task AssertPartitionsAsync(IStore store, StoreModel model, Workload workload)
    {
        foreach (var partition in workload.Partitions.Append(PartitionKey.Pool("unheard-of")))
        {
            var snapshot = await store.SnapshotAsync(partition, Token);
            Assert.Equal(Text(model.Snapshot(partition)), Text(snapshot));
            for (var after = 0L; after <= snapshot.Revision + 1; after++)
            {
                var changes = await store.ChangesAsync(partition, after, Token);
                Assert.Equal(Text(model.Changes(partition, after)), Text(changes));
            }
        }
    }
}

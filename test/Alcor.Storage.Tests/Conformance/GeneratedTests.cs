using Alcor.Kernel.Store;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>Long random histories against <see cref="StoreModel"/>: every outcome and every answer must be the model's.</summary>
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
            new HashSet<string> { "Committed", "Missing", "Present", "RevisionDiffers", "Referenced", "Claimed" }, outcomes);
    }

    private static async Task RunAsync(IStore store, Random random, HashSet<string> outcomes)
    {
        var model = new StoreModel();
        var workload = new Workload(random, model);
        var told = new List<string>();
        var expectedToBeTold = new List<string>();
        using var subscription = store.Subscribe(revision => told.Add(Words.Text(revision)));
        for (var call = 1; call <= CallsPerHistory; call++)
        {
            var steps = Enumerable.Range(0, random.Next(6)).Select(_ => workload.Next()).ToList();
            var results = await store.CommitAsync(steps.Select(step => step.Transaction).ToList(), Words.Token);
            Assert.Equal(steps.Count, results.Count);
            for (var i = 0; i < steps.Count; i++)
            {
                Assert.Contains(Words.Text(results[i]), steps[i].Allowed);
                outcomes.Add(results[i] is CommitResult.Refused no ? no.Refusal.GetType().Name : "Committed");
                if (results[i] is CommitResult.Committed yes)
                    expectedToBeTold.AddRange(yes.Revisions.Select(Words.Text));
            }

            Assert.Equal(expectedToBeTold, told);
            if (call % 20 == 0)
            {
                await AssertResourcesAsync(store, model, workload);
                await AssertListsAsync(store, model, workload, random);
                await AssertPartitionsAsync(store, model, workload);
            }
        }
    }

    private static async Task AssertResourcesAsync(IStore store, StoreModel model, Workload workload)
    {
        foreach (var key in workload.Keys)
        {
            Assert.Equal(Words.Text(model.Get(key)), Words.Text(await store.GetAsync(key, Words.Token)));
            var referrers = model.Referrers(key).ToHashSet();
            Assert.Equal(referrers, (await store.ReferrersAsync(key, int.MaxValue, Words.Token)).ToHashSet());
            var first = await store.ReferrersAsync(key, 1, Words.Token);
            Assert.Equal(Math.Min(1, referrers.Count), first.Count);
            Assert.Subset(referrers, first.ToHashSet());
        }
    }

    private static async Task AssertListsAsync(IStore store, StoreModel model, Workload workload, Random random)
    {
        var entries = workload.IndexEntries.Select(entry => (IndexEntry?)entry).Prepend(null).ToList();
        foreach (var type in workload.Keys.Select(key => key.Type).Append("unheard-of").Distinct())
        {
            foreach (var entry in entries)
            {
                foreach (var after in new[] { null, "id-0", $"id-{random.Next(7)}", "id-3x", "zzz" })
                {
                    var query = new ListQuery(type, entry, after, random.Next(2) == 0 ? int.MaxValue : random.Next(1, 5));
                    var expected = Words.Lines(model.List(query).Select(Words.Text));
                    var actual = await store.ListAsync(query, Words.Token);
                    Assert.Equal(expected, Words.Lines(actual.Select(Words.Text)));
                }
            }
        }
    }

    private static async Task AssertPartitionsAsync(IStore store, StoreModel model, Workload workload)
    {
        foreach (var partition in workload.Partitions.Append(PartitionKey.Pool("unheard-of")))
        {
            var snapshot = await store.SnapshotAsync(partition, Words.Token);
            Assert.Equal(Words.Text(model.Snapshot(partition)), Words.Text(snapshot));
            for (var after = 0L; after <= snapshot.Revision + 1; after++)
            {
                var changes = await store.ChangesAsync(partition, after, Words.Token);
                Assert.Equal(Words.Text(model.Changes(partition, after)), Words.Text(changes));
            }
        }
    }
}

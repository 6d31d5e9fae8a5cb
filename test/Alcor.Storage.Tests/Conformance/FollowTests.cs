using Alcor.Kernel.Store;
using static Alcor.Storage.Tests.Conformance.Words;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>
/// Whoever holds a snapshot and applies what changed since holds the newest snapshot: the promise to every agent.
/// </summary>
public sealed class FollowTests
{
    public static TheoryData<StoreKind> Kinds => StoreUnderTest.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_earlier_snapshot_and_the_changes_after_it_give_the_newest(StoreKind kind)
    {
        await using var opened = await StoreUnderTest.OpenAsync(kind);
        var random = Seed.For(nameof(Every_earlier_snapshot_and_the_changes_after_it_give_the_newest));
        var workload = new Workload(random, new StoreModel());
        var held = new List<PartitionSnapshot>();
        for (var call = 0; call < 120; call++)
        {
            await opened.Store.CommitAsync([workload.Next().Transaction], Token);
            foreach (var partition in workload.Partitions)
                held.Add(await opened.Store.SnapshotAsync(partition, Token));
        }

        foreach (var old in held)
        {
            var changes = await opened.Store.ChangesAsync(old.Partition, old.Revision, Token);
            var newest = await opened.Store.SnapshotAsync(old.Partition, Token);
            Assert.Equal(newest.Revision, changes.Revision);
            Assert.Equal(AsSet(newest.Resources), AsSet(Apply(old, changes)));
        }
    }

    private static IEnumerable<StoredResource> Apply(PartitionSnapshot old, PartitionChanges changes)
    {
        var resources = old.Resources.ToDictionary(one => one.Key);
        foreach (var change in changes.Changes)
        {
            if (change.Resource is { } resource)
                resources[change.Key] = resource;
            else
                resources.Remove(change.Key);
        }

        return resources.Values;
    }

    private static HashSet<string?> AsSet(IEnumerable<StoredResource> resources) =>
        resources.Select(Text).ToHashSet();
}

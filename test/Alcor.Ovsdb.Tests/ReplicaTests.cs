using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Alcor.Ovsdb.Tests;

public sealed class ReplicaTests
{
    private static readonly OvsdbSchema Schema = OvsdbSchema.Parse(TestSchema.Json);

    private static readonly ImmutableArray<OvsdbMonitorTable> Watched =
        [new("Thing", ["name", "weight", "size", "tags", "owner", "options"])];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_replica_fed_by_updates_equals_a_full_read(bool isCompact)
    {
        var random = Seed.For(nameof(A_replica_fed_by_updates_equals_a_full_read));
        for (var world = 0; world < 20; world++)
        {
            var table = new Dictionary<Guid, OvsdbRow>();
            for (var i = 0; i < 5; i++) table[Generate.Uuid(random)] = ThingModel.Row(random);
            var replica = new OvsdbReplica();
            var receive = replica.Attach(Schema, Watched);
            receive(Read(ThingModel.Difference([], table, isCompact), isInitial: true, isCompact));
            var seen = replica.Current!;
            for (var step = 0; step < 100; step++)
            {
                var before = new Dictionary<Guid, OvsdbRow>(table);
                ThingModel.Step(random, table);
                receive(Read(ThingModel.Difference(before, table, isCompact), isInitial: false, isCompact));
                Assert.Equal(table.OrderBy(row => row.Key), replica.Current!.Table("Thing").OrderBy(row => row.Key));
                if (random.Next(5) != 0) continue;
                Assert.Equal(replica.Current.Table("Thing").OrderBy(row => row.Key), Replay(seen, replica.Current));
                seen = replica.Current;
            }
        }
    }

    [Fact]
    public void An_update_that_does_not_fit_is_a_format_error_and_changes_nothing()
    {
        var uuid = Guid.Parse("36bef046-7da7-43a5-905a-c17899216fcb");
        var replica = new OvsdbReplica();
        var receive = replica.Attach(Schema, Watched);
        receive(new OvsdbUpdate(IsInitial: true, []));
        var snapshot = replica.Current;
        foreach (var kind in new[] { OvsdbRowUpdateKind.Modify, OvsdbRowUpdateKind.Replace, OvsdbRowUpdateKind.Delete })
        {
            Assert.Throws<OvsdbFormatException>(() =>
                receive(new OvsdbUpdate(IsInitial: false, [new("Thing", uuid, kind, OvsdbRow.Empty)])));
        }

        Assert.Same(snapshot, replica.Current);
    }

    [Fact]
    public void Missing_is_not_empty()
    {
        var replica = new OvsdbReplica();
        var receive = replica.Attach(Schema, Watched);
        Assert.Null(replica.Current);
        receive(new OvsdbUpdate(IsInitial: true, []));
        Assert.Empty(replica.Current!.Table("Thing"));
        Assert.Throws<ArgumentException>(() => replica.Current.Table("Other"));
    }

    [Fact]
    public async Task A_slow_reader_skips_to_the_newest_snapshot_and_misses_no_row()
    {
        var random = Seed.For(nameof(A_slow_reader_skips_to_the_newest_snapshot_and_misses_no_row));
        var replica = new OvsdbReplica();
        var receive = replica.Attach(Schema, Watched);
        await using var reader = replica.ChangesAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        receive(new OvsdbUpdate(IsInitial: true, []));
        Assert.True(await reader.MoveNextAsync());
        Assert.True(reader.Current is { IsResynchronized: true, Before: null, Rows: [] });

        var rows = Enumerable.Range(0, 50).Select(_ => Insert(random)).ToArray();
        foreach (var row in rows) receive(new OvsdbUpdate(IsInitial: false, [row]));
        Assert.True(await reader.MoveNextAsync());
        Assert.False(reader.Current.IsResynchronized);
        Assert.Same(replica.Current, reader.Current.After);
        Assert.Equal(rows.Select(row => row.Uuid).Order(), reader.Current.Rows.Select(row => row.Uuid).Order());

        receive(new OvsdbUpdate(IsInitial: true, [rows[0]]));
        Assert.True(await reader.MoveNextAsync());
        Assert.True(reader.Current.IsResynchronized);
        Assert.Equal(49, reader.Current.Rows.Length);
        Assert.All(reader.Current.Rows, change => Assert.Null(change.After));

        replica.Complete();
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task A_wait_ends_when_its_condition_holds_or_the_replica_is_completed()
    {
        var random = Seed.For(nameof(A_wait_ends_when_its_condition_holds_or_the_replica_is_completed));
        var replica = new OvsdbReplica();
        var receive = replica.Attach(Schema, Watched);
        var two = replica.WaitForAsync(snapshot => snapshot.Table("Thing").Count == 2, Cancellation);
        var three = replica.WaitForAsync(snapshot => snapshot.Table("Thing").Count == 3, Cancellation);
        receive(new OvsdbUpdate(IsInitial: true, [Insert(random)]));
        receive(new OvsdbUpdate(IsInitial: false, [Insert(random)]));
        Assert.Equal(2, (await two).Table("Thing").Count);
        replica.Complete();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => three);
    }

    private static OvsdbRowUpdate Insert(Random random) =>
        new("Thing", Generate.Uuid(random), OvsdbRowUpdateKind.Insert, ThingModel.Row(random));

    private static OvsdbUpdate Read(JsonObject updates, bool isInitial, bool isCompact) => OvsdbJson.Read(
        System.Text.Encoding.UTF8.GetBytes(updates.ToJsonString()),
        element => new OvsdbUpdateReader(Schema, Watched).Read(element, isInitial, isCompact));

    private static IEnumerable<KeyValuePair<Guid, OvsdbRow>> Replay(OvsdbSnapshot before, OvsdbSnapshot after)
    {
        var rows = before.Table("Thing").ToBuilder();
        foreach (var change in after.ChangesSince(before))
        {
            Assert.Equal(change.Before, rows.GetValueOrDefault(change.Uuid));
            if (change.After is null) rows.Remove(change.Uuid);
            else rows[change.Uuid] = change.After;
        }

        return rows.OrderBy(row => row.Key);
    }
}

using Alcor.Kernel;
using Alcor.Kernel.Store;
using Alcor.Storage.Sqlite;
using Alcor.Storage.Tests.Conformance;
using Microsoft.Data.Sqlite;
using static Alcor.Storage.Tests.Conformance.Words;

namespace Alcor.Storage.Tests.Sqlite;

/// <summary>
/// What a store in a file does beyond the contract: opening, failing, closing, keeping its log short.
/// </summary>
public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string FilePath => directory.File("store.db");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_file_that_is_opened_again_holds_what_it_held()
    {
        await using (var store = await OpenAsync())
        {
            await store.CommitAsync(Of(Put(Port("1"), Red).Claiming(Address(1))));
            await store.CommitAsync(Of(Put(Port("2"), Red)));
            await store.CommitAsync(Of(Write.Tombstone(Port("2"), Red)).Counting(new CounterChange("c", 7, null)));
        }

        await using var again = await OpenAsync();
        var changes = await again.ChangesAsync(Red, 0, Token);
        Assert.Equal("network/red:3\nport/1:1 -> port/1 in network/red:1 = v\nport/2:3 -> gone", Text(changes));
        Assert.Equal([new Counter("c", 7)], await again.CountsAsync("", Token));
        var outcome = await again.CommitAsync(Of(Put(Port("3"), Red).Claiming(Address(1))));
        Assert.Equal("refused subnet/a/00000001 claimed by port/1", outcome);
        Assert.Equal("committed network/red:4", await again.CommitAsync(Of(Put(Port("3"), Red))));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_by_name()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("PRAGMA user_version = 1000");
        var refusal = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("schema 1000, written by a newer version", refusal.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_file_from_before_resources_were_counted_and_listed_as_now_is_refused_by_name(int version)
    {
        await (await OpenAsync()).DisposeAsync();
        Execute($"PRAGMA user_version = {version}");
        var refusal = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains($"schema {version}, written by an older version", refusal.Message);
    }

    [Theory]
    [InlineData("CREATE TABLE other (id INTEGER)")]
    [InlineData("PRAGMA user_version = 1")]
    public async Task A_database_of_another_program_is_refused(string sql)
    {
        Execute(sql);
        var refusal = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("another program", refusal.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_database_and_a_missing_directory_are_refused()
    {
        await File.WriteAllTextAsync(FilePath, new string('x', 10_000), Token);
        await Assert.ThrowsAsync<StoreException>(OpenAsync);
        var nowhere = new SqliteStoreOptions(directory.File("missing/store.db"));
        await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(nowhere, Token));
    }

    [Fact]
    public async Task A_full_file_fails_the_whole_batch_and_takes_what_fits_afterwards()
    {
        await using var store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions(FilePath) { FileBytesMax = 400_000 }, Token);
        var large = new string('x', 1_000_000);
        var small = Of(Put(Port("small"), Red).Claiming(Address(1)));
        IReadOnlyList<Transaction> call = [small, Of(Put(Port("large"), Red, large))];
        await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(call, Token));
        Assert.Null(await store.GetAsync(Port("small"), Token));
        Assert.Equal("committed network/red:1", await store.CommitAsync(small));
        Assert.Equal("network/red:1", Text(await store.SnapshotAsync(Red, Token)).Split('\n')[0]);
    }

    [Fact]
    public async Task A_closed_store_refuses_clearly_and_closes_twice()
    {
        var store = await OpenAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();
        var one = Of(Put(Port("1"), Red));
        await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync([one], Token));
        await Assert.ThrowsAsync<StoreException>(async () => await store.GetAsync(Port("1"), Token));
    }

    [Fact]
    public async Task What_was_handed_in_before_closing_is_finished()
    {
        var store = await OpenAsync();
        var calls = Enumerable.Range(0, 200)
            .Select(i => store.CommitAsync(Of(Put(Port($"{i}"), Red)))).ToList();
        await store.DisposeAsync();
        Assert.All(await Task.WhenAll(calls), outcome => Assert.StartsWith("committed", outcome));
        await using var again = await OpenAsync();
        Assert.Equal(200, (await again.SnapshotAsync(Red, Token)).Resources.Count);
    }

    [Fact]
    public async Task A_caller_that_breaks_an_invariant_does_not_hinder_the_others()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Of(Put(Port("1"), Red)));
        var calls = Enumerable.Range(0, 50).Select(i => i % 10 == 5
            ? Assert.ThrowsAsync<InvariantException>(() => store.CommitAsync(Of(Put(Port("1"), Blue))))
            : (Task)store.CommitAsync(Of(Put(Port($"n{i}"), Red))));
        await Task.WhenAll(calls);
        Assert.Equal(46, (await store.SnapshotAsync(Red, Token)).Resources.Count);
        Assert.Equal(0, (await store.SnapshotAsync(Blue, Token)).Revision);
    }

    [Fact]
    public async Task A_subscriber_that_throws_stops_the_store_with_the_commit_in_doubt()
    {
        var store = await OpenAsync();
        using var subscription = store.Subscribe(_ => throw new InvalidOperationException("boom"));
        var one = Of(Put(Port("1"), Red));
        var doubt = await Assert.ThrowsAsync<CommitUnknownException>(() => store.CommitAsync(one));
        Assert.Equal("boom", doubt.InnerException?.Message);
        await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(one));
        Assert.NotNull(await store.GetAsync(Port("1"), Token));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task The_log_stays_bounded_while_readers_overlap_without_end()
    {
        const int PageInLog = 4_096 + 24;
        const int ValueBytes = 20_000;
        var options = new SqliteStoreOptions(FilePath) { LogBytesToCheckpoint = 500_000, LogBytesMax = 1_000_000 };
        await using var store = await SqliteStore.OpenAsync(options, Token);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await store.SnapshotAsync(Red, CancellationToken.None);
        })).ToList();
        var value = new string('x', ValueBytes);
        for (var i = 0; i < 200; i++)
            await store.CommitAsync(Of(Put(Port($"{i % 10}"), Red, value)));
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        var bound = (options.LogBytesMax / 4_096 * PageInLog) + (10 * ValueBytes);
        Assert.InRange(new FileInfo(FilePath + "-wal").Length, 1, bound);
    }

    private Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(new SqliteStoreOptions(FilePath), Token);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

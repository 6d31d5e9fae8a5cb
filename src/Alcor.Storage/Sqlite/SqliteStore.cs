using Alcor.Kernel.Store;
using Microsoft.Data.Sqlite;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// A store in one SQLite file. What it has acknowledged survives the loss of power; commits that wait at the same time
/// share one durable write; reads neither wait for commits nor hold them up.
/// </summary>
/// <remarks>
/// Besides the exceptions of <see cref="IStore"/>: <see cref="StoreException"/> when nothing of a call happened, and
/// <see cref="CommitUnknownException"/> when all or nothing of it did. It goes on working after either.
/// </remarks>
public sealed class SqliteStore : IStore
{
    private readonly Database database;
    private readonly ReaderPool readers;
    private readonly LogKeeper log;
    private readonly Writer writer;
    private readonly Subscribers subscribers = new();
    private int disposed;

    private SqliteStore(Database database, SqliteStoreOptions options)
    {
        this.database = database;
        readers = new ReaderPool(options);
        log = new LogKeeper(Database.Open(options.Path, readOnly: false, Database.PageBytes), readers, options);
        writer = Writer.Start(database, log, subscribers);
    }

    /// <summary>Opens the file, or makes it, and brings its tables to the newest schema.</summary>
    /// <exception cref="StoreException">The file cannot be opened, is not a store, or was written by a newer
    /// version.</exception>
    public static Task<SqliteStore> OpenAsync(SqliteStoreOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => Open(options), cancellationToken);

    public ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.Get(key), cancellationToken);

    public async ValueTask<IReadOnlyList<StoredResource>> ListAsync(
        ListQuery query, CancellationToken cancellationToken)
    {
        TransactionShape.Require(query);
        return await readers.ReadAsync(reader => reader.List(query), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<ResourceKey>> ReferrersAsync(
        ResourceKey target, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await readers.ReadAsync(reader => reader.Referrers(target, limit), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<Counter>> CountsAsync(string prefix, CancellationToken cancellationToken)
    {
        TransactionShape.RequireCounterPrefix(prefix);
        return await readers.ReadAsync(reader => reader.Counts(prefix), cancellationToken);
    }

    public ValueTask<PartitionSnapshot> SnapshotAsync(PartitionKey partition, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.Snapshot(partition), cancellationToken);

    public ValueTask<PartitionChanges> ChangesAsync(
        PartitionKey partition, long after, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.Changes(partition, after), cancellationToken);

    /// <summary>
    /// See <see cref="IStore.CommitAsync"/>. Cancellation counts until the writer has taken the call.
    /// </summary>
    public ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken)
    {
        var writes = TransactionShape.Require(transactions);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<IReadOnlyList<CommitResult>>(cancellationToken)
            : writer.CommitAsync(new CommitCall(transactions, writes), cancellationToken);
    }

    public IDisposable Subscribe(Action<PartitionRevision> onCommitted) => subscribers.Add(onCommitted);

    /// <summary>
    /// Finishes what was handed in, then closes the file; the last connection to close folds the log into it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await writer.StopAsync();
        writer.Dispose();
        log.Dispose();
        readers.Dispose();
        database.Dispose();
    }

    private static SqliteStore Open(SqliteStoreOptions options)
    {
        Database? opened = null;
        try
        {
            opened = Database.Open(options.Path, readOnly: false, options.WriterCacheBytes);
            opened.Execute($"PRAGMA page_size = {Database.PageBytes}; PRAGMA journal_mode = WAL");
            opened.Execute("PRAGMA synchronous = FULL");
            if (options.FileBytesMax is { } bytes)
                opened.Execute($"PRAGMA max_page_count = {bytes / Database.PageBytes}");
            Schema.Bring(opened, options.Path);
            return new SqliteStore(opened, options);
        }
        catch (SqliteException exception)
        {
            opened?.Dispose();
            throw new StoreException($"{options.Path} cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            opened?.Dispose();
            throw;
        }
    }
}

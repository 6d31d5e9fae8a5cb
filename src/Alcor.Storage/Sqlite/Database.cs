using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// One connection, used by one thread at a time. It speaks to SQLite's own functions, because with some eight
/// statements to a write the time goes into what lies between the caller and them.
/// </summary>
internal sealed class Database : IDisposable
{
    public const int PageBytes = 4_096;

    /// <summary>How long to wait for another process that has the file, such as an operator's backup.</summary>
    private const int BusyTimeoutMs = 5_000;

    private const int PagesWrittenStatus = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    private readonly sqlite3 handle;
    private readonly List<Statement> statements = [];

    static Database() => Batteries_V2.Init();

    private readonly Lazy<Statement> begin;
    private readonly Lazy<Statement> beginRead;
    private readonly Lazy<Statement> commit;

    private Database(sqlite3 handle)
    {
        this.handle = handle;
        begin = new Lazy<Statement>(() => Prepare("BEGIN IMMEDIATE"));
        beginRead = new Lazy<Statement>(() => Prepare("BEGIN"));
        commit = new Lazy<Statement>(() => Prepare("COMMIT"));
    }

    /// <summary>False after an error that made SQLite roll back by itself.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    /// <summary>
    /// Room to encode one text that is about to be bound: two parts of a key, three bytes a character.
    /// </summary>
    internal byte[] Scratch { get; } = new byte[2 * 3 * StoreLimits.KeyCharsMax + 64];

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static Database Open(string path, bool readOnly, long cacheBytes)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX
            | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var result = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var database = new Database(handle);
        try
        {
            database.Check(result);
            database.Check(raw.sqlite3_extended_result_codes(handle, 1));
            database.Check(raw.sqlite3_busy_timeout(handle, BusyTimeoutMs));
            database.Execute($"PRAGMA cache_size = -{Math.Max(1, cacheBytes / 1024)}");
            // Checkpoints are the business of the writer and its checkpointer alone.
            database.Execute("PRAGMA wal_autocheckpoint = 0");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var compiled));
        var statement = new Statement(this, compiled);
        statements.Add(statement);
        return statement;
    }

    /// <summary>Runs one or several statements that give no rows.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(handle, sql));

    /// <summary>The first column of the first row.</summary>
    public long ReadInt64(string sql)
    {
        using var statement = new Statement(this, Compile(sql));
        return statement.Step() ? statement.Int64(0) : throw new StoreException($"'{sql}' gives no row");
    }

    public void Begin() => begin.Value.Run();

    public void BeginRead() => beginRead.Value.Run();

    public void Commit() => commit.Value.Run();

    public void Rollback() => Execute("ROLLBACK");

    public long LastInsertId() => raw.sqlite3_last_insert_rowid(handle);

    /// <summary>Pages that this connection has appended to the log since the last time it was asked.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(handle, PagesWrittenStatus, out var written, out _, 1));
        return written;
    }

    /// <summary>Copies what it can from the log into the file, without waiting for anybody.</summary>
    /// <returns>Null: another connection is copying.</returns>
    public LogState? Checkpoint() => Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);

    /// <summary>Copies all of the log into the file and empties it, while nobody reads from it.</summary>
    /// <returns>Null: another connection is copying, or reads.</returns>
    public LogState? Truncate() => Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);

    private LogState? Checkpoint(int mode)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(handle, "main", mode, out var inLog, out var copied);
        if ((result & 0xff) == raw.SQLITE_BUSY)
            return null;
        Check(result);
        return new LogState(inLog, copied);
    }

    /// <exception cref="SqliteException">The result is an error.</exception>
    internal void Check(int result)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
            return;
        var message = handle.IsInvalid ? $"result {result}" : raw.sqlite3_errmsg(handle).utf8_to_string();
        throw new SqliteException($"SQLite: {message}", result & 0xff, result);
    }

    public void Dispose()
    {
        foreach (var statement in statements)
            statement.Dispose();
        handle.Dispose();
    }

    private sqlite3_stmt Compile(string sql)
    {
        Check(raw.sqlite3_prepare_v2(handle, sql, out var compiled));
        return compiled;
    }
}

/// <summary>The write-ahead log after pages of it were copied into the file.</summary>
/// <param name="Pages">How many it has.</param>
/// <param name="Copied">How many of them are in the file; when all are, it may start anew with the next commit.</param>
internal readonly record struct LogState(int Pages, int Copied);

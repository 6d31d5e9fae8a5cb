using Microsoft.Data.Sqlite;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// Keeps the write-ahead log bounded. Most of it is copied into the file by a thread of its own while commits go on;
/// the little that came meanwhile is copied by the writer between two batches, because only then is there a moment
/// when nothing is left and the log starts anew from its beginning.
/// </summary>
internal sealed class LogKeeper : IDisposable
{
    private readonly Database database;
    private readonly ReaderPool readers;
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly Thread thread;
    private readonly Lock copying = new();
    private volatile bool copied;
    private volatile bool stopping;
    private readonly int pagesToCopy;
    private readonly int pagesMax;
    private int pages;
    private int pagesToAsk;
    private bool mayHaveStartedAnew;

    /// <param name="database">A connection for the copying thread alone.</param>
    public LogKeeper(Database database, ReaderPool readers, SqliteStoreOptions options)
    {
        this.database = database;
        this.readers = readers;
        pagesToCopy = (int)Math.Max(1, options.LogBytesToCheckpoint / Database.PageBytes);
        pagesMax = (int)Math.Max(1, options.LogBytesMax / Database.PageBytes);
        pagesToAsk = pagesToCopy;
        thread = new Thread(Copy) { Name = "alcor-store-checkpoint", IsBackground = true };
        thread.Start();
    }

    /// <summary>Called by the writer after each batch, outside of a transaction.</summary>
    /// <param name="writer">The writer's connection.</param>
    public void Keep(Database writer)
    {
        pages += writer.TakePagesWritten();
        if (mayHaveStartedAnew)
            Count(writer);
        if (pages >= pagesMax)
        {
            Empty(writer);
        }
        else if (copied)
        {
            Finish(writer);
        }
        else if (pages >= pagesToAsk)
        {
            pagesToAsk = int.MaxValue;
            // A thread that got no processor since it was asked is not asked twice.
            if (wanted.CurrentCount == 0)
                wanted.Release();
        }
    }

    public void Dispose()
    {
        stopping = true;
        if (wanted.CurrentCount == 0)
            wanted.Release();
        thread.Join();
        database.Dispose();
        wanted.Dispose();
    }

    private void Finish(Database writer)
    {
        copied = false;
        mayHaveStartedAnew = Try(writer.Checkpoint) is { } log && log.Pages == log.Copied;
        // When a reader held it up, the next attempt comes after as many pages again.
        pagesToAsk = pages + pagesToCopy;
    }

    /// <summary>
    /// Whether the log started anew shows at the commit after: a reader that came at that moment may have kept it from
    /// that.
    /// </summary>
    private void Count(Database writer)
    {
        if (Try(writer.Checkpoint) is not { } log)
            return;
        mayHaveStartedAnew = false;
        pages = log.Pages;
        pagesToAsk = pages + pagesToCopy;
    }

    /// <summary>Nobody reads, and nobody else copies: SQLite would let the writer do neither beside them.</summary>
    private void Empty(Database writer)
    {
        lock (copying)
        {
            using (readers.HoldAll())
            {
                if (Try(writer.Truncate) is not null)
                    (pages, mayHaveStartedAnew) = (0, false);
            }
        }
        copied = false;
        pagesToAsk = pages + pagesToCopy;
    }

    private void Copy()
    {
        while (true)
        {
            wanted.Wait();
            if (stopping)
                return;
            lock (copying)
                Try(database.Checkpoint);
            copied = true;
        }
    }

    /// <summary>
    /// A failed copy loses nothing, since the log still has it; a disk that stays full shows at the commits.
    /// </summary>
    private static LogState? Try(Func<LogState?> checkpoint)
    {
        try
        {
            return checkpoint();
        }
        catch (SqliteException)
        {
            return null;
        }
    }
}

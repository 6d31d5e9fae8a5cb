using System.Collections.Concurrent;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// A fixed number of connections that only read. Each call has one to itself, for one consistent view.
/// </summary>
internal sealed class ReaderPool : IDisposable
{
    private readonly ConcurrentBag<Reader> idle = [];
    private readonly SemaphoreSlim free;
    private readonly int count;

    /// <summary>
    /// Set while all readers are wanted: new reads wait here, because they would overtake who waits for the last.
    /// </summary>
    private volatile TaskCompletionSource? held;

    public ReaderPool(SqliteStoreOptions options)
    {
        count = options.Readers;
        free = new SemaphoreSlim(count, count);
        for (var i = 0; i < count; i++)
            idle.Add(new Reader(Database.Open(options.Path, readOnly: true, options.ReaderCacheBytes)));
    }

    public async ValueTask<T> ReadAsync<T>(Func<Reader, T> read, CancellationToken cancellationToken)
    {
        if (held is { } until)
            await until.Task.WaitAsync(cancellationToken);
        await free.WaitAsync(cancellationToken);
        if (!idle.TryTake(out var reader))
        {
            free.Release();
            throw new StoreException("the store is closed");
        }

        try
        {
            return read(reader);
        }
        finally
        {
            idle.Add(reader);
            free.Release();
        }
    }

    /// <summary>Waits until no reader works, and keeps new ones waiting until the answer is disposed.</summary>
    public IDisposable HoldAll()
    {
        var until = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        held = until;
        for (var i = 0; i < count; i++)
            free.Wait();
        return new Held(this, until);
    }

    /// <summary>
    /// Closes the connections once they are idle; whoever reads afterwards gets a <see cref="StoreException"/>.
    /// </summary>
    public void Dispose()
    {
        using (HoldAll())
        {
            while (idle.TryTake(out var reader))
                reader.Dispose();
        }
    }

    private sealed class Held(ReaderPool pool, TaskCompletionSource until) : IDisposable
    {
        public void Dispose()
        {
            pool.free.Release(pool.count);
            pool.held = null;
            until.SetResult();
        }
    }
}

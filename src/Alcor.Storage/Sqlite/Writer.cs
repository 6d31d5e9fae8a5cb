using System.Threading.Channels;
using Alcor.Kernel.Store;
using Microsoft.Data.Sqlite;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// The one thread that writes. It takes the calls that wait, makes them one database transaction, tells the subscribers
/// and answers the callers: while it waits for the disk the next batch gathers, so the more callers, the fewer waits
/// each.
/// </summary>
internal sealed class Writer : IDisposable
{
    private readonly Channel<CommitCall> waiting = Channel.CreateBounded<CommitCall>(
        new BoundedChannelOptions(StoreLimits.WaitingCallsMax)
        {
            SingleReader = true,
            AllowSynchronousContinuations = true, // what continues is one signal to the writer's thread
        });

    // Blocking on a task would spin first, which on a quiet machine costs more than the commits themselves.
    private readonly AutoResetEvent called = new(initialState: false);

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Database database;
    private readonly WriterState state;
    private readonly LogKeeper log;
    private readonly Subscribers subscribers;
    private readonly List<CommitCall> batch = [];

    private Writer(Database database, LogKeeper log, Subscribers subscribers)
    {
        this.database = database;
        this.log = log;
        this.subscribers = subscribers;
        state = new WriterState(database);
    }

    public static Writer Start(Database database, LogKeeper log, Subscribers subscribers)
    {
        var writer = new Writer(database, log, subscribers);
        new Thread(writer.Run) { Name = "alcor-store-writer", IsBackground = true }.Start();
        return writer;
    }

    /// <summary>Hands a call in; cancellation counts only until there is room for it.</summary>
    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
        CommitCall call, CancellationToken cancellationToken)
    {
        try
        {
            if (!waiting.Writer.TryWrite(call))
                await waiting.Writer.WriteAsync(call, cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw new StoreException("the store is closed", exception.InnerException ?? exception);
        }

        return await call.Answer;
    }

    /// <summary>Takes no more calls, finishes those that wait, and ends.</summary>
    public Task StopAsync()
    {
        waiting.Writer.TryComplete();
        return ended.Task;
    }

    /// <summary>Only after it ended.</summary>
    public void Dispose() => called.Dispose();

    private void Run()
    {
        try
        {
            while (TakeBatch())
            {
                Commit();
                log.Keep(database);
            }
        }
        catch (Exception exception)
        {
            // A subscriber threw, or a rollback failed: what is on disk is whole, but we do not know where we stand.
            waiting.Writer.TryComplete(exception);
            foreach (var call in batch)
                call.Fail(new CommitUnknownException("the store stopped before it could answer", exception));
            while (waiting.Reader.TryRead(out var call))
                call.Fail(new StoreException("the store stopped", exception));
        }
        finally
        {
            ended.SetResult();
        }
    }

    private bool TakeBatch()
    {
        batch.Clear();
        var any = waiting.Reader.WaitToReadAsync().AsTask();
        if (!any.IsCompleted)
        {
            any.GetAwaiter().UnsafeOnCompleted(() => called.Set());
            called.WaitOne();
        }

        if (!any.GetAwaiter().GetResult())
            return false;
        var writes = 0;
        while (writes < StoreLimits.WritesPerBatchMax && waiting.Reader.TryRead(out var call))
        {
            batch.Add(call);
            writes += call.Writes;
        }

        return true;
    }

    private void Commit()
    {
        var committing = false;
        try
        {
            database.Begin();
            foreach (var call in batch)
                call.Run(state);
            state.Flush();
            committing = true;
            database.Commit();
        }
        catch (SqliteException exception)
        {
            state.Forget();
            if (database.InTransaction)
                database.Rollback();
            foreach (var call in batch)
                call.Fail(Failure(committing, exception));
            return;
        }

        state.Forget();
        foreach (var call in batch)
            subscribers.Tell(call.Results);
        foreach (var call in batch)
            call.Complete();
    }

    /// <summary>
    /// A commit that failed in its last step may have reached the log as a whole, and a crash before the next commit
    /// overwrites it there would bring it to life.
    /// </summary>
    private static Exception Failure(bool committing, SqliteException exception) => committing
        ? new CommitUnknownException("the commit may or may not have happened", exception)
        : new StoreException($"nothing was committed: {exception.Message}", exception);
}

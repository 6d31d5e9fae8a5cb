using System.Collections.Immutable;

namespace Alcor.Ovsdb;

/// <summary>Whom to dial and what to watch.</summary>
public sealed record OvsdbClientOptions(
    Func<CancellationToken, Task<Stream>> Dial,
    string Database,
    ImmutableArray<OvsdbMonitorTable> Tables,
    TimeProvider Time)
{
    public TimeSpan RetryFirst { get; init; } = OvsdbLimits.RetryFirst;

    public TimeSpan RetryMax { get; init; } = OvsdbLimits.RetryMax;

    public TimeSpan SetupTimeout { get; init; } = OvsdbLimits.SetupTimeout;

    public TimeSpan EchoInterval { get; init; } = OvsdbLimits.EchoInterval;

    public TimeSpan EchoTimeout { get; init; } = OvsdbLimits.EchoTimeout;
}

/// <summary>
/// Keeps one connection to a server and a replica of the watched tables: dials, watches, and after every loss dials
/// again, with pauses that double up to a bound, until it is disposed.
/// </summary>
public sealed class OvsdbClient : IAsyncDisposable
{
    private readonly OvsdbClientOptions options;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private TaskCompletionSource<OvsdbConnection> connected = NewSignal();
    private Exception? lastFailure;

    private OvsdbClient(OvsdbClientOptions options)
    {
        this.options = options;
        running = RunAsync();
    }

    public OvsdbReplica Replica { get; } = new();

    /// <summary>Whether there is a session now, with its first contents in the replica.</summary>
    public bool IsConnected => Volatile.Read(ref connected).Task.IsCompletedSuccessfully;

    /// <summary>Why the last attempt or session ended; null if none has.</summary>
    public Exception? LastFailure => Volatile.Read(ref lastFailure);

    public static OvsdbClient Start(OvsdbClientOptions options) => new(options);

    /// <summary>The session, as soon as there is one with its first contents in the replica.</summary>
    public Task<OvsdbConnection> ConnectionAsync(CancellationToken cancellation) =>
        Volatile.Read(ref connected).Task.WaitAsync(cancellation);

    /// <summary>
    /// Waits for a session and carries out a transaction on it, once: after a loss the outcome is unknown, and only the
    /// caller can tell from the next snapshot. Errors are those of <see cref="OvsdbConnection.TransactAsync"/>.
    /// </summary>
    public async Task<ImmutableArray<OvsdbOperationResult>> TransactAsync(
        IReadOnlyList<OvsdbOperation> operations, CancellationToken cancellation)
    {
        var connection = await ConnectionAsync(cancellation);
        return await connection.TransactAsync(options.Database, operations, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        Replica.Complete();
        Volatile.Read(ref connected).TrySetException(new ObjectDisposedException(nameof(OvsdbClient)));
        // Nobody may be waiting for a session, and then nobody reads this exception.
        _ = Volatile.Read(ref connected).Task.Exception;
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var pause = options.RetryFirst;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await ConnectAsync();
                pause = options.RetryFirst;
                Volatile.Read(ref connected).TrySetResult(connection);
                Volatile.Write(ref lastFailure, await connection.Lost.WaitAsync(stopping.Token));
                Volatile.Write(ref connected, NewSignal());
            }
            catch (Exception error)
            {
                // Any failure to connect has the same answer; the last one is kept for whoever asks.
                if (!stopping.IsCancellationRequested) Volatile.Write(ref lastFailure, error);
            }

            await Task.Delay(pause, options.Time, stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < options.RetryMax ? pause * 2 : options.RetryMax;
        }

        if (IsConnected) Volatile.Write(ref connected, NewSignal());
    }

    private async Task<OvsdbConnection> ConnectAsync()
    {
        using var timeout = new CancellationTokenSource(options.SetupTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping.Token);
        var stream = await options.Dial(either.Token);
        var connection = OvsdbConnection.Start(stream, new OvsdbConnectionOptions(options.Time)
        {
            EchoInterval = options.EchoInterval,
            EchoTimeout = options.EchoTimeout,
        });
        try
        {
            var schema = await connection.GetSchemaAsync(options.Database, either.Token);
            var receive = Replica.Attach(schema, options.Tables);
            await connection.MonitorAsync(schema, options.Tables, receive, either.Token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static TaskCompletionSource<OvsdbConnection> NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}

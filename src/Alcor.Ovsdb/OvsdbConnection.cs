using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;

namespace Alcor.Ovsdb;

/// <summary>How a connection watches over itself and where its time comes from.</summary>
public sealed record OvsdbConnectionOptions(TimeProvider Time)
{
    public TimeSpan EchoInterval { get; init; } = OvsdbLimits.EchoInterval;

    public TimeSpan EchoTimeout { get; init; } = OvsdbLimits.EchoTimeout;

    public int MessageBytesMax { get; init; } = OvsdbLimits.MessageBytesMax;
}

/// <summary>
/// One JSON-RPC session with an OVSDB server (RFC 7047 section 4) over a stream that it owns. Safe for several callers.
/// </summary>
/// <remarks>
/// One loop reads and one writes. Whatever ends the session, a malformed message and silence included, completes
/// <see cref="Lost"/> once and fails every open request with <see cref="OvsdbConnectionLostException"/>. A request
/// whose cancellation token fires has an unknown outcome.
/// </remarks>
public sealed partial class OvsdbConnection : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly OvsdbConnectionOptions options;
    private readonly OvsdbMessageReader reader;
    private readonly Channel<ReadOnlyMemory<byte>> outgoing =
        Channel.CreateBounded<ReadOnlyMemory<byte>>(OvsdbLimits.OutgoingMessagesMax);
    private readonly SemaphoreSlim places = new(OvsdbLimits.OutstandingRequestsMax);
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource<OvsdbConnectionLostException> lost =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly Dictionary<long, Request> requests = [];
    private readonly Dictionary<string, MonitorSink> monitors = new(StringComparer.Ordinal);
    private readonly Task loops;
    private OvsdbConnectionLostException? loss;
    private long lastId;

    private OvsdbConnection(Stream stream, OvsdbConnectionOptions options)
    {
        this.stream = stream;
        this.options = options;
        reader = new OvsdbMessageReader(stream, options.MessageBytesMax);
        loops = Task.WhenAll(GuardAsync(ReceiveAsync), GuardAsync(SendAsync), GuardAsync(KeepAliveAsync));
    }

    /// <summary>Completes, never faults, when the session has ended, with the reason.</summary>
    public Task<OvsdbConnectionLostException> Lost => lost.Task;

    public static OvsdbConnection Start(Stream stream, OvsdbConnectionOptions options) => new(stream, options);

    /// <summary>The names of the server's databases (section 4.1.1).</summary>
    public async Task<ImmutableArray<string>> ListDatabasesAsync(CancellationToken cancellation)
    {
        var answer = await CallAsync("list_dbs", _ => { }, null, cancellation);
        return [.. OvsdbJson.Items(answer).Select(OvsdbJson.Text)];
    }

    /// <summary>The schema of a database (section 4.1.2).</summary>
    public async Task<OvsdbSchema> GetSchemaAsync(string database, CancellationToken cancellation)
    {
        void Write(Utf8JsonWriter writer) => writer.WriteStringValue(database);
        return OvsdbSchema.Read(await CallAsync("get_schema", Write, null, cancellation));
    }

    /// <summary>Asks for a sign of life (section 4.1.11).</summary>
    public Task EchoAsync(CancellationToken cancellation) => CallAsync("echo", _ => { }, null, cancellation);

    /// <summary>Carries out all operations or none (section 4.1.3); a result for each of them.</summary>
    /// <exception cref="OvsdbTransactionException">An operation or the commit failed; nothing was changed.</exception>
    /// <exception cref="OvsdbRemoteException">The server refused the request as a whole.</exception>
    /// <exception cref="OvsdbConnectionLostException">The outcome is unknown.</exception>
    public async Task<ImmutableArray<OvsdbOperationResult>> TransactAsync(
        string database, IReadOnlyList<OvsdbOperation> operations, CancellationToken cancellation)
    {
        void Write(Utf8JsonWriter writer)
        {
            writer.WriteStringValue(database);
            foreach (var operation in operations) operation.Write(writer);
        }

        return OvsdbOperationResult.ReadAll(await CallAsync("transact", Write, null, cancellation), operations);
    }

    public async ValueTask DisposeAsync()
    {
        Lose("the connection was closed", null);
        // The token source and the places stay: a late caller must meet the loss, not a disposed object.
        await loops;
    }

    private async Task<JsonElement> CallAsync(
        string method, Action<Utf8JsonWriter> parameters, Action<JsonElement>? receive, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping.Token);
        var id = Interlocked.Increment(ref lastId);
        var held = false;
        try
        {
            var message = Encode(method, parameters, id);
            await places.WaitAsync(either.Token);
            held = true;
            var request = new Request(method, receive);
            lock (gate)
            {
                if (loss is not null) throw new OvsdbConnectionLostException(loss.Message, loss.InnerException);
                requests.Add(id, request);
            }

            await outgoing.Writer.WriteAsync(message, either.Token);
            return await request.Answer.Task.WaitAsync(cancellation);
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException && loss is { } why)
        {
            throw new OvsdbConnectionLostException(why.Message, why.InnerException);
        }
        finally
        {
            lock (gate) requests.Remove(id);
            if (held) places.Release();
        }
    }

    private static ReadOnlyMemory<byte> Encode(string method, Action<Utf8JsonWriter> parameters, long id) =>
        OvsdbJson.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("method", method);
            writer.WriteStartArray("params");
            parameters(writer);
            writer.WriteEndArray();
            writer.WriteNumber("id", id);
            writer.WriteEndObject();
        }).WrittenMemory;

    private async Task ReceiveAsync()
    {
        while (await reader.ReadAsync(stopping.Token) is { } message)
        {
            using (message) Dispatch(message.RootElement);
        }

        Lose("the server closed the connection", null);
    }

    private async Task SendAsync()
    {
        await foreach (var message in outgoing.Reader.ReadAllAsync(stopping.Token))
            await stream.WriteAsync(message, stopping.Token);
    }

    /// <summary>Any byte counts as life, so that a long answer in transit is not taken for silence.</summary>
    private async Task KeepAliveAsync()
    {
        while (true)
        {
            var before = reader.BytesRead;
            await Task.Delay(options.EchoInterval, options.Time, stopping.Token);
            if (reader.BytesRead != before) continue;
            var id = Interlocked.Increment(ref lastId);
            // A full queue means that the server does not even read: the silence that follows decides.
            outgoing.Writer.TryWrite(Encode("echo", _ => { }, id));
            await Task.Delay(options.EchoTimeout, options.Time, stopping.Token);
            if (reader.BytesRead == before) Lose("the server does not answer", null);
        }
    }

    private async Task GuardAsync(Func<Task> loop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await loop();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The loss that cancelled this loop has its own reason.
        }
        catch (Exception error)
        {
            // Whatever it is, the session cannot go on; its owner learns the cause from Lost.
            Lose(error.Message, error);
        }
    }

    private void Lose(string reason, Exception? cause)
    {
        Request[] open;
        lock (gate)
        {
            if (loss is not null) return;
            loss = new OvsdbConnectionLostException($"The OVSDB connection is lost: {reason}.", cause);
            open = [.. requests.Values];
            monitors.Clear();
        }

        stopping.Cancel();
        stream.Dispose();
        outgoing.Writer.TryComplete();
        foreach (var request in open)
            request.Answer.TrySetException(new OvsdbConnectionLostException(loss.Message, cause));
        lost.TrySetResult(loss);
    }

    private sealed class Request(string method, Action<JsonElement>? receive)
    {
        public string Method { get; } = method;

        /// <summary>Runs on the reading loop, before any message that follows the answer.</summary>
        public Action<JsonElement>? Receive { get; } = receive;

        public TaskCompletionSource<JsonElement> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record MonitorSink(OvsdbUpdateReader Reader, Action<OvsdbUpdate> Receive);
}

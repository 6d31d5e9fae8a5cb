using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Alcor.OpenFlow;

/// <summary>
/// A controller's connection to one switch, over any stream. Everything may be called from any thread; packets and port
/// changes come through channels that end when the connection does. When it is lost, every call under way and every
/// later one throws an <see cref="OpenFlowConnectionException"/> with the one reason, and <see cref="Completion"/>
/// fails with it too.
/// </summary>
public sealed partial class OpenFlowConnection : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly OpenFlowConnectionOptions options;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ConcurrentDictionary<uint, Pending> pending = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<PacketInEvent> packets;
    private readonly Channel<PortStatusEvent> ports;
    private readonly Channel<OpenFlowFrame> echoes;
    private volatile Exception? failure;
    private PendingBatch? batch;
    private Task loops = Task.CompletedTask;
    private long lastHeard;
    private long packetsDropped;
    private long portEventsDropped;
    private uint transaction;

    private OpenFlowConnection(Stream stream, OpenFlowConnectionOptions options)
    {
        this.stream = stream;
        this.options = options;
        packets = Bounded<PacketInEvent>(options.PacketInCapacity, _ => Interlocked.Increment(ref packetsDropped));
        ports = Bounded<PortStatusEvent>(options.PortStatusCapacity, _ => Interlocked.Increment(ref portEventsDropped));
        // A switch asks for one echo at a time; one that asks for more than this at once is not owed all answers.
        echoes = Bounded<OpenFlowFrame>(16, _ => { });
        lastHeard = options.TimeProvider.GetTimestamp();
        // The completion may have no observer; its failure is then told by the calls.
        _ = completion.Task.ContinueWith(
            static task => task.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>The version both sides agreed on.</summary>
    public OpenFlowVersion Version { get; private set; } = OpenFlowVersion.OpenFlow14;

    /// <summary>What the switch said of itself when the connection began.</summary>
    public OpenFlowMessage.FeaturesReply Features { get; private set; } = new(0, 0, 0, 0, 0);

    /// <summary>Ends when the connection is disposed, fails when it is lost.</summary>
    public Task Completion => completion.Task;

    public ChannelReader<PacketInEvent> PacketIns => packets.Reader;

    public ChannelReader<PortStatusEvent> PortStatuses => ports.Reader;

    public long PacketInsDropped => Interlocked.Read(ref packetsDropped);

    public long PortStatusesDropped => Interlocked.Read(ref portEventsDropped);

    /// <summary>Connects to a bridge's management socket, <c>[run directory]/[bridge].mgmt</c>.</summary>
    public static Task<OpenFlowConnection> ConnectUnixAsync(
        string path, OpenFlowConnectionOptions options, CancellationToken cancellationToken) =>
        ConnectAsync(new UnixDomainSocketEndPoint(path), options, cancellationToken);

    /// <summary>Connects, agrees on a version and makes the switch send packet-ins.</summary>
    /// <exception cref="OpenFlowConnectionException">Nobody listens there, or nobody who speaks our
    /// versions.</exception>
    public static async Task<OpenFlowConnection> ConnectAsync(
        EndPoint endpoint, OpenFlowConnectionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(options);
        var isTcp = endpoint.AddressFamily != AddressFamily.Unix;
        var socket = new Socket(
            endpoint.AddressFamily, SocketType.Stream, isTcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (isTcp) socket.NoDelay = true;
            await socket.ConnectAsync(endpoint, cancellationToken);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new OpenFlowConnectionException($"cannot connect to {endpoint}: {exception.Message}", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return await StartAsync(new NetworkStream(socket, ownsSocket: true), options, cancellationToken);
    }

    /// <summary>Greets the switch at the other end of a stream, which the connection owns from now on.</summary>
    /// <exception cref="OpenFlowConnectionException">The stream ended or the peer speaks none of our
    /// versions.</exception>
    public static async Task<OpenFlowConnection> StartAsync(
        Stream stream, OpenFlowConnectionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        var connection = new OpenFlowConnection(stream, options);
        try
        {
            await connection.GreetAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the connection; calls under way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!completion.Task.IsCompleted)
            End(new OpenFlowConnectionException("the connection was closed"), isLoss: false);
        await loops;
        await stream.DisposeAsync();
    }

    private static Channel<T> Bounded<T>(int capacity, Action<T> dropped) => Channel.CreateBounded(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest }, dropped);

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        var hello =
            new PendingReply<OpenFlowMessage.Hello>("HELLO", message => (true, message as OpenFlowMessage.Hello));
        // The switch chooses the transaction of its own HELLO, so the read loop finds this by its reserved number.
        pending[0] = hello;
        loops = Task.WhenAll(ReadLoopAsync(), EchoLoopAsync(), KeepaliveLoopAsync());
        var offered = options.Versions.Aggregate(0u, (bits, version) => bits | 1u << (int)version);
        Version = options.Versions.Max();
        await WriteAsync(Version, NextTransaction(), new OpenFlowMessage.Hello(offered), cancellationToken);
        var theirs = (await hello.Task.WaitAsync(cancellationToken)).Versions;
        var common = options.Versions.Where(version => (theirs >> (int)version & 1) != 0).ToList();
        if (common.Count == 0)
            throw new OpenFlowConnectionException($"the switch speaks none of our versions, but (bitmap) 0x{theirs:x}");
        Version = common.Max();
        Features = await RequestAsync<OpenFlowMessage.FeaturesReply>(
            new OpenFlowMessage.FeaturesRequest(), "its features", cancellationToken);
        await WriteAsync(
            Version, NextTransaction(),
            new OpenFlowMessage.SetConfig((ushort)options.Fragments, options.MissSendLength), cancellationToken);
        await BarrierAsync(cancellationToken);
    }

    private uint NextTransaction() => ReserveTransactions(1);

    /// <summary>The first of a row of transactions none of which is 0, the number of the peer's HELLO.</summary>
    private uint ReserveTransactions(int count)
    {
        while (true)
        {
            var last = Interlocked.Add(ref transaction, (uint)count);
            var first = last - (uint)count + 1;
            if (first != 0 && first <= last) return first;
        }
    }

    private void End(Exception reason, bool isLoss)
    {
        if (Interlocked.CompareExchange(ref failure, reason, null) is not null) return;
        stopping.Cancel();
        foreach (var (key, waiting) in pending)
            if (pending.TryRemove(key, out _))
                waiting.Fail(reason);
        packets.Writer.TryComplete(isLoss ? reason : null);
        ports.Writer.TryComplete(isLoss ? reason : null);
        echoes.Writer.TryComplete();
        // A write that the peer does not read would never end by the token alone.
        stream.Close();
        if (isLoss) completion.TrySetException(reason);
        else completion.TrySetResult();
    }
}

using System.Diagnostics;
using System.Globalization;
using Alcor.Protocol.V1;
using Alcor.Rpc;

namespace Alcor.Bench.Hosts;

/// <summary>
/// A host without a switch, on a real gRPC stream of its own: acknowledges whatever comes as soon as it has been
/// parsed, and remembers when it had sent that.
/// </summary>
internal sealed class FakeHost : IAsyncDisposable
{
    private static readonly RpcMethod<AgentMessage, DataplaneMessage> Connect =
        new(DataplaneReflection.Descriptor.Services[0], "Connect");

    private readonly RpcChannel channel;
    private readonly IDuplexCall<AgentMessage, DataplaneMessage> call;
    private readonly CancellationTokenSource ending = new();
    private readonly Dictionary<string, List<(ulong Revision, long Ticks)>> acknowledged = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource synchronized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;

    private FakeHost(string name, Uri dataplane)
    {
        Name = name;
        channel = new RpcChannel(dataplane);
        call = channel.Duplex(Connect, options: null, ending.Token);
        reading = ReadAsync();
    }

    public string Name { get; }

    public static async Task<FakeHost> ConnectAsync(Uri dataplane, int number, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"compute-{number}");
        var host = new FakeHost(name, dataplane);
        await host.call.SendAsync(
            new AgentMessage
            {
                Hello = new Hello
                {
                    Host = name,
                    TunnelAddress = string.Create(
                        CultureInfo.InvariantCulture, $"172.16.{number / 250}.{1 + number % 250}"),
                    Version = "bench",
                },
            },
            cancellationToken);
        // A host whose stream broke would wait for ever; whatever broke it is thrown here.
        await await Task.WhenAny(host.synchronized.Task, host.reading).WaitAsync(cancellationToken);
        return host;
    }

    /// <summary>When it had acknowledged the partition at this revision or a later one; null: not yet.</summary>
    public long? AcknowledgedAt(string partition, ulong revision)
    {
        lock (acknowledged)
        {
            if (!acknowledged.TryGetValue(partition, out var history) || history[^1].Revision < revision)
                return null;
            return history.First(one => one.Revision >= revision).Ticks;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await call.DisposeAsync();
        channel.Dispose();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private async Task ReadAsync()
    {
        await foreach (var message in call.ReadAllAsync(ending.Token))
        {
            switch (message.BodyCase)
            {
                case DataplaneMessage.BodyOneofCase.Update when message.Update.Last:
                    await AcknowledgeAsync(message.Update);
                    break;
                case DataplaneMessage.BodyOneofCase.Synchronized:
                    synchronized.TrySetResult();
                    break;
                case DataplaneMessage.BodyOneofCase.Heartbeat:
                    await call.SendAsync(new AgentMessage { Heartbeat = new Heartbeat() }, ending.Token);
                    break;
            }
        }
    }

    private async Task AcknowledgeAsync(PartitionUpdate update)
    {
        await call.SendAsync(
            new AgentMessage { Ack = new Ack { Partition = update.Partition, Revision = update.ToRevision } },
            ending.Token);
        var now = Stopwatch.GetTimestamp();
        lock (acknowledged)
        {
            if (!acknowledged.TryGetValue(update.Partition, out var history))
                acknowledged.Add(update.Partition, history = []);
            history.Add((update.ToRevision, now));
        }
    }
}

using System.Threading.Channels;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.Agent;

/// <summary>What the link reports to the loop, in order: up, then messages, then down.</summary>
internal interface ILinkEvent;

/// <param name="Outbox">Where messages to the dataplane go.</param>
/// <param name="Leave">Ends the connection, for the reason given; harmless when it has ended.</param>
internal sealed record LinkUp(ChannelWriter<AgentMessage> Outbox, Action<string> Leave) : ILinkEvent;

internal sealed record LinkMessage(DataplaneMessage Message) : ILinkEvent;

internal sealed record LinkDown(string Reason) : ILinkEvent;

/// <summary>
/// Keeps one connection to a dataplane: dials, carries messages both ways, sends heartbeats, leaves a peer that has
/// gone silent, and dials again after a growing pause with jitter. It decides nothing about what is said.
/// </summary>
internal sealed class DataplaneLink(AgentOptions options, DialDataplane dial, TimeProvider time, Random random)
{
    private int _failures;
    private long _sentAt;
    private long _heardAt;
    private bool _isDelivering;

    public async Task RunAsync(
        Func<ILinkEvent, CancellationToken, ValueTask> report, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reason = await ConnectAsync(report, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await report(new LinkDown(reason), cancellationToken);
            await Task.Delay(Pause(), time, cancellationToken);
        }
    }

    private TimeSpan Pause()
    {
        var grown = options.ReconnectMin * Math.Pow(2, Math.Min(_failures++, 20));
        var bounded = grown < options.ReconnectMax ? grown : options.ReconnectMax;
        // Between half and all of it, so that the hosts of a dataplane that died do not come back at once.
#pragma warning disable CA5394 // Jitter is no secret.
        return bounded * (0.5 + random.NextDouble() / 2);
#pragma warning restore CA5394
    }

    /// <returns>Why there is no connection (any more).</returns>
    private async Task<string> ConnectAsync(
        Func<ILinkEvent, CancellationToken, ValueTask> report, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var patience = new CancellationTokenSource(options.Liveness, time);
        try
        {
            using var dialling = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, patience.Token);
            await using var channel = await dial(dialling.Token);
            var outbox = Channel.CreateBounded<AgentMessage>(
                new BoundedChannelOptions(AgentLimits.OutboxMax) { SingleReader = true, SingleWriter = true });
            _sentAt = _heardAt = time.GetTimestamp();
            var leaving = Channel.CreateBounded<string>(1);
            await report(new LinkUp(outbox.Writer, reason => leaving.Writer.TryWrite(reason)), ending.Token);
            var parts = new[]
            {
                ReceiveAsync(channel, report, ending.Token),
                SendAsync(channel, outbox.Reader, ending.Token),
                WatchAsync(outbox.Writer, ending.Token),
                LeaveAsync(leaving.Reader, ending.Token),
            };
            var first = await Task.WhenAny(parts);
            // Not CancelAsync, which would go on elsewhere than in the loop.
            ending.Cancel();
            var reason = await first;
            // The others end because of the cancellation; what they say is not news.
            await Task.WhenAll(parts);
            return reason;
        }
        catch (Exception error)
        {
            return patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested
                ? "no dataplane answers"
                : error.Message;
        }
    }

    private async Task<string> ReceiveAsync(
        IAgentChannel channel, Func<ILinkEvent, CancellationToken, ValueTask> report, CancellationToken ending)
    {
        try
        {
            await foreach (var message in channel.ReadAllAsync(ending))
            {
                _heardAt = time.GetTimestamp();
                // Not before: a dataplane that only ever sends half of it must not be dialled without a pause.
                if (message.BodyCase == DataplaneMessage.BodyOneofCase.Synchronized)
                    _failures = 0;
                if (message.BodyCase == DataplaneMessage.BodyOneofCase.Heartbeat)
                    continue;
                _isDelivering = true;
                await report(new LinkMessage(message), ending);
                _isDelivering = false;
                _heardAt = time.GetTimestamp();
            }
            return "the dataplane ended the stream";
        }
        catch (Exception error)
        {
            // Whatever a transport throws means the same: connect again.
            return error.Message;
        }
    }

    private async Task<string> SendAsync(
        IAgentChannel channel, ChannelReader<AgentMessage> outbox, CancellationToken ending)
    {
        try
        {
            await foreach (var message in outbox.ReadInContextAsync(ending))
            {
                await channel.SendAsync(message, ending);
                _sentAt = time.GetTimestamp();
            }
            return "nothing more to send";
        }
        catch (Exception error)
        {
            return error.Message;
        }
    }

    private static async Task<string> LeaveAsync(ChannelReader<string> leaving, CancellationToken ending)
    {
        try
        {
            return await leaving.ReadAsync(ending);
        }
        catch (OperationCanceledException)
        {
            return "ending";
        }
    }

    private async Task<string> WatchAsync(ChannelWriter<AgentMessage> outbox, CancellationToken ending)
    {
        try
        {
            var third = options.Liveness / 3;
            while (true)
            {
                await Task.Delay(third, time, ending);
                var now = time.GetTimestamp();
                // While a message waits for the loop the peer is not silent: we are not listening.
                if (!_isDelivering && time.GetElapsedTime(_heardAt, now) > options.Liveness)
                    return $"the dataplane has said nothing for {options.Liveness}";
                if (time.GetElapsedTime(_sentAt, now) >= third)
                    outbox.TryWrite(new AgentMessage { Heartbeat = new Heartbeat() });
            }
        }
        catch (OperationCanceledException)
        {
            return "ending";
        }
    }
}

using Alcor.GoalState;
using Alcor.Network.Nodes;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane;

/// <summary>
/// One connection of one host: a loop that sends what the outbox has, a loop that hears what the host says, and a
/// timer. Whatever goes wrong ends this session; the host connects again and says what it holds.
/// </summary>
internal sealed class HostSession : IDisposable
{
    private readonly Signal signal = new();
    private readonly CancellationTokenSource ending;
    private readonly IHostChannel channel;
    private readonly HostIdentity host;
    private readonly SessionSurroundings around;
    private readonly Outbox outbox;
    private readonly ITimer ticking;
    private AgentSession? session;
    private string? endReason;
    private long heardAt;
    private long sentAt;
    private long aliveReportedAt;
    private int isReportingAlive;

    /// <param name="ending">Cancelled when the session ends; whoever made it disposes it.</param>
    public HostSession(
        IHostChannel channel,
        Greeting greeting,
        HostProgress progress,
        SessionSurroundings around,
        CancellationTokenSource ending)
    {
        (this.channel, host, this.around, this.ending) = (channel, greeting.Host, around, ending);
        Progress = progress;
        outbox = new Outbox(greeting, progress, around.Relay, around.Options, signal.Set);
        heardAt = sentAt = aliveReportedAt = around.Time.GetTimestamp();
        var third = around.Options.Liveness / 3;
        ticking = around.Time.CreateTimer(_ => Tick(), null, third, third);
    }

    public HostProgress Progress { get; }

    public string Host => host.Host;

    /// <summary>When the host was last heard of, as a timestamp of the time provider.</summary>
    public long HeardAt => Volatile.Read(ref heardAt);

    /// <summary>Why the session ended; null while it runs.</summary>
    public string? EndReason => Volatile.Read(ref endReason);

    /// <summary>Ends the session, from anywhere; the first reason counts.</summary>
    public void End(string reason)
    {
        if (Interlocked.CompareExchange(ref endReason, reason, null) is not null)
            return;
        signal.Set();
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in the same moment.
        }
    }

    /// <summary>Serves the host until the session ends.</summary>
    /// <param name="begun">What the facts call the session.</param>
    /// <returns>Why it ended.</returns>
    public async Task<string> RunAsync(AgentSession begun, IAsyncEnumerator<AgentMessage> messages)
    {
        Volatile.Write(ref session, begun);
        using var stopping = ending.Token.UnsafeRegister(
            static state => ((HostSession)state!).End("the server stops"), this);
        await Task.WhenAll(SendAsync(), HearAsync(messages));
        return EndReason!;
    }

    public void Dispose()
    {
        ticking.Dispose();
        outbox.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            while (EndReason is null)
            {
                var next = outbox.Next();
                around.Reports.Add(session!, outbox.TakeObservations());
                if (next is { } message)
                {
                    await channel.SendAsync(message, ending.Token);
                    Volatile.Write(ref sentAt, around.Time.GetTimestamp());
                }
                else
                {
                    await signal.WaitAsync();
                }
            }
        }
#pragma warning disable CA1031 // Whatever a transport throws means the same: the connection is over.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            End($"sending failed: {exception.Message}");
        }
    }

    private async Task HearAsync(IAsyncEnumerator<AgentMessage> messages)
    {
        try
        {
            while (EndReason is null && await messages.MoveNextAsync())
            {
                Volatile.Write(ref heardAt, around.Time.GetTimestamp());
                Take(messages.Current);
            }
            End("the agent ended the stream");
        }
#pragma warning disable CA1031 // Whatever a transport throws means the same, and a host may say what it likes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            End(exception is ProtocolViolationException ? exception.Message : $"hearing failed: {exception.Message}");
        }
    }

    private void Take(AgentMessage message)
    {
        // What a host says on a connection that is over does not count: another one may have taken its place.
        if (EndReason is not null || message.BodyCase == AgentMessage.BodyOneofCase.Heartbeat)
            return;
        if (message.BodyCase != AgentMessage.BodyOneofCase.Ack)
            throw new ProtocolViolationException($"{host.Host} sent {message.BodyCase} inside a session");
        var ack = message.Ack;
        if (ack.Results.Count > DataplaneLimits.ResultsMax)
            throw new ProtocolViolationException($"{host.Host} sent {ack.Results.Count} results in one Ack");
        var partition = Greeting.ReadPartition(ack.Partition);
        outbox.Acknowledge(partition, Greeting.ReadRevision(ack.Revision), [.. ack.Results.Select(ReadResult)]);
        around.Reports.Add(session!, outbox.TakeObservations());
        Progress.Changed(partition);
    }

    private EntryProblem ReadResult(EntryResult result)
    {
        if (result.Id.Length != 16)
            throw new ProtocolViolationException($"{host.Host} names an entry by {result.Id.Length} bytes");
        if (result.State is not (EntryState.Applied or EntryState.Waiting or EntryState.Failed))
            throw new ProtocolViolationException($"{host.Host} reports a state that does not exist: {result.State}");
        var reason = result.Reason.Length > DataplaneLimits.ReasonCharactersMax
            ? result.Reason[..DataplaneLimits.ReasonCharactersMax]
            : result.Reason;
        return new EntryProblem(EntryKey.Read(result.Kind, result.Id), result.State, reason, around.Time.GetUtcNow());
    }

    private void Tick()
    {
        if (EndReason is not null)
            return;
        var (time, options) = (around.Time, around.Options);
        if (time.GetElapsedTime(HeardAt) >= options.Liveness)
        {
            End($"the agent has said nothing for {options.Liveness}");
            return;
        }
        outbox.Tick(wasSilent: time.GetElapsedTime(Volatile.Read(ref sentAt)) >= options.Liveness / 3);
        // Not of a host that may just have fallen silent: the report says that it was heard of now.
        var isHeardOf = time.GetElapsedTime(HeardAt) < options.Liveness / 2;
        if (isHeardOf && time.GetElapsedTime(aliveReportedAt) >= options.AliveReportInterval)
            _ = ReportAliveAsync();
    }

    private async Task ReportAliveAsync()
    {
        if (Volatile.Read(ref session) is not { } begun || Interlocked.Exchange(ref isReportingAlive, 1) == 1)
            return;
        try
        {
            aliveReportedAt = around.Time.GetTimestamp();
            // What it reports would change nothing any more. An agent that is there comes again, and counts again.
            if (await around.Facts.HostAliveAsync(begun, ending.Token))
                around.Gateways.Wake(Host);
            else
                End("it does not count any more: the agent was deleted, or another session connected later");
        }
#pragma warning disable CA1031 // It is said again after the same interval.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            Volatile.Write(ref isReportingAlive, 0);
        }
    }
}

/// <summary>What sessions share.</summary>
internal sealed record SessionSurroundings(
    Relay Relay,
    IHostFacts Facts,
    PortReports Reports,
    GatewayWatch Gateways,
    DataplaneOptions Options,
    TimeProvider Time);

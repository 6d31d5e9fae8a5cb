using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.Dataplane;

/// <summary>
/// The dataplane of a process: sessions with hosts, fed from the store, reporting what hosts say. It keeps nothing
/// that it could not read or hear again; another one may take over any host at any time.
/// </summary>
public sealed class DataplaneService : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HostSession> sessions = [];
    private readonly Absences absences;
    private readonly GatewayWatch gateways;
    private readonly SessionSurroundings around;
    private readonly IStore store;

    public DataplaneService(
        IStore store, Catalog catalog, IHostFacts facts, DataplaneOptions options, TimeProvider time)
    {
        this.store = store;
        Relay = new Relay(store, catalog, options, time);
        Convergence = new Convergence(Relay, store, catalog, time);
        var reports = new PortReports(facts, options, time, Convergence.Activations);
        gateways = new GatewayWatch(facts, options, time);
        around = new SessionSurroundings(Relay, facts, reports, gateways, options, time);
        absences = new Absences(store, catalog, around);
    }

    public Relay Relay { get; }

    public Convergence Convergence { get; }

    /// <summary>Hosts with a session.</summary>
    public int SessionCount
    {
        get
        {
            lock (gate)
                return sessions.Count;
        }
    }

    /// <summary>Port observations that are not written down yet.</summary>
    public int WaitingObservationCount => around.Reports.WaitingCount;

    /// <summary>
    /// Gives the agents that were alive when the last process ended the liveness time to come back, and ends what that
    /// had to do about the others. Called once, before hosts are served.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var stored in await store.ListAsync(ListQuery.All(Agent.Type.Name), cancellationToken))
        {
            var agent = Agent.Type.Decode(stored.Value);
            if (agent.Alive)
                absences.Begin(agent.Host, await SessionOfAsync(agent.Host, cancellationToken), TimeSpan.Zero);
            else
                gateways.Wake(agent.Host);
        }
    }

    /// <summary>Serves one connection until it ends; never throws because of what the other side does.</summary>
    /// <returns>Why it ended, for the log.</returns>
    public async Task<string> ServeAsync(IHostChannel channel, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var messages = channel.ReadAllAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        try
        {
            var greeting = await GreetAsync(messages, ending);
            return await ServeAsync(channel, greeting, messages, ending);
        }
#pragma warning disable CA1031 // Whatever a transport throws, or a host says, ends this connection only.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.Message;
        }
        finally
        {
            await DisposeAsync(messages);
        }
    }

    public void Dispose()
    {
        List<HostSession> running;
        lock (gate)
            running = [.. sessions.Values];
        foreach (var session in running)
            session.End("the server stops");
        absences.Dispose();
        around.Reports.Dispose();
        gateways.Dispose();
        Relay.Dispose();
    }

    private async Task<AgentSession?> SessionOfAsync(string host, CancellationToken cancellationToken) =>
        await store.GetAsync(AgentSession.Type.Key(host), cancellationToken) is { } stored
            ? AgentSession.Type.Decode(stored.Value)
            : null;

    private async Task<Greeting> GreetAsync(IAsyncEnumerator<AgentMessage> messages, CancellationTokenSource ending)
    {
        // The timer may fire while its cancellation source is already gone: cancelling is then the other side's affair.
        await using var patience = around.Time.CreateTimer(
            static state => Cancel((CancellationTokenSource)state!),
            ending,
            around.Options.Liveness,
            Timeout.InfiniteTimeSpan);
        return await messages.MoveNextAsync()
            ? Greeting.Read(messages.Current)
            : throw new ProtocolViolationException("the agent ended the stream without a Hello");
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended by itself in the same moment.
        }
    }

    private async Task<string> ServeAsync(
        IHostChannel channel,
        Greeting greeting,
        IAsyncEnumerator<AgentMessage> messages,
        CancellationTokenSource ending)
    {
        var host = greeting.Host.Host;
        using var session = Begin(channel, greeting, ending);
        AgentSession? begun = null;
        try
        {
            begun = await around.Facts.HostConnectedAsync(greeting.Host, ending.Token);
            gateways.Wake(host);
            return session.EndReason ?? await session.RunAsync(begun, messages);
        }
        catch (Exception exception)
        {
            session.End(exception.Message);
            throw;
        }
        finally
        {
            session.Progress.Disconnect(session.EndReason ?? "it ended");
            lock (gate)
            {
                // Not if another connection of the host has taken this one's place.
                if (sessions.GetValueOrDefault(host) == session)
                {
                    sessions.Remove(host);
                    absences.Begin(host, begun, around.Time.GetElapsedTime(session.HeardAt));
                }
            }
        }
    }

    private HostSession Begin(IHostChannel channel, Greeting greeting, CancellationTokenSource ending)
    {
        var host = greeting.Host.Host;
        HostSession? earlier;
        HostSession session;
        lock (gate)
        {
            sessions.Remove(host, out earlier);
            var progress = Convergence.Connect(host);
            session = new HostSession(channel, greeting, progress, around, ending);
            sessions.Add(host, session);
            absences.End(host);
        }
        earlier?.End("another connection of the host has taken its place");
        return session;
    }

    private static async ValueTask DisposeAsync(IAsyncEnumerator<AgentMessage> messages)
    {
        try
        {
            await messages.DisposeAsync();
        }
#pragma warning disable CA1031 // Also of a stream that is still being read: the connection is over either way.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}

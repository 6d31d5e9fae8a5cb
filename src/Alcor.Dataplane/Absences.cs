using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;

namespace Alcor.Dataplane;

/// <summary>
/// Hosts that were heard of and have no session. One that stays away for the liveness time, and that no other
/// dataplane has heard of meanwhile, is reported as gone.
/// </summary>
/// <remarks>As large as the hosts that left lately: each is forgotten when it is reported, or comes back.</remarks>
internal sealed class Absences(IStore store, Catalog catalog, SessionSurroundings around) : IDisposable
{
    private readonly DataplaneOptions options = around.Options;
    private readonly TimeProvider time = around.Time;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Absence> absences = [];
    private bool isStopped;

    /// <param name="session">The session that has ended; null if it never came to count.</param>
    /// <param name="silence">How long nothing has been heard of the host already.</param>
    public void Begin(string host, AgentSession? session, TimeSpan silence)
    {
        var absence = new Absence(session, time.GetUtcNow());
        lock (gate)
        {
            if (isStopped)
                return;
            Remove(host);
            absences.Add(host, absence);
            absence.Timer = time.CreateTimer(
                _ => Due(host, absence), null, Positive(options.Liveness - silence), Timeout.InfiniteTimeSpan);
        }
    }

    public void End(string host)
    {
        lock (gate)
            Remove(host);
    }

    public void Dispose()
    {
        lock (gate)
        {
            isStopped = true;
            foreach (var absence in absences.Values)
                absence.Timer?.Dispose();
            absences.Clear();
        }
    }

    private void Due(string host, Absence absence) => _ = ReportAsync(host, absence);

    private async Task ReportAsync(string host, Absence absence)
    {
        try
        {
            // The end of this session says nothing of one that begins after this was read.
            var stored = await store.GetAsync(AgentSession.Type.Key(host), CancellationToken.None);
            var last = stored is null ? null : AgentSession.Type.Decode(stored.Value);
            if (await HeardElsewhereAsync(host, last, absence) is { } heardAt)
            {
                Again(host, absence, heardAt + options.AliveReportInterval + options.Liveness - time.GetUtcNow());
                return;
            }
            if (!IsCurrent(host, absence))
                return;
            if (last is not null)
                await around.Facts.HostGoneAsync(last, CancellationToken.None);
            around.Gateways.Wake(host);
            lock (gate)
            {
                if (absences.GetValueOrDefault(host) == absence)
                    Remove(host);
            }
        }
#pragma warning disable CA1031 // It is gone still, and is reported later.
        catch (Exception)
#pragma warning restore CA1031
        {
            Again(host, absence, options.RetryDelay);
        }
    }

    /// <summary>When another dataplane has heard of the host, if lately enough.</summary>
    private async Task<DateTimeOffset?> HeardElsewhereAsync(string host, AgentSession? last, Absence absence)
    {
        var query = ListQuery.By(Agent.Type.Name, $"{Agent.Type.Name}.host", host);
        foreach (var stored in await store.ListAsync(query, CancellationToken.None))
        {
            var agent = (Agent)catalog.Decode(stored).Value;
            var isFresh = agent.HeartbeatAt + options.AliveReportInterval + options.Liveness > time.GetUtcNow();
            var isElsewhere = last != absence.Session || agent.HeartbeatAt > absence.BegunAt;
            if (agent.Alive && isFresh && isElsewhere)
                return agent.HeartbeatAt;
        }
        return null;
    }

    private bool IsCurrent(string host, Absence absence)
    {
        lock (gate)
            return !isStopped && absences.GetValueOrDefault(host) == absence;
    }

    private void Again(string host, Absence absence, TimeSpan pause)
    {
        lock (gate)
        {
            if (!isStopped && absences.GetValueOrDefault(host) == absence)
                absence.Timer?.Change(Positive(pause), Timeout.InfiniteTimeSpan);
        }
    }

    private void Remove(string host)
    {
        if (absences.Remove(host, out var absence))
            absence.Timer?.Dispose();
    }

    private static TimeSpan Positive(TimeSpan pause) =>
        pause > TimeSpan.Zero ? pause : TimeSpan.FromMilliseconds(1);

    private sealed class Absence(AgentSession? session, DateTimeOffset begunAt)
    {
        public AgentSession? Session => session;

        public DateTimeOffset BegunAt => begunAt;

        public ITimer? Timer { get; set; }
    }
}

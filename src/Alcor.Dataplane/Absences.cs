using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;

namespace Alcor.Dataplane;

/// <summary>
/// Hosts that were heard of and have no session. One that stays away for the liveness time, and that no other
/// dataplane has heard of meanwhile, is reported as gone.
/// </summary>
/// <remarks>As large as the hosts that left lately: each is forgotten when it is reported, or comes back.</remarks>
internal sealed class Absences(
    IStore store, Catalog catalog, IHostFacts facts, DataplaneOptions options, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Absence> absences = [];
    private bool isStopped;

    /// <param name="connectedAt">When the session began that has ended, UTC.</param>
    /// <param name="silence">How long nothing has been heard of the host already.</param>
    public void Begin(string host, DateTimeOffset connectedAt, TimeSpan silence)
    {
        var absence = new Absence(connectedAt, time.GetUtcNow());
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
            if (await HeardElsewhereAsync(host, absence) is { } heardAt)
            {
                Again(host, absence, heardAt + options.AliveReportInterval + options.Liveness - time.GetUtcNow());
                return;
            }
            if (!IsCurrent(host, absence))
                return;
            await facts.HostGoneAsync(host, CancellationToken.None);
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
    private async Task<DateTimeOffset?> HeardElsewhereAsync(string host, Absence absence)
    {
        var query = ListQuery.By(Agent.Type.Name, $"{Agent.Type.Name}.host", host);
        foreach (var stored in await store.ListAsync(query, CancellationToken.None))
        {
            var agent = (Agent)catalog.Decode(stored).Value;
            var isFresh = agent.HeartbeatAt + options.AliveReportInterval + options.Liveness > time.GetUtcNow();
            var isElsewhere = agent.StartedAt > absence.ConnectedAt || agent.HeartbeatAt > absence.BegunAt;
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

    private sealed class Absence(DateTimeOffset connectedAt, DateTimeOffset begunAt)
    {
        public DateTimeOffset ConnectedAt => connectedAt;

        public DateTimeOffset BegunAt => begunAt;

        public ITimer? Timer { get; set; }
    }
}

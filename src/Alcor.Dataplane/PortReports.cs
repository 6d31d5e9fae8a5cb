using Alcor.Network.Nodes;
using Alcor.Network.Ports;

namespace Alcor.Dataplane;

/// <summary>
/// Takes what hosts say of their ports to whoever writes it down. For each session of a host and network at most
/// one report is on its way; what is said meanwhile waits as one observation a port, and a report that failed is made
/// again.
/// </summary>
/// <remarks>Bounded by the ports that are bound: each has at most one observation waiting.</remarks>
internal sealed class PortReports : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(AgentSession Session, string NetworkId), Dictionary<string, PortObservation>> waiting =
        [];
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationToken stopped;
    private readonly IHostFacts facts;
    private readonly DataplaneOptions options;
    private readonly TimeProvider time;
    private readonly Activations activations;

    /// <param name="activations">Told of each port that becomes ACTIVE.</param>
    public PortReports(IHostFacts facts, DataplaneOptions options, TimeProvider time, Activations activations)
    {
        (this.facts, this.options, this.time, this.activations) = (facts, options, time, activations);
        stopped = stopping.Token;
    }

    /// <summary>Observations that are not written down yet, but for those on their way.</summary>
    public int WaitingCount
    {
        get
        {
            lock (gate)
                return waiting.Values.Sum(ports => ports.Count);
        }
    }

    public void Add(AgentSession session, IReadOnlyList<(string NetworkId, PortObservation Observation)> observations)
    {
        foreach (var network in observations.GroupBy(one => one.NetworkId))
        {
            if (!stopped.IsCancellationRequested && Put((session, network.Key), network.Select(one => one.Observation)))
                _ = ReportAsync((session, network.Key));
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <returns>Whether nothing was on its way, so that the caller has to start.</returns>
    private bool Put((AgentSession Session, string NetworkId) key, IEnumerable<PortObservation> observations)
    {
        lock (gate)
        {
            var isFirst = !waiting.TryGetValue(key, out var ports);
            if (isFirst)
                waiting.Add(key, ports = []);
            foreach (var observation in observations)
                ports![observation.PortId] = observation;
            return isFirst;
        }
    }

    private async Task ReportAsync((AgentSession Session, string NetworkId) key)
    {
        try
        {
            while (Take(key) is { } batch)
            {
                try
                {
                    foreach (var port in await facts.PortsObservedAsync(key.NetworkId, key.Session, batch, stopped))
                    {
                        if (port.Status == PortStatus.Active)
                            activations.Note(port.Id, port.Generation);
                    }
                }
#pragma warning disable CA1031 // Whatever went wrong, what the host said is still true and has to be written down.
                catch (Exception) when (!stopped.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    PutBack(key, batch);
                    await Task.Delay(options.RetryDelay, time, stopped);
                }
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The process ends. The next one hears it again: the first acknowledgement of a session tells everything.
        }
    }

    /// <summary>The next batch; null, and the key forgotten, when nothing waits.</summary>
    private List<PortObservation>? Take((AgentSession Session, string NetworkId) key)
    {
        lock (gate)
        {
            var ports = waiting[key];
            if (ports.Count == 0)
            {
                waiting.Remove(key);
                return null;
            }
            List<PortObservation> batch = [.. ports.Values.Take(DataplaneLimits.ObservationsMax)];
            foreach (var observation in batch)
                ports.Remove(observation.PortId);
            return batch;
        }
    }

    /// <summary>What was said since counts more.</summary>
    private void PutBack((AgentSession Session, string NetworkId) key, List<PortObservation> batch)
    {
        lock (gate)
        {
            foreach (var observation in batch)
                waiting[key].TryAdd(observation.PortId, observation);
        }
    }
}

namespace Alcor.Dataplane;

/// <summary>
/// When ports became ACTIVE, as this process wrote it down: of the last <see cref="DataplaneLimits.ActivationsMax"/>
/// ports.
/// </summary>
internal sealed class Activations(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Generation, DateTimeOffset At)> ports = [];
    private readonly Queue<string> order = new();

    /// <summary>A port became ACTIVE now.</summary>
    public void Note(string portId, long generation)
    {
        lock (gate)
        {
            // A port that comes again keeps its place: it is forgotten as early as if it had not.
            if (!ports.ContainsKey(portId))
                order.Enqueue(portId);
            ports[portId] = (generation, time.GetUtcNow());
            if (ports.Count > DataplaneLimits.ActivationsMax)
                ports.Remove(order.Dequeue());
        }
    }

    public DateTimeOffset? Find(string portId, long generation)
    {
        lock (gate)
            return ports.TryGetValue(portId, out var known) && known.Generation == generation ? known.At : null;
    }
}

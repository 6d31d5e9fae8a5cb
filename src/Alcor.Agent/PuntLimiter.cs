namespace Alcor.Agent;

/// <summary>
/// A token bucket for each port, so that a machine that asks without end costs the others nothing.
/// </summary>
internal sealed class PuntLimiter(TimeProvider time)
{
    private readonly Dictionary<uint, (double Tokens, long Since)> _buckets = [];

    /// <summary>Whether a packet of this port may be looked at now.</summary>
    public bool TryTake(uint port)
    {
        var now = time.GetTimestamp();
        if (_buckets.Count >= AgentLimits.PuntPortsMax && !_buckets.ContainsKey(port))
            _buckets.Clear();
        var (tokens, since) = _buckets.GetValueOrDefault(port, (AgentLimits.PuntBurstMax, now));
        var filled = tokens + time.GetElapsedTime(since, now).TotalSeconds * AgentLimits.PuntsPerSecond;
        tokens = Math.Min(AgentLimits.PuntBurstMax, filled);
        var granted = tokens >= 1;
        _buckets[port] = (granted ? tokens - 1 : tokens, now);
        return granted;
    }
}

namespace Alcor.Agent;

/// <summary>How much each may ask.</summary>
/// <param name="Burst">Without a pause.</param>
/// <param name="PerSecond">After that.</param>
/// <param name="KeysMax">With a running count; when there are more, all begin anew.</param>
internal readonly record struct AskingLimits(int Burst, int PerSecond, int KeysMax);

/// <summary>
/// A token bucket for each of those who ask, so that one that asks without end costs the others nothing.
/// </summary>
internal sealed class TokenBuckets<TKey>(AskingLimits limits, TimeProvider time)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (double Tokens, long Since)> _buckets = [];

    /// <summary>Whether what this one asks may be looked at now.</summary>
    public bool TryTake(TKey key)
    {
        var now = time.GetTimestamp();
        if (_buckets.Count >= limits.KeysMax && !_buckets.ContainsKey(key))
            _buckets.Clear();
        var (tokens, since) = _buckets.GetValueOrDefault(key, (limits.Burst, now));
        var filled = tokens + time.GetElapsedTime(since, now).TotalSeconds * limits.PerSecond;
        tokens = Math.Min(limits.Burst, filled);
        var granted = tokens >= 1;
        _buckets[key] = (granted ? tokens - 1 : tokens, now);
        return granted;
    }
}

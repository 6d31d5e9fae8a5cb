namespace Alcor.Agent.Services;

/// <summary>How much of something all may take together, and how much of that one alone.</summary>
public sealed class Occupancy<TKey>(int most, int mostOfOne)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, int> _taken = [];
    private int _all;

    /// <summary>A place, which is given back by disposing of it; null: there is none for this one.</summary>
    public IDisposable? TryTake(TKey key)
    {
        lock (_gate)
        {
            var own = _taken.GetValueOrDefault(key);
            if (_all >= most || own >= mostOfOne)
                return null;
            _all++;
            _taken[key] = own + 1;
            return new Place(this, key);
        }
    }

    private void GiveBack(TKey key)
    {
        lock (_gate)
        {
            _all--;
            if (_taken[key] == 1)
                _taken.Remove(key);
            else
                _taken[key]--;
        }
    }

    private sealed class Place(Occupancy<TKey> of, TKey key) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
                of.GiveBack(key);
        }
    }
}

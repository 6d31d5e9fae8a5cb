namespace Alcor.Simulation.Tests;

/// <summary>
/// Runs every continuation of the simulated world on one thread, one at a time: in the order in which they became
/// ready,
/// or, from a seed, in any order, as threads of a real process might.
/// </summary>
/// <param name="random">Chooses what runs next; null keeps the order.</param>
internal sealed class Scheduler(Random? random) : SynchronizationContext
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];
    private int _first;

    /// <summary>Whether something is ready to run.</summary>
    public bool IsBusy => _ready.Count > _first;

    /// <summary>Continuations that have run so far.</summary>
    public long Steps { get; private set; }

    /// <exception cref="InvalidOperationException">Something has left the thread: the world would not be
    /// repeatable.</exception>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("a continuation comes from another thread");
        _ready.Add((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>Awaits that copy the context must come back to this one.</summary>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs one continuation. Something must be ready.</summary>
    public void Step()
    {
        if (random is not null)
        {
            var chosen = random.Next(_first, _ready.Count);
            (_ready[_first], _ready[chosen]) = (_ready[chosen], _ready[_first]);
        }
        var (callback, state) = _ready[_first];
        _ready[_first++] = default;
        if (_first == _ready.Count)
        {
            _ready.Clear();
            _first = 0;
        }
        Steps++;
        callback(state);
    }
}

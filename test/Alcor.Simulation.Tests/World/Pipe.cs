namespace Alcor.Simulation.Tests;

/// <summary>
/// One direction of a stream: messages arrive in order, each a while after it was sent, until the stream ends. What was
/// on its way when it broke is lost; a stalled one neither delivers nor tells.
/// </summary>
internal sealed class Pipe<T>(Simulation world)
{
    /// <summary>Messages that the buffers between two hosts hold before the sender waits.</summary>
    private const int WindowMax = 64;

    private readonly Queue<T> _arrived = new();
    private readonly Queue<T> _underway = new();
    private readonly Wakeup _news = new();
    private readonly Wakeup _room = new();
    private bool _isArriving;
    private bool _isStalled;
    private bool _isBroken;
    private bool _isEnded;

    /// <summary>What stands between the two ends: a message in, none or some out.</summary>
    public Func<T, IEnumerable<T>> Wire { get; set; } = message => [message];

    /// <summary>Sees each message when its receiver takes it.</summary>
    public Action<T> Taken { get; set; } = _ => { };

    public int Length => _arrived.Count + _underway.Count;

    public async ValueTask SendAsync(T message, CancellationToken cancellationToken)
    {
        while (Length >= WindowMax && !_isBroken)
            await _room.WaitAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (_isBroken)
            throw new IOException("the connection is reset");
        foreach (var sent in Wire(message))
            _underway.Enqueue(sent);
        Deliver();
    }

    public async IAsyncEnumerable<T> ReadAllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_arrived.TryDequeue(out var message))
            {
                _room.Set();
                Taken(message);
                yield return message;
            }
            if (_isEnded)
                yield break;
            if (_isBroken && !_isStalled)
                throw new IOException("the connection is reset");
            await _news.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The sender is done: what it sent arrives, then the end.</summary>
    public void End()
    {
        _isEnded = true;
        _news.Set();
    }

    /// <summary>Broken: what is on its way is lost, and both ends are told.</summary>
    public void Break()
    {
        _isBroken = true;
        _underway.Clear();
        _news.Set();
        _room.Set();
    }

    public void Stall() => _isStalled = true;

    public void Resume()
    {
        _isStalled = false;
        Deliver();
        _news.Set();
    }

    private void Deliver()
    {
        if (_isArriving || _isStalled || _underway.Count == 0)
            return;
        _isArriving = true;
        world.Time.After(world.Latency(), () =>
        {
            _isArriving = false;
            if (_isStalled || !_underway.TryDequeue(out var message))
                return;
            _arrived.Enqueue(message);
            _news.Set();
            Deliver();
        });
    }
}

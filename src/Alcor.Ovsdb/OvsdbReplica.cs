using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Alcor.Ovsdb;

/// <summary>
/// From the snapshot that a reader saw last (null: none yet) to the newest. <see cref="IsResynchronized"/> says that a
/// full read lies in between: changes may have been missed one by one, but none is missing from the difference.
/// </summary>
public sealed record OvsdbChange(OvsdbSnapshot? Before, OvsdbSnapshot After, bool IsResynchronized)
{
    public ImmutableArray<OvsdbRowChange> Rows => After.ChangesSince(Before);
}

/// <summary>
/// The newest snapshot of the watched tables. Missing is not empty: before the first complete contents there is no
/// snapshot, and while a connection is lost the last one stays.
/// </summary>
/// <remarks>Readers share one state and a signal, so nothing is queued: a slow reader skips to the newest.</remarks>
public sealed class OvsdbReplica
{
    private State state = new(null, 0);

    /// <summary>The newest snapshot, null before the first complete contents.</summary>
    public OvsdbSnapshot? Current => Volatile.Read(ref state).Snapshot;

    /// <summary>
    /// The receiver for a new monitor of <paramref name="tables"/>: its first contents replace the snapshot as a whole.
    /// One monitor at a time may feed a replica.
    /// </summary>
    public Action<OvsdbUpdate> Attach(OvsdbSchema schema, ImmutableArray<OvsdbMonitorTable> tables) => update =>
    {
        var now = Volatile.Read(ref state);
        if (now.IsComplete) return;
        var from = update.IsInitial || now.Snapshot is null ? OvsdbSnapshot.Of(tables) : now.Snapshot;
        Publish(now, new State(from.Apply(update, schema), now.Generation + (update.IsInitial ? 1 : 0)));
    };

    /// <summary>The newest snapshot at first and after every change, until the replica is completed.</summary>
    public async IAsyncEnumerable<OvsdbChange> ChangesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new State(null, 0);
        while (true)
        {
            var now = Volatile.Read(ref state);
            if (now.Snapshot is { } snapshot && !ReferenceEquals(snapshot, seen.Snapshot))
            {
                yield return new(seen.Snapshot, snapshot, now.Generation != seen.Generation);
                seen = now;
                continue;
            }

            if (now.IsComplete) yield break;
            await now.Next.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>The first snapshot, from the newest on, that satisfies <paramref name="condition"/>.</summary>
    /// <exception cref="ObjectDisposedException">The replica was completed without such a snapshot.</exception>
    public async Task<OvsdbSnapshot> WaitForAsync(Func<OvsdbSnapshot, bool> condition, CancellationToken cancellation)
    {
        await foreach (var change in ChangesAsync(cancellation))
        {
            if (condition(change.After)) return change.After;
        }

        throw new ObjectDisposedException(nameof(OvsdbReplica));
    }

    /// <summary>Ends all readers, after the newest snapshot; later updates are ignored.</summary>
    public void Complete()
    {
        var now = Volatile.Read(ref state);
        if (!now.IsComplete) Publish(now, now with { IsComplete = true, Next = NewSignal() });
    }

    private void Publish(State before, State after)
    {
        Volatile.Write(ref state, after);
        before.Next.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record State(OvsdbSnapshot? Snapshot, long Generation)
    {
        public bool IsComplete { get; init; }

        /// <summary>Completes when a newer state has taken the place of this one.</summary>
        public TaskCompletionSource Next { get; init; } = NewSignal();
    }
}

using System.Collections.Immutable;
using Alcor.Kernel.Store;

namespace Alcor.Storage;

/// <summary>
/// Who is told of commits. Telling is left to the one thread or lock that commits, which keeps the order.
/// </summary>
internal sealed class Subscribers
{
    private ImmutableArray<Subscription> subscriptions = [];

    public IDisposable Add(Action<PartitionRevision> onCommitted)
    {
        var subscription = new Subscription(this, onCommitted);
        ImmutableInterlocked.Update(ref subscriptions, static (all, one) => all.Add(one), subscription);
        return subscription;
    }

    public void Tell(IReadOnlyList<CommitResult> results)
    {
        if (subscriptions.IsEmpty)
            return;
        foreach (var result in results)
        {
            if (result is not CommitResult.Committed committed)
                continue;
            foreach (var revision in committed.Revisions)
            {
                foreach (var subscription in subscriptions)
                    subscription.OnCommitted(revision);
            }
        }
    }

    private sealed class Subscription(Subscribers owner, Action<PartitionRevision> onCommitted) : IDisposable
    {
        public Action<PartitionRevision> OnCommitted => onCommitted;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref owner.subscriptions, static (all, one) => all.Remove(one), this);
    }
}

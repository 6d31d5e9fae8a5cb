using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Server.Api;

/// <summary>
/// Resources as they were decoded last, so that what is read often is decoded once. It never says what is in the store:
/// each resource is read there, and taken from here only if it is still at the revision that it had.
/// </summary>
/// <remarks>
/// One of a store: two stores give the same revisions to different values. Safe for concurrent callers; the resources
/// are immutable.
/// </remarks>
/// <param name="places">How many are kept at most. Two that share a place take it from one another.</param>
internal sealed class DecodedResources(int places)
{
    private readonly Kept?[] kept = new Kept?[places];

    public Stamped<object> Decode(IResourceType type, StoredResource stored)
    {
        ref var place = ref kept[(uint)stored.Key.GetHashCode() % kept.Length];
        if (Volatile.Read(ref place) is not { } known || !known.Is(stored))
        {
            known = new Kept(stored.Key, stored.Partition, stored.Revision, type.Decode(stored.Value));
            Volatile.Write(ref place, known);
        }
        return new Stamped<object>(known.Value, known.Revision);
    }

    /// <param name="Partition">
    /// Of whose revisions it is one: a resource that was deleted may be made anew in another partition.
    /// </param>
    private sealed record Kept(ResourceKey Key, PartitionKey Partition, long Revision, object Value)
    {
        public bool Is(StoredResource stored) =>
            Revision == stored.Revision && Key == stored.Key && Partition == stored.Partition;
    }
}

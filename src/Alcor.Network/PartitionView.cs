using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network;

/// <summary>
/// What a command sees of several partitions: that of its lane, with what the commands before it left behind, and the
/// others as they were read.
/// </summary>
internal sealed record PartitionView(Snapshot Lane, DecideContext Context)
{
    public Snapshot Of(PartitionKey partition) =>
        Lane.Partition == partition ? Lane : Context.Partition(partition);

    /// <summary>A resource of which it is known where it lives if it is there.</summary>
    public Stamped<T>? Find<T>(ResourceType<T> type, PartitionKey partition, string id)
        where T : class => Lane.Partition == partition ? Lane.Find(type, id) : Context.Read(type, id);

    /// <summary>The same, unless it is gone (404) or not at the revision named by If-Match (412).</summary>
    public Result<Stamped<T>> Find<T>(ResourceType<T> type, PartitionKey partition, string id, long? ifRevision)
        where T : class => Find(type, partition, id).Unless(type, id, ifRevision);
}

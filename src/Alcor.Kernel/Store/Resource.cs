namespace Alcor.Kernel.Store;

/// <summary>Names a resource across all partitions: its type (<c>port</c>) and its id within the type.</summary>
public readonly record struct ResourceKey(string Type, string Id)
{
    public override string ToString() => $"{Type}/{Id}";
}

/// <summary>
/// A number that has at most one owner: an address in a subnet, a MAC address in a network, a segmentation id.
/// A space names what the number is taken from; two claims are the same when both parts are equal.
/// </summary>
public readonly record struct Claim(string Space, UInt128 Number)
{
    /// <summary>
    /// The claim as a key that sorts by number within its space, so that neighbours share pages on disk.
    /// </summary>
    public override string ToString() =>
        Number <= uint.MaxValue ? $"{Space}/{(uint)Number:x8}" : $"{Space}/{Number:x32}";
}

/// <summary>A number that commits move, such as what a project has of a type; 0 where none is kept.</summary>
public readonly record struct Counter(string Key, long Value);

/// <summary>A value of an attribute by which resources of a type can be listed without reading all of them.</summary>
public readonly record struct IndexEntry(string Name, string Value);

/// <summary>
/// A resource as the store keeps it: an encoded whole value, stamped with the revision of the commit that wrote it.
/// </summary>
/// <param name="Revision">
/// The revision, of <paramref name="Partition"/>, of the last commit that wrote this resource.
/// </param>
public sealed record StoredResource(
    ResourceKey Key, PartitionKey Partition, long Revision, ReadOnlyMemory<byte> Value);

/// <summary>Everything a partition holds at one revision.</summary>
public sealed record PartitionSnapshot(PartitionKey Partition, long Revision, IReadOnlyList<StoredResource> Resources);

/// <summary>What became of one resource: its newest value, or null when it is gone.</summary>
public sealed record Change(ResourceKey Key, long Revision, StoredResource? Resource);

/// <summary>
/// What happened in a partition after a revision. Each resource appears once, as it is at <paramref name="Revision"/>,
/// ordered by the revision that last touched it. Whoever applies all of it holds the partition at that revision.
/// </summary>
/// <param name="Revision">The revision that is reached by applying <paramref name="Changes"/>.</param>
public sealed record PartitionChanges(PartitionKey Partition, long Revision, IReadOnlyList<Change> Changes);

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Segments;

/// <summary>That a network has a segmentation id. It lives in the pool, so that the pool knows what is free.</summary>
public sealed record SegmentAllocation(string NetworkType, uint SegmentationId, string NetworkId)
{
    /// <summary>Where segmentation ids of all network types are given out.</summary>
    public static readonly PartitionKey Pool = PartitionKey.Pool("segmentation");

    public static readonly ResourceType<SegmentAllocation> Type = new("segment_allocation", "segment_allocations")
    {
        Json = NetworkJson.Default.SegmentAllocation,
        Id = allocation => $"{allocation.NetworkType}-{allocation.SegmentationId}",
        Partition = _ => Pool,
        Claims = allocation => [new Claim(Space(allocation.NetworkType), allocation.SegmentationId)],
    };

    public static string Space(string networkType) => $"segment/{networkType}";
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Networks;

namespace Alcor.Network.Segments;

/// <summary>
/// A physical part of a network, in the pool that segmentation ids come from: so the pool knows what is free. What
/// hosts and the network's own attributes need of it, the network repeats.
/// </summary>
/// <param name="ProjectId">The owner of its network.</param>
public sealed record Segment(
    string Id,
    string NetworkId,
    string ProjectId,
    string? Name,
    string Description,
    string NetworkType,
    string? PhysicalNetwork,
    uint? SegmentationId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Where segmentation ids of all network types are given out.</summary>
    public static readonly PartitionKey Pool = PartitionKey.Pool("segmentation");

    public static readonly ResourceType<Segment> Type = new("segment", "segments")
    {
        Json = NetworkJson.Default.Segment,
        Id = segment => segment.Id,
        Partition = _ => Pool,
        Claims = ClaimsOf,
        References = segment => [Networks.Network.Type.Key(segment.NetworkId)],
        ListedByReference = [("network_id", "network")],
        Attributes = SegmentAttributes.All,
        Api = new ApiNames("segments", "segment", "segments")
        {
            InUse = (id, by) => SegmentErrors.SegmentInUse(id, by.Id),
        },
    };

    /// <summary>The space in which each segmentation id has one owner; a flat network takes 0, which is all.</summary>
    public static string Space(string networkType, string? physicalNetwork) =>
        physicalNetwork is null ? $"segment/{networkType}" : $"segment/{networkType}/{physicalNetwork}";

    /// <param name="now">When its network or it itself is made.</param>
    internal static Segment Of(NetworkSegment segment, string networkId, string projectId, DateTimeOffset now) =>
        new(
            segment.Id, networkId, projectId, null, "", segment.NetworkType, segment.PhysicalNetwork,
            segment.SegmentationId, now, now);

    /// <summary>What its network repeats of it.</summary>
    public NetworkSegment InNetwork() => new(Id, NetworkType, PhysicalNetwork, SegmentationId);

    private static IEnumerable<Claim> ClaimsOf(Segment segment) => segment.NetworkType == Networks.NetworkType.Local
        ? []
        : [new Claim(Space(segment.NetworkType, segment.PhysicalNetwork), segment.SegmentationId ?? 0)];
}

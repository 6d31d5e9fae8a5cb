using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Networks;

namespace Alcor.Network.Segments;

/// <summary>Sets segmentation ids apart, in the lane in which they are given out.</summary>
internal sealed record CreateNetworkSegmentRanges(IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => Segment.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var others = snapshot.All(NetworkSegmentRange.Type).ToList();
        foreach (var item in Items)
        {
            var range = Build(item, context.Now);
            if ((CheckBounds(range) ?? CheckOverlap(range, others)) is { } error)
                return error;
            others.Add(range);
            decision.Create(NetworkSegmentRange.Type, range.On(snapshot)).AndAnswer();
        }
        return decision;
    }

    /// <summary>Whether networks of the type can have such ids at all.</summary>
    internal static ApiError? CheckBounds(NetworkSegmentRange range)
    {
        if (range.NetworkType == NetworkType.Vlan && range.PhysicalNetwork is null)
        {
            return new ApiError(
                400,
                "BadRequest",
                "Bad network_segment_range request: Network type vlan requires 'physical_network' to be specified "
                + "while creating new range.");
        }
        var ids = NetworkSettings.IdsOf(range.NetworkType);
        return range.Minimum <= range.Maximum && ids.Contains(range.Minimum) && ids.Contains(range.Maximum)
            ? null
            : Errors.InvalidInput(
                $"Invalid network {range.NetworkType} range: '{range.Minimum}:{range.Maximum}' is not within {ids}");
    }

    internal static ApiError? CheckOverlap(NetworkSegmentRange range, IEnumerable<NetworkSegmentRange> others)
    {
        var overlapping = others
            .Where(other => other.Id != range.Id
                && other.NetworkType == range.NetworkType
                && other.PhysicalNetwork == range.PhysicalNetwork
                && other.Minimum <= range.Maximum
                && range.Minimum <= other.Maximum)
            .Select(other => other.Id)
            .ToList();
        return overlapping.Count == 0 ? null : SegmentErrors.RangeOverlaps(overlapping);
    }

    private static NetworkSegmentRange Build(NewResource item, DateTimeOffset now)
    {
        var body = item.Body;
        var type = body.Get(NetworkSegmentRangeAttributes.NetworkType);
        var shared = body.Get(NetworkSegmentRangeAttributes.Shared);
        return new NetworkSegmentRange(
            item.Id,
            shared ? "" : item.ProjectId,
            body.Get(NetworkSegmentRangeAttributes.Name),
            body.Get(NetworkSegmentRangeAttributes.Description),
            shared,
            type,
            type == NetworkType.Vlan && body.Get(NetworkSegmentRangeAttributes.PhysicalNetwork) is { Length: > 0 } named
                ? named
                : null,
            (uint)body.Get(NetworkSegmentRangeAttributes.Minimum),
            (uint)body.Get(NetworkSegmentRangeAttributes.Maximum),
            [],
            now,
            now);
    }
}

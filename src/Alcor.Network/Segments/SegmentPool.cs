using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Networks;

namespace Alcor.Network.Segments;

/// <summary>
/// Gives out segmentation ids, one after the other, on a snapshot of the pool: what one segment takes, the next does
/// not get.
/// </summary>
internal sealed class SegmentPool(Snapshot pool, NetworkSettings settings)
{
    private readonly SegmentationRanges ranges = new(pool, settings);
    private Snapshot pool = pool;

    /// <summary>The segments of a new network: as requested, or one of the first network type that has an id.</summary>
    /// <param name="ids">The id of the nth segment.</param>
    public Result<ImmutableArray<NetworkSegment>> Take(
        ImmutableArray<RequestedSegment> requested, string projectId, Func<int, string> ids)
    {
        if (requested.IsEmpty)
            return TakeAny(projectId, ids(0));
        foreach (var one in requested)
        {
            if (one.Check(settings, () => ranges.VlanNetworks) is { } wrong)
                return wrong;
        }
        if (HasDuplicates(requested))
            return SegmentErrors.DuplicateSegments();
        var segments = ImmutableArray.CreateBuilder<NetworkSegment>(requested.Length);
        foreach (var one in requested)
        {
            var taken = Take(one, projectId, ids(segments.Count));
            if (taken.Error is { } error)
                return error;
            segments.Add(taken.Value);
        }
        return segments.MoveToImmutable();
    }

    /// <param name="requested">Checked before.</param>
    public Result<NetworkSegment> Take(RequestedSegment requested, string projectId, string id)
    {
        var type = requested.NetworkType!;
        var physical = requested.PhysicalNetwork is { Length: > 0 } named ? named : null;
        switch (type)
        {
            case NetworkType.Local:
                return new NetworkSegment(id, type, null, null);
            case NetworkType.Flat:
                return IsTaken(type, physical, 0)
                    ? SegmentErrors.FlatNetworkInUse(physical!)
                    : Took(new NetworkSegment(id, type, physical, null));
            default:
                if (requested.SegmentationId is not { } wanted)
                {
                    return Find(type, physical, projectId, id) is { } free
                        ? free
                        : SegmentErrors.NoNetworkAvailable();
                }
                return IsTaken(type, physical, (uint)wanted)
                    ? InUse(type, physical, (uint)wanted)
                    : Took(new NetworkSegment(id, type, physical, (uint)wanted));
        }
    }

    private Result<ImmutableArray<NetworkSegment>> TakeAny(string projectId, string id)
    {
        foreach (var type in settings.TenantNetworkTypes)
        {
            if (type == NetworkType.Local)
                return ImmutableArray.Create(new NetworkSegment(id, type, null, null));
            if (Find(type, physicalNetwork: null, projectId, id) is { } found)
                return ImmutableArray.Create(found);
        }
        return SegmentErrors.NoNetworkAvailable();
    }

    /// <summary>The lowest free id that the project may have.</summary>
    /// <param name="physicalNetwork">Null: of any, for a VLAN.</param>
    private NetworkSegment? Find(string type, string? physicalNetwork, string projectId, string id)
    {
        foreach (var range in ranges.Of(type, physicalNetwork, projectId))
        {
            var taken = pool.Claimed(Segment.Space(type, range.PhysicalNetwork));
            if (ranges.FirstFree(range, type, taken, projectId) is { } free)
                return Took(new NetworkSegment(id, type, range.PhysicalNetwork, free));
        }
        return null;
    }

    private bool IsTaken(string type, string? physicalNetwork, uint number) =>
        pool.Claimed(Segment.Space(type, physicalNetwork)).Contains(number);

    private NetworkSegment Took(NetworkSegment segment)
    {
        pool = pool.WithClaimsOf(Segment.Type, Segment.Of(segment, "", "", default));
        return segment;
    }

    private static ApiError InUse(string type, string? physicalNetwork, uint id) => type == NetworkType.Vlan
        ? SegmentErrors.VlanIdInUse(id, physicalNetwork!)
        : SegmentErrors.TunnelIdInUse(id);

    /// <summary>Two segments may only be alike where ids are left to choose.</summary>
    private static bool HasDuplicates(ImmutableArray<RequestedSegment> requested)
    {
        var whole = requested
            .Where(one => one.SegmentationId is not null || one.NetworkType is NetworkType.Flat or NetworkType.Local)
            .ToList();
        return whole.Distinct().Count() != whole.Count;
    }
}

using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Networks;

namespace Alcor.Network.Segments;

/// <summary>Ids that may be given out, of one physical network where the type has such.</summary>
internal readonly record struct SegmentationRange(string? PhysicalNetwork, NumberRange Ids, bool IsPrivate);

/// <summary>Which segmentation ids which projects get: the settings, and the ranges that administrators made.</summary>
internal sealed class SegmentationRanges(Snapshot pool, NetworkSettings settings)
{
    private readonly ImmutableArray<NetworkSegmentRange> made =
        [.. pool.All(NetworkSegmentRange.Type).OrderBy(range => range.Minimum)];

    /// <summary>The physical networks that have VLAN ids.</summary>
    public ImmutableHashSet<string> VlanNetworks =>
    [
        .. settings.VlanRanges.Select(range => range.PhysicalNetwork),
        .. made.Where(range => range.NetworkType == NetworkType.Vlan).Select(range => range.PhysicalNetwork!),
    ];

    /// <summary>What a project may have of a type: what is set apart for it, then what all share.</summary>
    /// <param name="physicalNetwork">Null: all of them.</param>
    public IEnumerable<SegmentationRange> Of(string type, string? physicalNetwork, string projectId)
    {
        var fitting = made.Where(range =>
            range.NetworkType == type && (physicalNetwork is null || range.PhysicalNetwork == physicalNetwork));
        var own = fitting.Where(range => !range.Shared && range.ProjectId == projectId)
            .Select(range => new SegmentationRange(range.PhysicalNetwork, range.Ids, IsPrivate: true));
        var shared = fitting.Where(range => range.Shared)
            .Select(range => new SegmentationRange(range.PhysicalNetwork, range.Ids, IsPrivate: false));
        return own.Concat(Configured(type, physicalNetwork)).Concat(shared);
    }

    /// <summary>The lowest id of a range that nobody has and that is not set apart for another project.</summary>
    public uint? FirstFree(SegmentationRange range, string type, NumberSet taken, string projectId)
    {
        UInt128 first = range.Ids.First;
        while (taken.FirstAbsent(first, range.Ids.Last) is { } free)
        {
            if (range.IsPrivate || Elsewhere((uint)free, type, range.PhysicalNetwork, projectId) is not { } end)
                return (uint)free;
            first = (UInt128)end + 1;
        }
        return null;
    }

    private IEnumerable<SegmentationRange> Configured(string type, string? physicalNetwork) =>
        settings.RangesOf(type)
            .Where(range => physicalNetwork is null || range.PhysicalNetwork == physicalNetwork)
            .Select(range => new SegmentationRange(range.PhysicalNetwork, range.Ids, IsPrivate: false));

    /// <summary>The end of a range with this id that is set apart for another project; null: there is none.</summary>
    private uint? Elsewhere(uint id, string type, string? physicalNetwork, string projectId)
    {
        foreach (var range in made)
        {
            if (!range.Shared && range.ProjectId != projectId && range.NetworkType == type
                && range.PhysicalNetwork == physicalNetwork && range.Ids.Contains(id))
                return range.Maximum;
        }
        return null;
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Segments;

internal sealed record UpdateNetworkSegmentRange(NetworkSegmentRange Current, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => Segment.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (Current.IsDefault)
            return SegmentErrors.RangeIsDefault(Current.Id);
        var found = snapshot.Find(NetworkSegmentRange.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        var range = found.Value.Value;
        var updated = range with
        {
            Name = Body.Get(NetworkSegmentRangeAttributes.Name, range.Name),
            Description = Body.Get(NetworkSegmentRangeAttributes.Description, range.Description),
            Minimum = (uint)Body.Get(NetworkSegmentRangeAttributes.Minimum, range.Minimum),
            Maximum = (uint)Body.Get(NetworkSegmentRangeAttributes.Maximum, range.Maximum),
            UpdatedAt = context.Now,
        };
        if (IsInTheWay(range, updated, snapshot))
            return SegmentErrors.RangeReferenced(Current.Id);
        return (CreateNetworkSegmentRanges.CheckBounds(updated)
            ?? CreateNetworkSegmentRanges.CheckOverlap(updated, snapshot.All(NetworkSegmentRange.Type))) is { } error
            ? error
            : new Decision().Update(NetworkSegmentRange.Type, updated.On(snapshot), found.Value).AndAnswer();
    }

    /// <summary>
    /// Whether ids in use are at the new bounds or outside them: as in Neutron, a bound may not even touch them.
    /// </summary>
    private static bool IsInTheWay(NetworkSegmentRange range, NetworkSegmentRange updated, Snapshot snapshot)
    {
        var used = range.UsedOf(snapshot).Select(segment => segment.SegmentationId!.Value).ToList();
        return used.Count > 0 && (updated.Minimum >= used.Min() || updated.Maximum <= used.Max());
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Segments;

internal sealed record DeleteNetworkSegmentRange(NetworkSegmentRange Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => Segment.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (Current.IsDefault)
            return SegmentErrors.RangeIsDefault(Current.Id);
        var found = snapshot.Find(NetworkSegmentRange.Type, Current.Id, IfRevision);
        if (found.Error is { } missing)
            return missing;
        return found.Value.Value.UsedOf(snapshot).Any()
            ? SegmentErrors.RangeReferenced(Current.Id)
            : new Decision().Delete(NetworkSegmentRange.Type, found.Value).AndAnswer();
    }
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Segments;

internal sealed record UpdateSegment(string Id, Body Body, long? IfRevision) : ICommand
{
    public PartitionKey Lane => Segment.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Segment.Type, Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var segment = found.Value.Value;
        var updated = segment with
        {
            Name = Body.Get(SegmentAttributes.Name, segment.Name),
            Description = Body.Get(SegmentAttributes.Description, segment.Description),
            UpdatedAt = context.Now,
        };
        return new Decision().Update(Segment.Type, updated, found.Value).AndAnswer();
    }
}

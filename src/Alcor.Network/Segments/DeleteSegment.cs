using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.Segments;

/// <summary>Takes a segment from its network, unless subnets or ports are on it, and gives its id back.</summary>
internal sealed record DeleteSegment(Segment Current, long? IfRevision) : ICommand
{
    public PartitionKey Lane => Segment.Pool;

    public IReadOnlyList<ResourceKey> Reads => [Networks.Network.Type.Key(Current.NetworkId)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Segment.Type, Current.Id, IfRevision);
        if (found.Error is { } error)
            return error;
        var decision = new Decision().Delete(Segment.Type, found.Value).AndAnswer();
        if (context.Read(Networks.Network.Type, Current.NetworkId) is { } network)
        {
            if (CountBound(network.Value, context) is > 0 and var bound)
                return SegmentErrors.SegmentBound(Current.Id, bound);
            var left = network.Value.Segments.RemoveAll(segment => segment.Id == Current.Id);
            decision.Update(Networks.Network.Type, network.Value with { Segments = left }, network);
        }
        return decision;
    }

    /// <summary>How many ports are on hosts that carry them by this segment.</summary>
    private int CountBound(Networks.Network network, DecideContext context) =>
        network.CarriedSegment?.Id == Current.Id
            ? context.Referrers(Networks.Network.Type.Key(network.Id), Port.Type, int.MaxValue)
                .Count(port => port.Value.IsBound)
            : 0;
}

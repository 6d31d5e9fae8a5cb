using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Segments;

/// <summary>Adds segments to networks, behind those that these have.</summary>
internal sealed record CreateSegments(NetworkSettings Settings, IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => Segment.Pool;

    public IReadOnlyList<ResourceKey> Reads => [.. Items.Select(item => Networks.Network.Type.Key(NetworkOf(item)))];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var pool = new SegmentPool(snapshot, Settings);
        foreach (var ofNetwork in Items.GroupBy(NetworkOf))
        {
            if (context.Read(Networks.Network.Type, ofNetwork.Key) is not { } found)
                return Networks.Network.Type.Api.NotFound(ofNetwork.Key);
            var network = found.Value;
            foreach (var item in ofNetwork)
            {
                var taken = pool.Take([Requested(item.Body)], network.ProjectId, _ => item.Id);
                if (taken.Error is { } error)
                    return error;
                var segment = Segment.Of(taken.Value[0], network.Id, network.ProjectId, context.Now) with
                {
                    Name = item.Body.Get(SegmentAttributes.Name),
                    Description = item.Body.Get(SegmentAttributes.Description),
                };
                decision.Create(Segment.Type, segment).AndAnswer();
                network = network with { Segments = network.Segments.Add(segment.InNetwork()) };
            }
            decision.Update(Networks.Network.Type, network, found);
        }
        return decision;
    }

    private static RequestedSegment Requested(Body body) => new(
        body.Get(SegmentAttributes.NetworkType),
        body.Get(SegmentAttributes.PhysicalNetwork),
        body.Get(SegmentAttributes.SegmentationId));

    private static string NetworkOf(NewResource item) => item.Body.Get(SegmentAttributes.NetworkId);
}

using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Segments;

namespace Alcor.Network.Networks;

/// <summary>
/// Creates networks, each with a segmentation id, in the lane of the pool that these come from: their own partitions
/// do not exist yet.
/// </summary>
internal sealed record CreateNetworks(NetworkSettings Settings, IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => SegmentAllocation.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var taken = snapshot.Claimed(SegmentAllocation.Space(NetworkType.Vxlan));
        foreach (var item in Items)
        {
            if (CheckProvider(item.Body) is { } wrong)
                return wrong;
            var mtu = NetworkMtu.Choose(item.Body, current: null, Settings);
            if (mtu.Error is { } tooBig)
                return tooBig;
            var segmentationId = ChooseSegmentationId(item.Body, taken);
            if (segmentationId.Error is { } none)
                return none;
            taken = taken.Add(segmentationId.Value);
            var network = Build(item, mtu.Value, segmentationId.Value, context.Now);
            decision
                .Create(SegmentAllocation.Type, new SegmentAllocation(NetworkType.Vxlan, segmentationId.Value, item.Id))
                .Create(Network.Type, network)
                .AndAnswer();
        }
        return decision;
    }

    private static ApiError? CheckProvider(Body body)
    {
        if (body.Get(NetworkAttributes.PhysicalNetwork) is not null)
            return Errors.InvalidInput("provider:physical_network specified for vxlan network");
        return body.Get(NetworkAttributes.SegmentationId) is not null && body.Get(NetworkAttributes.NetworkType) is null
            ? Errors.InvalidInput("provider:network_type required when provider:segmentation_id is given")
            : null;
    }

    private Result<uint> ChooseSegmentationId(Body body, NumberSet taken)
    {
        if (body.Get(NetworkAttributes.SegmentationId) is { } requested)
            return taken.Contains((UInt128)requested) ? Errors.TunnelIdInUse((uint)requested) : (uint)requested;
        foreach (var range in Settings.VxlanRanges)
        {
            if (taken.FirstAbsent(range.First, range.Last) is { } free)
                return (uint)free;
        }
        return Errors.NoNetworkAvailable();
    }

    private static Network Build(NewResource item, int mtu, uint segmentationId, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(NetworkAttributes.Name),
            item.Body.Get(NetworkAttributes.Description),
            item.Body.Get(NetworkAttributes.AdminStateUp),
            mtu,
            [new NetworkSegment(DerivedId.Of(item.Id, "segment"), NetworkType.Vxlan, null, segmentationId)],
            [],
            now,
            now)
        {
            PortSecurityEnabled = true,
        };
}

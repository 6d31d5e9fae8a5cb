using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Qos;
using Alcor.Network.Segments;
using Alcor.Network.Sharing;

namespace Alcor.Network.Networks;

/// <summary>
/// Creates networks with their segments, in the lane of the pool that segmentation ids come from: their own partitions
/// do not exist yet.
/// </summary>
internal sealed record CreateNetworks(NetworkSettings Settings, IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => Segment.Pool;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var pool = new SegmentPool(snapshot, Settings);
        for (var i = 0; i < Items.Count; i++)
        {
            if (DecideOne(decision, pool, Items[i], context) is { } error)
                return Items.Count > 1 ? error.OfItem(i, Network.Type.Collection) : error;
        }
        return decision;
    }

    private ApiError? DecideOne(Decision decision, SegmentPool pool, NewResource item, DecideContext context)
    {
        var requested = Requested(item.Body);
        if (requested.Error is { } both)
            return both;
        var policy = item.Body.Get(NetworkAttributes.QosPolicyId);
        if (QosPolicy.FindUnusable(policy, item.Caller, context) is { } noPolicy)
            return noPolicy;
        if (ZoneHints.Check(item.Body.Get(NetworkAttributes.AvailabilityZoneHints), context) is { } noZone)
            return noZone;
        var segments = pool.Take(
            requested.Value, item.ProjectId, index => DerivedId.Of(item.Id, $"segment/{index}"));
        if (segments.Error is { } none)
            return none;
        if (item.Body.Get(NetworkAttributes.VlanTransparent) is true
            && !segments.Value.All(segment => NetworkType.CarriesTaggedFrames(segment.NetworkType)))
        {
            return NetworkErrors.VlanTransparencyDriverError();
        }
        var mtu = NetworkMtu.Choose(item.Body, current: null, segments.Value, Settings);
        if (mtu.Error is { } tooBig)
            return tooBig;
        var network = Build(item, mtu.Value, segments.Value, context.Now);
        var isDefault = DefaultNetwork.Choose(item.Body, network, context);
        if (isDefault.Error is { } exists)
            return exists;
        foreach (var segment in segments.Value)
            decision.Create(Segment.Type, Segment.Of(segment, item.Id, item.ProjectId, context.Now));
        network = network with
        {
            IsDefault = isDefault.Value,
            QosPolicyId = policy ?? QosPolicy.DefaultOf(item.ProjectId, context),
        };
        if (QosSupport.Check(network, context) is { } unsupported)
            return unsupported;
        decision.RestsOnPolicy(network.QosPolicyId, context);
        decision.Create(Network.Type, network).AndAnswer().CreateShares(
            Network.Type.Key(item.Id), PartitionKey.Network(item.Id), item.ProjectId, network.Shares);
        return null;
    }

    /// <summary>The segments that a body names in either way; empty: none.</summary>
    private static Result<ImmutableArray<RequestedSegment>> Requested(Body body)
    {
        var provider = new RequestedSegment(
            body.Get(NetworkAttributes.NetworkType),
            body.Get(NetworkAttributes.PhysicalNetwork),
            body.Get(NetworkAttributes.SegmentationId));
        var segments = body.Get(NetworkAttributes.Segments);
        if (provider.IsEmpty)
            return segments;
        return body.Has(NetworkAttributes.Segments)
            ? SegmentErrors.SegmentsAndProviders()
            : ImmutableArray.Create(provider);
    }

    private static Network Build(
        NewResource item, int mtu, ImmutableArray<NetworkSegment> segments, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(NetworkAttributes.Name),
            item.Body.Get(NetworkAttributes.Description),
            item.Body.Get(NetworkAttributes.AdminStateUp),
            mtu,
            segments,
            [],
            now,
            now)
        {
            Shares = ImmutableArray<Share>.Empty
                .WithEverybody(ShareAction.AsShared, item.Body.Get(NetworkAttributes.Shared))
                .WithEverybody(ShareAction.AsExternal, item.Body.Get(NetworkAttributes.External)),
            PortSecurityEnabled = item.Body.Get(NetworkAttributes.PortSecurityEnabled),
            VlanTransparent = item.Body.Get(NetworkAttributes.VlanTransparent),
            DnsDomain = item.Body.Get(NetworkAttributes.DnsDomain),
            AvailabilityZoneHints = item.Body.Get(NetworkAttributes.AvailabilityZoneHints),
        };
}

using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Segments;
using Alcor.Network.Sharing;
using Alcor.Network.Subnets;

namespace Alcor.Network.Networks;

/// <summary>
/// Changes a network; when that moves it to another VLAN id, in the lane of the pool that ids come from.
/// </summary>
internal sealed record UpdateNetwork(NetworkSettings Settings, string Id, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => MovesSegment ? Segment.Pool : PartitionKey.Network(Id);

    public IReadOnlyList<PartitionKey> Others => MovesSegment ? [PartitionKey.Network(Id)] : [];

    private Body Body => Change.Body;

    private bool MovesSegment => Body.Get(NetworkAttributes.SegmentationId) is > 0;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var partition = MovesSegment ? context.Partition(PartitionKey.Network(Id)) : snapshot;
        var found = partition.Find(Network.Type, Id, Change.IfRevision);
        if (found.Error is { } error)
            return error;
        var network = found.Value.Value;
        var noPolicy = QosPolicy.RefuseChange(
            Body, NetworkAttributes.QosPolicyId, network.QosPolicyId, Change.Caller, context);
        if (noPolicy is not null)
            return noPolicy;
        var decision = new Decision();
        var segments = SegmentsOf(decision, network, snapshot, context.Now);
        if (segments.Error is { } immovable)
            return immovable;
        var mtu = NetworkMtu.Choose(Body, network.Mtu, segments.Value, Settings);
        if (mtu.Error is { } tooBig)
            return tooBig;
        var shares = SharesOf(network, partition);
        if (shares.Error is { } used)
            return used;
        var updated = Named(network) with
        {
            Mtu = mtu.Value,
            Segments = segments.Value,
            Shares = shares.Value,
            UpdatedAt = context.Now,
        };
        var isDefault = DefaultNetwork.Choose(Body, updated, context);
        if (isDefault.Error is { } exists)
            return exists;
        if (!updated.Shares.SequenceEqual(network.Shares))
        {
            var shared = (network.Shares, updated.Shares);
            decision.ChangeShares(partition, Network.Type.Key(Id), network.ProjectId, shared);
            decision.ShareSubnets(updated, partition);
        }
        if (updated.QosPolicyId != network.QosPolicyId)
        {
            if (QosSupport.Check(updated, context) is { } unsupported)
                return unsupported;
            decision.RestsOnPolicy(updated.QosPolicyId, context);
            TellPorts(decision, updated.QosPolicyId, partition, context);
        }
        return decision.Update(Network.Type, updated with { IsDefault = isDefault.Value }, found.Value).AndAnswer();
    }

    /// <summary>Ports keep a copy of the policy of their network.</summary>
    private static void TellPorts(Decision decision, string? policyId, Snapshot partition, DecideContext context)
    {
        foreach (var port in partition.All(Port.Type))
        {
            var told = port with { NetworkQosPolicyId = policyId };
            decision.ChangePort(
                told.FollowPolicy(port.EffectiveQosPolicyId, context), partition.Find(Port.Type, port.Id)!.Value);
        }
    }

    /// <summary>With what the body names that nothing else depends on.</summary>
    private Network Named(Network network) => network with
    {
        Name = Body.Get(NetworkAttributes.Name, network.Name),
        Description = Body.Get(NetworkAttributes.Description, network.Description),
        AdminStateUp = Body.Get(NetworkAttributes.AdminStateUp, network.AdminStateUp),
        PortSecurityEnabled = Body.Get(NetworkAttributes.PortSecurityEnabled, network.PortSecurityEnabled),
        QosPolicyId = Body.Get(NetworkAttributes.QosPolicyId, network.QosPolicyId),
        DnsDomain = Body.Get(NetworkAttributes.DnsDomain, network.DnsDomain),
    };

    /// <summary>A VLAN network may move to another id; nothing else of where a network is can change.</summary>
    private Result<ImmutableArray<NetworkSegment>> SegmentsOf(
        Decision decision, Network network, Snapshot pool, DateTimeOffset now)
    {
        var current = network.OnlySegment;
        if (Changes(Body.Get(NetworkAttributes.NetworkType), current?.NetworkType)
            || Changes(Body.Get(NetworkAttributes.PhysicalNetwork), current?.PhysicalNetwork))
        {
            return Errors.InvalidInput(
                "Plugin does not support updating the following provider network attributes: "
                + "provider:network_type, provider:physical_network");
        }
        if (!MovesSegment)
            return network.Segments;
        if (current is null)
        {
            return Errors.InvalidInput(
                "Provider network attributes can be updated only in provider networks with a single segment.");
        }
        if (current.NetworkType != Networks.NetworkType.Vlan)
            return Errors.InvalidInput("Only VLAN type networks can be updated.");
        var wanted = new RequestedSegment(
            current.NetworkType, current.PhysicalNetwork, Body.Get(NetworkAttributes.SegmentationId));
        var moved = new SegmentPool(pool, Settings).Take([wanted], network.ProjectId, _ => current.Id);
        if (moved.Error is null && pool.Find(Segment.Type, current.Id) is { } segment)
        {
            var id = moved.Value[0].SegmentationId;
            decision.Update(Segment.Type, segment.Value with { SegmentationId = id, UpdatedAt = now }, segment);
        }
        return moved;
    }

    private static bool Changes(string? wanted, string? current) => wanted is not null && wanted != current;

    private Result<ImmutableArray<Share>> SharesOf(Network network, Snapshot partition)
    {
        var isShared = Shares.WithEverybody(network.Shares);
        var shared = Body.Get(NetworkAttributes.Shared, isShared);
        if (isShared && !shared && IsUsedByOthers(network, partition))
            return NetworkErrors.InvalidSharedSetting(network.Name);
        var shares = network.Shares.WithEverybody(ShareAction.AsShared, shared);
        var external = Body.Get(NetworkAttributes.External, network.IsExternal);
        if (external == network.IsExternal)
            return shares;
        if (external)
            return shares.WithEverybody(ShareAction.AsExternal, isShared: true);
        return partition.All(Port.Type).Any(port => port.DeviceOwner == "network:router_gateway")
            ? NetworkErrors.ExternalNetworkInUse(Id)
            : shares.RemoveAll(share => share.Action == ShareAction.AsExternal);
    }

    /// <summary>Whether a project uses it that it is then no longer shared with.</summary>
    private static bool IsUsedByOthers(Network network, Snapshot partition)
    {
        var users = partition.All(Port.Type)
            .Where(port => !port.DeviceOwner.StartsWith("network:", StringComparison.Ordinal))
            .Select(port => port.ProjectId)
            .Concat(partition.All(Subnet.Type).Select(subnet => subnet.ProjectId));
        return users.Any(user => user != network.ProjectId
            && !network.Shares.Contains(new Share(ShareAction.AsShared, user)));
    }
}

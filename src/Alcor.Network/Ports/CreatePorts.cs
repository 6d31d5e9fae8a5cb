using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.MacRanges;
using Alcor.Network.Nodes;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Tags;

namespace Alcor.Network.Ports;

/// <summary>
/// Creates ports, of one network or several, all of them or none; and the default security groups that they need.
/// </summary>
internal sealed record CreatePorts(NetworkSettings Settings, IReadOnlyList<NewResource> Items) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(NetworkOf(Items[0]));

    public IReadOnlyList<ResourceKey> Reads
    {
        get
        {
            var keys = new List<ResourceKey>();
            foreach (var item in Items)
            {
                if (item.Body.Get(PortAttributes.HostId) is { Length: > 0 } host)
                    AddOnce(Node.Type.Key(host));
                foreach (var group in item.Body.Get(PortAttributes.SecurityGroups))
                    AddOnce(SecurityGroup.Type.Key(group));
                if (PortSecurity.NeedsDefaultGroup(item, isProtected: true))
                    AddOnce(DefaultSecurityGroup.KeyOf(item.ProjectId));
            }
            return keys;

            // The items of a request are most often alike: what is named twice in a row is left out.
            void AddOnce(ResourceKey key)
            {
                if (keys.Count == 0 || keys[^1] != key)
                    keys.Add(key);
            }
        }
    }

    public IReadOnlyList<PartitionKey> Others => [.. OtherNetworks, MacRange.Pool];

    private IEnumerable<PartitionKey> OtherNetworks => Items.Count == 1
        ? []
        : Items.Select(item => PartitionKey.Network(NetworkOf(item))).Distinct().Where(key => key != Lane);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var decision = new Decision();
        var snapshots = OtherNetworks.ToDictionary(key => key, context.Partition);
        snapshots.Add(Lane, snapshot);
        var macs = new MacAllocation(context, Settings);
        var defaultGroups = new DefaultGroups(decision, context);
        for (var i = 0; i < Items.Count; i++)
        {
            var partition = PartitionKey.Network(NetworkOf(Items[i]));
            var built = Build(Items[i], snapshots[partition], macs, context);
            if (built.Error is { } error)
                return Items.Count == 1 ? error : error.OfItem(i, Port.Type.Api.Plural);
            var port = built.Value;
            defaultGroups.Ensure(Items[i], port);
            decision
                .CreatePort(port)
                .RestsOnHost(port.HostId, context)
                .RestsOnPolicy(port.EffectiveQosPolicyId, context)
                .RestsOnMacRange(port, context);
            PortSecurity.RestsOnGroups(decision, Items[i].Body.Get(PortAttributes.SecurityGroups), context);
            // The next port of this request sees what this one took.
            if (Items.Count > 1)
                snapshots[partition] = snapshots[partition].WithClaimsOf(Port.Type, port);
        }
        return decision;
    }

    private Result<Port> Build(NewResource item, Snapshot snapshot, MacAllocation macs, DecideContext context)
    {
        var networkId = NetworkOf(item);
        if (snapshot.Find(Networks.Network.Type, networkId)?.Value is not { } network || !MayUse(item.Caller, network))
            return Networks.Network.Type.Api.NotFound(networkId);
        var mac = ChooseMac(item, snapshot, macs);
        if (mac.Error is { } noMac)
            return noMac;
        var security = PortSecurity.OfNew(item, network, mac.Value.Address, Settings);
        if (security.Error is { } insecure)
            return insecure;
        var groups = item.Body.Get(PortAttributes.SecurityGroups);
        if (PortSecurity.FindUnusable(groups, item.Caller, item.ProjectId, context) is { } noGroup)
            return noGroup;
        if (QosPolicy.FindUnusable(
            item.Body.Get(PortAttributes.QosPolicyId), item.Caller, context) is { } noPolicy)
            return noPolicy;
        var names = PortNames.Choose(item.Body, earlier: null, Settings);
        if (names.Error is { } unnamed)
            return unnamed;
        var addressing = Address(item, mac.Value.Address, snapshot, context);
        if (addressing.Error is { } noAddress)
            return noAddress;
        var port = NewPort(item, mac.Value.Address, addressing.Value, context.Now) with
        {
            MacRangeId = mac.Value.RangeId,
            Dns = names.Value,
            NetworkOwner = network.ProjectId == item.ProjectId ? null : network.ProjectId,
            NetworkQosPolicyId = network.QosPolicyId,
        };
        return (QosSupport.Check(port, network, context)
            ?? RouterPorts.CheckOwner(port, item.Caller, context)) is { } refused
            ? refused
            : new PhysicalDevice(snapshot, item.Entropy, Settings, context)
                .Bind(port.With(security.Value).BoundBy(network, context), earlier: null);
    }

    /// <summary>
    /// Whoever sees a network may have ports there: its owner, whom it is shared with, all if it is external.
    /// </summary>
    private static bool MayUse(Caller caller, Networks.Network network) =>
        caller.IsAdmin || Networks.Network.Type.IsVisible(network, caller.ProjectId);

    private static Result<MacChoice> ChooseMac(NewResource item, Snapshot snapshot, MacAllocation macs)
    {
        var networkId = NetworkOf(item);
        if (item.Body.Get(PortAttributes.MacAddress) is not { } requested)
            return macs.Choose(snapshot, item.Entropy);
        return snapshot.Claimed(Port.MacSpace(networkId)).Contains(requested.Bits)
            ? Errors.MacAddressInUse(networkId, requested)
            : macs.Take(requested);
    }

    private static Result<Addressing> Address(
        NewResource item, MacAddress mac, Snapshot snapshot, DecideContext context)
    {
        var body = item.Body;
        var addressee = new Addressee(
            NetworkOf(item), mac, body.Get(PortAttributes.DeviceOwner), body.Get(PortAttributes.HostId));
        var allocation = new AddressAllocation(snapshot, addressee.On(context));
        return body.Has(PortAttributes.FixedIps)
            ? allocation.Choose(body.Get(PortAttributes.FixedIps), context)
            : allocation.ChooseAny();
    }

    private static Port NewPort(NewResource item, MacAddress mac, Addressing addressing, DateTimeOffset now)
    {
        var body = item.Body;
        return new Port(
            item.Id,
            NetworkOf(item),
            item.ProjectId,
            body.Get(PortAttributes.Name),
            body.Get(PortAttributes.Description),
            body.Get(PortAttributes.AdminStateUp),
            mac,
            addressing.FixedIps,
            body.Get(PortAttributes.DeviceId),
            body.Get(PortAttributes.DeviceOwner),
            body.Get(PortAttributes.HostId),
            TunnelAddress: null,
            body.Get(PortAttributes.VnicType),
            body.Get(PortAttributes.Profile),
            PortStatus.Down,
            Generation: 1,
            now,
            now)
        {
            DhcpOptions = ExtraDhcpOptions.Apply([], body.Get(PortAttributes.ExtraDhcpOpts)).OrAbsent(),
            QosPolicyId = body.Get(PortAttributes.QosPolicyId),
            Placement = PortPlacement.Of(
                body.Get(PortAttributes.DeviceProfile), body.Get(PortAttributes.NumaAffinityPolicy)),
            HidesUplinkStatus = !body.Get(PortAttributes.PropagateUplinkStatus),
            IpAllocation = addressing.IsDeferred ? PortIpAllocation.Deferred
                : body.Has(PortAttributes.FixedIps) && body.Get(PortAttributes.FixedIps).IsEmpty ? PortIpAllocation.None
                : null,
            Tags = Tag.Normalise(body.Get(PortAttributes.Tags)).OrAbsent(),
        };
    }

    private static string NetworkOf(NewResource item) => item.Body.Get(PortAttributes.NetworkId);

    /// <summary>Makes the default groups that ports get, each looked for once.</summary>
    private sealed class DefaultGroups(Decision decision, DecideContext context)
    {
        private readonly HashSet<string> ensured = [];

        public void Ensure(NewResource item, Port port)
        {
            if (PortSecurity.NeedsDefaultGroup(item, !port.IsUnprotected) && ensured.Add(item.ProjectId))
                decision.EnsureDefaultSecurityGroups([item.ProjectId], context);
        }
    }
}

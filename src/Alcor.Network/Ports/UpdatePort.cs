using System.Collections.Immutable;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Trunks;

namespace Alcor.Network.Ports;

internal sealed record UpdatePort(NetworkSettings Settings, Port Current, ChangeRequest Change) : ICommand
{
    public PartitionKey Lane => PartitionKey.Network(Current.NetworkId);

    public IReadOnlyList<ResourceKey> Reads =>
    [
        .. Body.Get(PortAttributes.HostId) is { Length: > 0 } host ? [Node.Type.Key(host)] : Array.Empty<ResourceKey>(),
        .. Body.Get(PortAttributes.SecurityGroups).Select(SecurityGroup.Type.Key),
    ];

    private Body Body => Change.Body;

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var found = snapshot.Find(Port.Type, Current.Id, Change.IfRevision);
        if (found.Error is { } missing)
            return missing;
        var port = found.Value.Value;
        var wrong = CheckPlacement(port)
            ?? QosPolicy.RefuseChange(Body, PortAttributes.QosPolicyId, port.QosPolicyId, Change.Caller, context);
        if (wrong is not null)
            return wrong;
        var addressed = Address(port, snapshot, context);
        if (addressed.Error is { } noAddress)
            return noAddress;
        var secured = Secure(addressed.Value, context);
        if (secured.Error is { } insecure)
            return insecure;
        var names = PortNames.Choose(Body, port.Dns, Settings);
        if (names.Error is { } unnamed)
            return unnamed;
        var served = Serve(Describe(secured.Value), port, snapshot, context);
        if (served.Error is { } unsupported)
            return unsupported;
        var updated = served.Value with { Dns = names.Value, UpdatedAt = context.Now };
        if ((Body.Has(PortAttributes.DeviceOwner) || Body.Has(PortAttributes.DeviceId))
            && RouterPorts.CheckOwner(updated, Change.Caller, context) is { } foreign)
            return foreign;
        var decision = PortSecurity.RestsOnGroups(
            new Decision(), Body.Get(PortAttributes.SecurityGroups), context);
        return Bind(decision, updated, found.Value, snapshot, context);
    }

    /// <summary>With its MAC address and its addresses, which may follow from it or from the host.</summary>
    private Result<Port> Address(Port port, Snapshot snapshot, DecideContext context)
    {
        var mac = ChooseMac(port, snapshot, context);
        if (mac.Error is { } macError)
            return macError;
        var moved = port with
        {
            MacAddress = mac.Value.Address,
            MacRangeId = mac.Value.RangeId,
            DeviceOwner = Body.Get(PortAttributes.DeviceOwner, port.DeviceOwner),
            HostId = Body.Get(PortAttributes.HostId, port.HostId),
        };
        var addressing = AddressAgain(port, moved, snapshot, context);
        if (addressing.Error is { } addressError)
            return addressError;
        if (MovesRouter(port, addressing.Value.FixedIps, context))
            return Errors.IpAddressChangeNotAllowed(port.Id);
        if (MovesGateway(port, moved.HostId, context))
            return RouterErrors.HostOfGateway(port.Id);
        if (port.Trunk is { IsSubport: true } trunk && moved.HostId != port.HostId)
            return TrunkErrors.HostOfSubPort(port.Id, trunk.TrunkId);
        return moved with
        {
            FixedIps = addressing.Value.FixedIps,
            IpAllocation = port.AwaitsAddresses && !addressing.Value.IsDeferred ? null : port.IpAllocation,
        };
    }

    /// <summary>The IPv4 addresses of a router's port change with the router alone.</summary>
    private static bool MovesRouter(Port port, ImmutableArray<FixedIp> fixedIps, DecideContext context) =>
        DeviceOwner.KeepsAddresses(port.DeviceOwner)
        && !port.FixedIps.Where(IsIpv4).ToHashSet().SetEquals(fixedIps.Where(IsIpv4))
        && context.Read(Router.Type, port.DeviceId) is not null;

    /// <summary>The gateway of a router is on the host that was chosen for the router.</summary>
    private static bool MovesGateway(Port port, string host, DecideContext context) =>
        host != port.HostId
        && port.GatewayOf is { } router
        && context.Read(Router.Type, router)?.Value.Gateway?.PortId == port.Id;

    private static bool IsIpv4(FixedIp ip) => ip.IpAddress.Version() == 4;

    private Result<Addressing> AddressAgain(Port port, Port moved, Snapshot snapshot, DecideContext context)
    {
        if (Body.Has(PortAttributes.FixedIps))
            return Allocation().Choose(Body.Get(PortAttributes.FixedIps), context);
        var isElsewhere = moved.HostId.Length > 0 && moved.HostId != port.HostId;
        if (isElsewhere && port.AwaitsAddresses)
            return Allocation().ChooseAny();
        if (isElsewhere && !port.FixedIps.IsEmpty
            && snapshot.Find(Networks.Network.Type, port.NetworkId)!.Value.Value.HasSegmentedSubnets
            && Allocation().CheckHost(port.Id) is { } unreachable)
            return unreachable;
        return moved.MacAddress != port.MacAddress && !port.FixedIps.IsEmpty
            ? Allocation().Choose(Asked(port), context)
            : new Addressing(port.FixedIps, port.AwaitsAddresses);

        AddressAllocation Allocation() => new(snapshot, Addressee.Of(moved, context));
    }

    /// <summary>What a port has, as a request for the same.</summary>
    private static ImmutableArray<FixedIpRequest> Asked(Port port) =>
        [.. port.FixedIps.Select(ip => new FixedIpRequest(ip.SubnetId, ip.IpAddress))];

    private Result<MacChoice> ChooseMac(Port port, Snapshot snapshot, DecideContext context)
    {
        var kept = new MacChoice(port.MacAddress, port.MacRangeId);
        if (!Body.Has(PortAttributes.MacAddress) && !FreesDevice(port))
            return kept;
        if (Body.Get(PortAttributes.MacAddress) is not { } wanted)
        {
            var generated = new MacAllocation(context, Settings).Choose(snapshot, Change.Entropy);
            return generated.IsOk && port.IsBound && !FreesDevice(port)
                ? Errors.PortBound(port.Id, port.MacAddress, generated.Value.Address)
                : generated;
        }
        if (wanted == port.MacAddress)
            return kept;
        if (port.IsBound)
            return Errors.PortBound(port.Id, port.MacAddress, wanted);
        return snapshot.Claimed(Port.MacSpace(port.NetworkId)).Contains(wanted.Bits)
            ? Errors.MacAddressInUse(port.NetworkId, wanted)
            : new MacAllocation(context, Settings).Take(wanted);
    }

    /// <summary>
    /// Whether a physical device is taken from its user: the MAC address is the device's, which others shall have.
    /// </summary>
    private bool FreesDevice(Port port) =>
        port.VnicType == "direct-physical"
        && port.DeviceId.Length > 0
        && Body.Get(PortAttributes.DeviceId, port.DeviceId).Length == 0
        && Body.Get(PortAttributes.DeviceOwner, port.DeviceOwner).Length == 0;

    private Result<Port> Secure(Port port, DecideContext context)
    {
        var security = PortSecurity.OfChanged(port, Body, Settings);
        if (security.Error is { } insecure)
            return insecure;
        var missing = PortSecurity.FindUnusable(
            Body.Get(PortAttributes.SecurityGroups), Change.Caller, project: null, context);
        return missing is null ? port.With(security.Value) : missing;
    }

    private ApiError? CheckPlacement(Port port) => Body.Has(PortAttributes.NumaAffinityPolicy) && port.IsBound
        ? Errors.PortBoundNumaAffinityPolicy(port.Id, port.HostId, Body.Get(PortAttributes.NumaAffinityPolicy))
        : null;

    /// <summary>With what is taken as it is asked for.</summary>
    private Port Describe(Port port) => port with
    {
        Name = Body.Get(PortAttributes.Name, port.Name),
        Description = Body.Get(PortAttributes.Description, port.Description),
        AdminStateUp = Body.Get(PortAttributes.AdminStateUp, port.AdminStateUp),
        DeviceId = Body.Get(PortAttributes.DeviceId, port.DeviceId),
        VnicType = Body.Get(PortAttributes.VnicType, port.VnicType),
        Profile = Body.Get(PortAttributes.Profile, port.Profile),
        DhcpOptions = ExtraDhcpOptions
            .Apply(port.DhcpOptions.OrEmpty(), Body.Get(PortAttributes.ExtraDhcpOpts)).OrAbsent(),
        QosPolicyId = Body.Get(PortAttributes.QosPolicyId, port.QosPolicyId),
        Placement = PortPlacement.Of(
            port.Placement?.DeviceProfile,
            Body.Get(PortAttributes.NumaAffinityPolicy, port.Placement?.NumaAffinityPolicy)),
        DataPlaneStatus = Body.Get(PortAttributes.DataPlaneStatus, port.DataPlaneStatus),
    };

    /// <summary>With what follows from another QoS policy, if that can hold for the port.</summary>
    private Result<Port> Serve(Port updated, Port earlier, Snapshot snapshot, DecideContext context)
    {
        if (updated.QosPolicyId == earlier.QosPolicyId)
            return updated;
        var network = snapshot.Find(Networks.Network.Type, updated.NetworkId)!.Value.Value;
        if (updated.QosPolicyId is not null && QosSupport.Check(updated, network, context) is { } unsupported)
            return unsupported;
        return Body.Has(PortAttributes.Profile) ? updated : updated.FollowPolicy(earlier.EffectiveQosPolicyId, context);
    }

    private Result<Decision> Bind(
        Decision decision, Port updated, Stamped<Port> earlier, Snapshot snapshot, DecideContext context)
    {
        if (Body.Has(PortAttributes.HostId))
        {
            // A host that it was ready to move to is where it is now.
            var inactive = updated.InactiveBindings.OrEmpty().RemoveAll(binding => binding.Host == updated.HostId);
            var network = snapshot.Find(Networks.Network.Type, updated.NetworkId)!.Value.Value;
            updated = (updated with { InactiveBindings = inactive.OrAbsent() }).BoundBy(network, context);
            updated = new SubPortNumbers(context).Number(updated, earlier.Value);
            decision.RestsOnHost(updated.HostId, context);
        }
        if (updated.QosPolicyId != earlier.Value.QosPolicyId)
            decision.RestsOnPolicy(updated.EffectiveQosPolicyId, context);
        var bound = new PhysicalDevice(snapshot, Change.Entropy, Settings, context).Bind(updated, earlier.Value);
        if (bound.Error is { } error)
            return error;
        if (bound.Value.MacAddress != earlier.Value.MacAddress)
            decision.RestsOnMacRange(bound.Value, context);
        return decision
            .UpdatePort(bound.Value, earlier)
            .FollowMac(bound.Value, earlier, snapshot, context)
            .MoveDependents(earlier.Value, updated, context)
            .MoveSubPorts(earlier.Value, updated, context);
    }
}

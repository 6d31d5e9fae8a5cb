using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;
using Alcor.Network.Routers;
using Alcor.Network.Trunks;

namespace Alcor.Network.Ports;

/// <summary>
/// What the Networking API can ask of the bindings of a port: a live migration makes one on the host that it goes to,
/// and activates it when the machine runs there.
/// </summary>
public sealed class PortBindingCommands(NetworkSettings settings) : IResourceCommands
{
    public IResourceType Type => PortBinding.Type;

    public IReadOnlyList<MemberAction> Actions =>
    [
        new(
            "activate",
            "Sends the traffic of the port to this host.",
            (current, change) => Change(current, change, port => Activate(port, (PortBinding)current.Value)),
            new ActionAnswer(null, [.. PortBindingAttributes.All.Where(attribute => attribute.IsVisible)]))
        {
            Rule = "update_port_binding",
        },
    ];

    public ICommand Create(IReadOnlyList<NewResource> items)
    {
        var named = items.Select(item => new InactiveBinding(
            item.Body.Get(PortBindingAttributes.Host),
            item.Body.Get(PortBindingAttributes.VnicType),
            item.Body.Get(PortBindingAttributes.Profile))).ToList();
        return new ChangeBindings(
            items[0].Body.Get(PortBindingAttributes.PortId),
            [.. named.Select(binding => binding.Host)],
            port => Add(port, named))
        {
            Settings = settings,
            Entropy = items[0].Entropy,
        };
    }

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        Change(current, change, port => Update(port, (PortBinding)current.Value, change.Body));

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        Change(current, change, port => Remove(port, ((PortBinding)current.Value).Host));

    private ChangeBindings Change(Stamped<object> current, ChangeRequest request, Func<Port, Result<Port>> change)
    {
        var binding = (PortBinding)current.Value;
        return new ChangeBindings(binding.PortId, [binding.Host], change)
        {
            Settings = settings,
            Entropy = request.Entropy,
        };
    }

    private static Result<Port> Add(Port port, IEnumerable<InactiveBinding> added)
    {
        foreach (var binding in added)
        {
            if (PortBinding.Find(port, binding.Host) is not null)
                return Errors.PortBindingAlreadyExists(port.Id, binding.Host);
            // The first host of a port that has none is where it is.
            port = port.HostId.Length == 0
                ? port with { HostId = binding.Host, VnicType = binding.VnicType, Profile = binding.Profile }
                : port with { InactiveBindings = port.InactiveBindings.OrEmpty().Add(binding) };
        }
        return port;
    }

    private static Result<Port> Update(Port port, PortBinding current, Body body)
    {
        if (PortBinding.Find(port, current.Host) is not { } found)
            return Errors.PortBindingNotFound(port.Id, current.Host);
        var vnicType = body.Get(PortBindingAttributes.VnicType, found.VnicType);
        var profile = body.Get(PortBindingAttributes.Profile, found.Profile);
        if (found.IsActive)
            return port with { VnicType = vnicType, Profile = profile };
        var others = Without(port, current.Host).InactiveBindings.OrEmpty();
        return port with { InactiveBindings = others.Add(new InactiveBinding(current.Host, vnicType, profile)) };
    }

    private static Result<Port> Activate(Port port, PortBinding current)
    {
        if (port.HostId == current.Host)
            return Errors.PortBindingAlreadyActive(port.Id, current.Host);
        if (PortBinding.Find(port, current.Host) is not { } found)
            return Errors.PortBindingNotFound(port.Id, current.Host);
        var others = Without(port, current.Host).InactiveBindings.OrEmpty();
        if (port.HostId.Length > 0)
            others = others.Add(new InactiveBinding(port.HostId, port.VnicType, port.Profile));
        return port with
        {
            HostId = found.Host,
            VnicType = found.VnicType,
            Profile = found.Profile,
            InactiveBindings = others.OrAbsent(),
        };
    }

    private static Result<Port> Remove(Port port, string host)
    {
        if (PortBinding.Find(port, host) is not { } found)
            return Errors.PortBindingNotFound(port.Id, host);
        return found.IsActive ? port with { HostId = "" } : Without(port, host);
    }

    private static Port Without(Port port, string host) => port with
    {
        InactiveBindings = port.InactiveBindings.OrEmpty().RemoveAll(binding => binding.Host == host).OrAbsent(),
    };
}

/// <summary>
/// Changes on which hosts a port is ready. Which network it is in is not known beforehand, so it is decided in a lane
/// of the port's own; the guard on the port orders it among other changes.
/// </summary>
/// <param name="Hosts">Those whose bindings are answered, while they are there.</param>
internal sealed record ChangeBindings(string PortId, IReadOnlyList<string> Hosts, Func<Port, Result<Port>> Change)
    : ICommand
{
    public required NetworkSettings Settings { get; init; }

    public required ulong Entropy { get; init; }

    public PartitionKey Lane => new("port-bindings", PortId);

    public IReadOnlyList<ResourceKey> Reads => [Port.Type.Key(PortId), .. Hosts.Select(Node.Type.Key)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (context.Read(Port.Type, PortId) is not { } found
            || context.Read(Networks.Network.Type, found.Value.NetworkId)?.Value is not { } network)
            return Port.Type.Api.NotFound(PortId);
        if (!found.Value.DeviceOwner.StartsWith(DeviceOwner.ComputePrefix, StringComparison.Ordinal))
            return Errors.NotComputePort(PortId);
        if (found.Value.Trunk is { IsSubport: true } trunk)
            return TrunkErrors.HostOfSubPort(PortId, trunk.TrunkId);
        var changed = Change(found.Value);
        if (changed.Error is { } refused)
            return refused;
        var addressed = DeferredAddresses.Choose(
            changed.Value, () => context.Partition(PartitionKey.Network(network.Id)), context);
        if (addressed.Error is { } noAddress)
            return noAddress;
        var bound = Place(addressed.Value.BoundBy(network, context), found.Value, context);
        if (bound.Error is { } unplaced)
            return unplaced;
        var port = bound.Value with { UpdatedAt = context.Now };
        var decision = new Decision();
        foreach (var host in Hosts.Where(host => PortBinding.Find(port, host) is not null))
        {
            if (context.Read(Node.Type, host)?.Value is not { } node || !network.IsCarriedBy(node))
                return Errors.PortBindingError(PortId, host);
            var isNew = PortBinding.Find(found.Value, host) is null;
            if (isNew && MovedTrunks.FindLost(port, host, context) is { } lost)
                return Errors.PortBindingError(lost.Id, host);
            decision.RestsOnHost(host, context);
        }
        if (port.MacAddress != found.Value.MacAddress)
            decision.RestsOnMacRange(port, context);
        decision
            .UpdatePort(port, found)
            .RestsOnHost(port.HostId, context)
            .MoveDependents(found.Value, port, context)
            .MoveSubPorts(found.Value, port, context);
        return decision.AnswerInstead(
            PortBinding.Type, Hosts.Select(host => PortBinding.Find(port, host)).OfType<PortBinding>());
    }

    private Result<Port> Place(Port port, Port earlier, DecideContext context) => PhysicalDevice.Backs(port)
        ? new PhysicalDevice(context.Partition(PartitionKey.Network(port.NetworkId)), Entropy, Settings, context)
            .Bind(port, earlier)
        : port;
}

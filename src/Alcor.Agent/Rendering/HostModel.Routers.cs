using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

internal sealed partial class HostModel
{
    private readonly Dictionary<Guid, RouterValue> _routers = [];

    // Floating IPs and port forwardings, by router; and those whose port's host has them, by port.
    private readonly Dictionary<Guid, Dictionary<EntryAddress, IEntryValue>> _outside = [];
    private readonly Dictionary<Guid, SortedSet<EntryAddress>> _outsideOfPort = [];

    // By router: what says that this host has its gateway. One, or for a moment that of its gateway before, too.
    private readonly Dictionary<Guid, SortedSet<EntryAddress>> _gatewaysOf = [];
    private readonly Dictionary<EntryAddress, RouterGatewayValue> _gateways = [];

    /// <summary>Null: nothing says so, or it makes no sense.</summary>
    public RouterGatewayValue? GatewayHere(EntryAddress address) => _gateways.GetValueOrDefault(address);

    /// <summary>Whatever changes about a router changes how far the gateway is.</summary>
    public void FollowRouters(HashSet<EntryAddress> affected)
    {
        foreach (var router in affected.Where(address => address.Key.Kind == EntryKind.Router).ToList())
            affected.UnionWith(_gatewaysOf.GetValueOrDefault(router.Key.Id) ?? []);
    }

    private void SetGateway(EntryAddress address, RouterGatewayValue? value)
    {
        if (_gateways.Remove(address, out var before))
            _gatewaysOf.Unindex(before.RouterId, address);
        if (value is null)
            return;
        _gateways[address] = value;
        _gatewaysOf.Index(value.RouterId, address);
    }

    /// <summary>Null until the router's own entry has come and made sense.</summary>
    public RouterValue? Router(Guid id) => _routers.GetValueOrDefault(id);

    /// <summary>A floating IP or a port forwarding; null: it is not known, or makes no sense.</summary>
    public IEntryValue? Outside(EntryAddress address) =>
        Partitions.RouterOf(address) is { } router && _outside.TryGetValue(router, out var outside)
            ? outside.GetValueOrDefault(address)
            : null;

    /// <summary>Every router, floating IP and port forwarding that is known.</summary>
    public IEnumerable<(EntryAddress Address, IEntryValue Value)> WaysOutside =>
        _routers.Select(router => (Partitions.OfRouter(router.Key), (IEntryValue)router.Value))
            .Concat(_outside.Values.SelectMany(outside => outside.Select(one => (one.Key, one.Value))));

    private static void AffectOutside(
        ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress> before,
        ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress> after,
        HashSet<EntryAddress> affected)
    {
        if (ReferenceEquals(before, after))
            return;
        affected.UnionWith(before.Keys.Concat(after.Keys).Select(key => Partitions.OfNetwork(key.Network)));
    }

    private void SetOutside(EntryAddress address, IEntryValue? value)
    {
        var router = Partitions.RouterOf(address) ?? throw new ArgumentException("not of a router's partition");
        if (!_outside.TryGetValue(router, out var outside))
            _outside[router] = outside = [];
        outside.Remove(address, out var before);
        Qos.SetUser(address, PolicyOf(before), PolicyOf(value));
        if (before is FloatingIpValue { PortId: var left })
            _outsideOfPort.Unindex(left, address);
        if (value is FloatingIpValue or PortForwardingValue)
            outside[address] = value;
        if (outside.Count == 0)
            _outside.Remove(router);
        if (value is FloatingIpValue { PortId: var entered })
            _outsideOfPort.Index(entered, address);
    }

    /// <summary>Its own, of a floating IP or a port forwarding.</summary>
    private static Guid? PolicyOf(IEntryValue? outside) => outside switch
    {
        FloatingIpValue ip => ip.QosPolicy,
        PortForwardingValue forwarding => forwarding.QosPolicy,
        _ => null,
    };

    /// <summary>Every address that a router has.</summary>
    public ValueList<IPAddress> AddressesOf(Guid router) =>
        [.. Router(router)?.Interfaces.SelectMany(one => one.Addresses).Select(ip => ip.Address) ?? []];

    private void SetRouter(Guid id, RouterValue? value, HashSet<EntryAddress> affected)
    {
        foreach (var left in NetworksOf(Router(id)))
        {
            var network = Open(left);
            network.Routers.Remove(id);
            Close(network);
        }
        Qos.SetUser(Partitions.OfRouter(id), Router(id)?.Gateway?.QosPolicy, value?.Gateway?.QosPolicy);
        if (value is null)
            _routers.Remove(id);
        else
            _routers[id] = value;
        foreach (var entered in NetworksOf(value))
            Open(entered).Routers.Add(id);
        if (_outside.TryGetValue(id, out var outside))
            affected.UnionWith(outside.Keys);
        // A port may have come before its router, and be in a network that the router does not name.
        foreach (var network in _networks.Values)
        {
            var ports = network.RouterPorts.Where(port => port.Value.RouterId == id).Select(port => port.Key).ToList();
            affected.UnionWith(ports);
            if (ports.Count > 0)
                affected.UnionWith(network.Ports);
        }
    }

    private void SetRouterPort(EntryAddress address, RouterPortValue? value, HashSet<EntryAddress> affected)
    {
        var network = Open(address);
        var hadRouters = network.RouterPorts.Count > 0;
        Name(network, address, NamesOf(network.RouterPorts.GetValueOrDefault(address)), NamesOf(value));
        network.RouterPorts.Remove(address);
        if (value is not null)
            network.RouterPorts[address] = value;
        AffectRouters(network, affected);
        // Which of them is the first may be another now.
        affected.UnionWith(network.RouterPorts.Keys);
        affected.UnionWith(network.Ports);
        if (hadRouters != network.RouterPorts.Count > 0)
            affected.UnionWith(network.Neighbors.Keys);
        Close(network);
    }

    private static IEnumerable<Guid> NetworksOf(RouterValue? router) =>
        router is null
            ? []
            : router.Interfaces.Select(one => one.NetworkId)
                .Concat(router.Gateway is { } gateway ? [gateway.NetworkId] : []).Distinct();
}

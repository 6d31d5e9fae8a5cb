using System.Diagnostics.CodeAnalysis;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>
/// Desired state and facts, indexed the way that rendering asks. It is told what changed and answers with the entries
/// whose flows may be others now; after any sequence of changes it equals the model built from the last state at once.
/// </summary>
internal sealed partial class HostModel
{
    private readonly Dictionary<Guid, NetworkModel> _networks = [];
    private readonly Dictionary<EntryAddress, PortValue> _ports = [];
    private readonly Dictionary<EntryAddress, string> _malformed = [];
    private readonly Dictionary<Guid, SortedSet<EntryAddress>> _portsById = [];

    // Two networks on one segment would be one network: only the first of them is rendered.
    private readonly Dictionary<Segment, SortedSet<Guid>> _networksBySegment = [];

    public SecurityModel Security { get; } = new();

    public QosModel Qos { get; } = new();

    public SwitchFacts Facts { get; private set; } = new(
        System.Collections.Immutable.ImmutableDictionary<Guid, uint>.Empty, TunnelPorts.None, IPAddress.None);

    /// <summary>The tunnel addresses of other hosts that share a network with this one.</summary>
    public IEnumerable<IPAddress> Peers =>
        _networks.Values.SelectMany(network => network.Hosts).Distinct()
            .Where(host => !host.Equals(Facts.TunnelAddress));

    public string? MalformedReason(EntryAddress address) => _malformed.GetValueOrDefault(address);

    public bool TryGetPort(EntryAddress address, [NotNullWhen(true)] out PortValue? port) =>
        _ports.TryGetValue(address, out port);

    public IEnumerable<NetworkModel> Networks => _networks.Values;

    public NetworkModel? Network(Guid id) => _networks.GetValueOrDefault(id);

    /// <summary>The network whose partition an entry is in, or null for an entry of another partition.</summary>
    public NetworkModel? NetworkOf(EntryAddress address) =>
        Partitions.NetworkOf(address) is { } id ? Network(id) : null;

    /// <summary>The other network that is on the segment of this one and comes first, or null.</summary>
    public Guid? SegmentOwner(NetworkModel network) =>
        network.Value is { } value && _networksBySegment[value.Segment].Min is var first && first != network.Id
            ? first
            : null;

    /// <summary>
    /// What the packets of a network have in their register, by <see cref="NetworkNumbers"/>.
    /// </summary>
    /// <returns>Null: this host has no port to the physical network.</returns>
    public uint? NumberOf(NetworkValue network) => network.PhysicalNetwork is not { } physical
        ? NetworkNumbers.Of(network.Encapsulation, network.SegmentationId)
        : Facts.PhysicalPorts.ContainsKey(physical)
            ? NetworkNumbers.OfOutside(
                Facts.PhysicalPorts.Keys.TakeWhile(name => name != physical).Count(), network.SegmentationId)
            : null;

    /// <summary>How this host reaches the others of a network; null: its switch has no such tunnel, or none carries
    /// the network.</summary>
    public Tunnel? TunnelOf(NetworkValue network) =>
        network.PhysicalNetwork is null && Facts.Tunnels[network.Encapsulation] is { } port
            ? new Tunnel(port, network.SegmentationId)
            : null;

    /// <summary>How this host reaches a network outside; null: it does not, or tunnels carry the network.</summary>
    public Carrier? CarrierOf(NetworkValue network) =>
        network.PhysicalNetwork is { } physical && Facts.PhysicalPorts.TryGetValue(physical, out var port)
            ? new Carrier(port, (ushort)network.SegmentationId)
            : null;

    /// <summary>Takes over the facts; adds what may render to something else now.</summary>
    public void SetFacts(SwitchFacts facts, HashSet<EntryAddress> affected)
    {
        var before = Facts;
        Facts = facts;
        if (before.Tunnels != facts.Tunnels || !before.TunnelAddress.Equals(facts.TunnelAddress))
        {
            foreach (var network in _networks.Values)
                AffectNetwork(network, affected);
        }
        if (before.Services != facts.Services)
            affected.UnionWith(_ports.Keys);
        if (IsNaming(before) != IsNaming(facts))
            NameAgain();
        AffectOutside(before.OutsideNeighbors, facts.OutsideNeighbors, affected);
        if (!before.PhysicalPorts.SequenceEqual(facts.PhysicalPorts))
        {
            foreach (var network in _networks.Values.Where(known => known.Value?.PhysicalNetwork is not null))
                AffectNetwork(network, affected);
        }
        foreach (var id in before.Interfaces.Keys.Union(facts.Interfaces.Keys))
        {
            if (Of(before, id) == Of(facts, id))
                continue;
            foreach (var port in _portsById.GetValueOrDefault(id) ?? [])
                AffectPort(port, affected);
            foreach (var subport in _subPortsOf.GetValueOrDefault(id) ?? [])
                AffectPort(subport, affected);
        }
    }

    /// <summary>Takes over one entry, null when it is gone; adds what may render to something else now.</summary>
    public void Set(EntryAddress address, IEntryValue? value, HashSet<EntryAddress> affected)
    {
        affected.Add(address);
        var belongs = Partitions.Belongs(address);
        if (value is not (null or MalformedValue) && !belongs)
            value = new MalformedValue($"makes no sense: {address.Key.Kind} in partition {address.Partition}");
        if (value is MalformedValue malformed)
            _malformed[address] = malformed.Reason;
        else
            _malformed.Remove(address);
        if (!belongs)
            return;
        switch (address.Key.Kind)
        {
            case EntryKind.Network:
                SetNetwork(address, value as NetworkValue, affected);
                break;
            case EntryKind.Subnet:
                SetSubnet(address, value as SubnetValue, affected);
                break;
            case EntryKind.Neighbor:
                var network = Open(address);
                Name(network, address, NamesOf(network.Neighbors.GetValueOrDefault(address)),
                    NamesOf(value as NeighborValue));
                if (network.SetNeighbor(address, value as NeighborValue))
                    affected.Add(Partitions.OfNetwork(network.Id));
                Close(network);
                break;
            case EntryKind.Port:
                SetPort(address, value as PortValue, affected);
                break;
            case EntryKind.RouterPort:
                SetRouterPort(address, value as RouterPortValue, affected);
                break;
            case EntryKind.FloatingIp or EntryKind.PortForwarding:
                SetOutside(address, value);
                break;
            case EntryKind.RouterGateway:
                SetGateway(address, value as RouterGatewayValue);
                break;
            case EntryKind.Router:
                SetRouter(address.Key.Id, value as RouterValue, affected);
                break;
            case EntryKind.AddressGroup:
                Security.SetAddressGroup(address.Key.Id, value as AddressGroupValue, affected);
                break;
            case EntryKind.QosPolicy:
                SetPolicy(address.Key.Id, value as QosPolicyValue, affected);
                break;
            case EntryKind.NetworkAcl or EntryKind.NetworkAclRule:
                Acls.Set(Partitions.NetworkAclOf(address)!.Value, address, value, affected);
                break;
            default:
                if (Partitions.SecurityGroupOf(address) is { } group)
                    Security.Set(group, address, value, affected);
                break;
        }
    }

    private void SetNetwork(EntryAddress address, NetworkValue? value, HashSet<EntryAddress> affected)
    {
        var network = Open(address);
        var before = network.Value?.Segment;
        if (before is { } old && old != value?.Segment)
        {
            AffectSegment(old, affected);
            if (_networksBySegment[old].Remove(network.Id) && _networksBySegment[old].Count == 0)
                _networksBySegment.Remove(old);
        }
        Qos.SetUser(address, network.Value?.QosPolicy, value?.QosPolicy);
        network.Value = value;
        if (value is { } now && now.Segment != before)
        {
            if (!_networksBySegment.TryGetValue(now.Segment, out var sharing))
                _networksBySegment[now.Segment] = sharing = [];
            sharing.Add(network.Id);
            AffectSegment(now.Segment, affected);
        }
        AffectNetwork(network, affected);
        Close(network);
    }

    private void SetSubnet(EntryAddress address, SubnetValue? value, HashSet<EntryAddress> affected)
    {
        var network = Open(address);
        if (value is null)
            network.Subnets.Remove(address.Key.Id);
        else
            network.Subnets[address.Key.Id] = value;
        foreach (var port in network.Ports)
            SetBoundaries(port, affected);
        affected.UnionWith(network.Ports);
        AffectRouters(network, affected);
        Close(network);
    }

    private void SetPort(EntryAddress address, PortValue? value, HashSet<EntryAddress> affected)
    {
        AffectPort(address, affected);
        _ports.Remove(address, out var before);
        if (before?.SubPort is { } carried)
            RemoveSubPort(address, carried, affected);
        Security.SetPort(address, before, value, affected);
        Qos.SetUser(address, before?.QosPolicy, value?.QosPolicy);
        if (before is not null && Network(before.NetworkId) is { } left)
        {
            left.Ports.Remove(address);
            Close(left);
        }
        if (before is not null)
            _portsById.Unindex(address.Key.Id, address);
        if (value is null)
        {
            SetBoundaries(address, affected);
            return;
        }
        _portsById.Index(address.Key.Id, address);
        _ports[address] = value;
        if (value.SubPort is { } subport)
            AddSubPort(address, subport, affected);
        Open(value.NetworkId).Ports.Add(address);
        SetBoundaries(address, affected);
        AffectPort(address, affected);
    }

    private NetworkModel Open(EntryAddress address) => Open(
        Partitions.NetworkOf(address) ?? throw new ArgumentException("not an entry of a network's partition"));

    private NetworkModel Open(Guid id)
    {
        if (!_networks.TryGetValue(id, out var network))
            _networks[id] = network = new(id);
        return network;
    }

    private void Close(NetworkModel network)
    {
        if (network.IsEmpty)
            _networks.Remove(network.Id);
    }

    private void AffectRouters(NetworkModel network, HashSet<EntryAddress> affected)
    {
        foreach (var router in network.Routers)
        {
            affected.Add(Partitions.OfRouter(router));
            if (_outside.TryGetValue(router, out var outside))
                affected.UnionWith(outside.Keys);
        }
    }

    private void AffectSegment(Segment segment, HashSet<EntryAddress> affected)
    {
        foreach (var id in _networksBySegment.GetValueOrDefault(segment) ?? [])
            AffectNetwork(_networks[id], affected);
    }

    private void AffectNetwork(NetworkModel network, HashSet<EntryAddress> affected)
    {
        affected.Add(Partitions.OfNetwork(network.Id));
        affected.UnionWith(network.Ports);
        affected.UnionWith(network.Neighbors.Keys);
        affected.UnionWith(network.RouterPorts.Keys);
        AffectRouters(network, affected);
    }

    private void AffectPort(EntryAddress address, HashSet<EntryAddress> affected)
    {
        affected.Add(address);
        affected.UnionWith(_outsideOfPort.GetValueOrDefault(address.Key.Id) ?? []);
        if (_ports.TryGetValue(address, out var port) && Network(port.NetworkId) is { } network)
            affected.Add(Partitions.OfNetwork(network.Id));
    }

    private static uint? Of(SwitchFacts facts, Guid id) =>
        facts.Interfaces.TryGetValue(id, out var port) ? port : null;
}

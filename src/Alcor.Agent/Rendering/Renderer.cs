using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Icmp;
using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>What an update touched; whether it became another is for the reader to see.</summary>
public sealed record RenderChange(IReadOnlySet<FlowKey> Flows, IReadOnlySet<EntryAddress> Entries);

/// <summary>
/// Desired state and facts → flows, and for each entry the reason why it has none. A pure function of the last state
/// and facts: what it keeps between updates only saves work, and a renderer that is given everything at once says the
/// same.
/// </summary>
public sealed partial class Renderer
{
    private readonly HostModel _model = new();
    private readonly Dictionary<EntryAddress, EntryRendering> _renderings = [];
    private readonly Dictionary<FlowKey, (EntryAddress Owner, Flow Flow)> _flows = [];

    // Of entries that claim one flow the first by order has it, the others are here. Those that want the packet to go
    // another way are contradicted, and fail; two rules of one meaning, or two ports of one address, agree.
    private readonly Dictionary<FlowKey, SortedDictionary<EntryAddress, Flow>> _beaten = [];
    private readonly Dictionary<EntryAddress, HashSet<FlowKey>> _lost = [];
    private Dictionary<FlowKey, Flow> _skeleton = [];

    public int FlowCount => _flows.Count + _skeleton.Count;

    public IEnumerable<Flow> Flows => _skeleton.Values.Concat(_flows.Values.Select(owned => owned.Flow));

    public IEnumerable<KeyValuePair<EntryAddress, EntryProblem>> Problems =>
        _renderings.Where(known => known.Value.Problem is not null).Select(known => known.Key)
            .Union(_lost.Keys)
            .Select(address => (Address: address, Problem: Problem(address)))
            .Where(known => known.Problem is not null)
            .Select(known => KeyValuePair.Create(known.Address, known.Problem!));

    /// <summary>Other hosts that share a network with this one, by tunnel address.</summary>
    public IEnumerable<IPAddress> Peers => _model.Peers;

    /// <summary>Null when no flow stands there.</summary>
    public Flow? Find(FlowKey key) =>
        _flows.TryGetValue(key, out var owned) ? owned.Flow : _skeleton.GetValueOrDefault(key);

    /// <summary>The entry that a flow is there for; null for the skeleton's.</summary>
    public EntryAddress? Owner(FlowKey key) => _flows.TryGetValue(key, out var owned) ? owned.Owner : null;

    /// <summary>Null when the entry has all that it asks for.</summary>
    public EntryProblem? Problem(EntryAddress address)
    {
        if (_renderings.GetValueOrDefault(address)?.Problem is { IsFailure: true } failure)
            return failure;
        var contradictions = _lost.GetValueOrDefault(address, []).Where(key => IsContradicted(address, key))
            .Select(key => (Winner: _flows[key].Owner.Key, Flow: key.ToString())).ToList();
        if (contradictions.Count == 0)
            return _renderings.GetValueOrDefault(address)?.Problem;
        var (winner, flow) = contradictions.Min();
        return EntryProblem.Failed($"contradicts {winner}, which has the flow {flow}");
    }

    /// <summary>What DHCP answers at the port of a key; null for silence.</summary>
    public DhcpBinding? DhcpAt(uint key, TimeSpan leaseTime) => PortOf(key) is var (port, network, value)
        ? DhcpBinding.Of(port, value, network.Subnets.GetValueOrDefault, leaseTime)
        : null;

    /// <summary>What DHCPv6 answers at the port of a key; null for silence.</summary>
    public Dhcpv6Binding? Dhcpv6At(uint key, TimeSpan leaseTime) => PortOf(key) is var (port, network, value)
        ? Dhcpv6Binding.Of(port, value, network.Subnets.GetValueOrDefault, leaseTime)
        : null;

    /// <summary>What routers tell the machine at the port of a key.</summary>
    public IEnumerable<RouterAdvertisement> AdvertisementsAt(uint key) => PortOf(key) is var (_, network, _)
        ? RouterAdvertisements.Of(_model, network)
        : [];

    /// <summary>What routers tell machines, by each port that is plugged; nothing, where there is no such
    /// router.</summary>
    public IEnumerable<AdvertisedPort> AdvertisedPorts => _model.PluggedPorts.GroupBy(port => port.Value.NetworkId)
        .SelectMany(ports =>
        {
            var said = _model.Network(ports.Key) is { } network
                ? RouterAdvertisements.Of(_model, network).ToValueList()
                : [];
            return ports.Select(port => new AdvertisedPort(port.Address, port.Key, said));
        });

    /// <summary>How a router sees the machine at the port of a key; null: it does not, or is not known.</summary>
    public RouterFace? RouterFacing(uint key, Guid router)
    {
        if (_model.PortOf(key) is not { } address || !_model.TryGetPort(address, out var port)
            || _model.Network(port.NetworkId) is not { RouterPorts.Count: > 0 } network)
        {
            return null;
        }
        // A packet that went through several routers comes back from the first, in the name of the last.
        var first = network.RouterPorts.Values.FirstOrDefault(one => one.RouterId == router)
            ?? network.RouterPorts.Values.First();
        var named = first.RouterId == router ? first.Addresses : _model.AddressesOf(router);
        return new RouterFace(first.Mac, named, port.Mac);
    }

    /// <param name="changed">Every entry that may differ from the desired state of the last update.</param>
    public RenderChange Update(DesiredState desired, SwitchFacts facts, IEnumerable<EntryAddress> changed)
    {
        ArgumentNullException.ThrowIfNull(desired);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(changed);
        var flows = new HashSet<FlowKey>();
        if (_skeleton.Count == 0 || !facts.TunnelAddress.Equals(_model.Facts.TunnelAddress))
        {
            _skeleton = Skeleton.Of(facts.TunnelAddress).ToDictionary(flow => flow.Key);
            flows.UnionWith(_skeleton.Keys);
        }
        var affected = new HashSet<EntryAddress>();
        foreach (var address in changed)
            _model.Set(address, desired.Find(address)?.Value, affected);
        _model.SetFacts(facts, affected);
        var entries = new HashSet<EntryAddress>(affected);
        foreach (var address in affected)
            Replace(address, EntryRenderer.Render(_model, address), flows, entries);
        return new(flows, entries);
    }

    /// <summary>The whole state at once: the oracle of every sequence of updates.</summary>
    public static Renderer Full(DesiredState desired, SwitchFacts facts)
    {
        ArgumentNullException.ThrowIfNull(desired);
        var renderer = new Renderer();
        renderer.Update(desired, facts, desired.Addresses);
        return renderer;
    }

    /// <summary>The port that has a key, and its network; null unless both are up.</summary>
    private (PortValue Port, NetworkModel Network, NetworkValue Value)? PortOf(uint key) =>
        _model.PortOf(key) is { } address && _model.TryGetPort(address, out var port) && port.AdminStateUp
            && _model.Network(port.NetworkId) is { Value: { AdminStateUp: true } value } network
            ? (port, network, value)
            : null;

    private void Replace(
        EntryAddress address, EntryRendering rendering, HashSet<FlowKey> flows, HashSet<EntryAddress> entries)
    {
        var before = _renderings.GetValueOrDefault(address) ?? EntryRendering.Nothing;
        if (rendering.Flows.Count == 0 && rendering.Problem is null)
            _renderings.Remove(address);
        else
            _renderings[address] = rendering;
        var kept = rendering.Flows.ToDictionary(flow => flow.Key);
        foreach (var flow in before.Flows)
        {
            if (!kept.TryGetValue(flow.Key, out var same) || !same.Equals(flow))
                Withdraw(address, flow.Key, flows, entries);
            else
                kept.Remove(flow.Key);
        }
        foreach (var flow in kept.Values)
            Claim(address, flow, flows, entries);
    }

    private void Claim(EntryAddress owner, Flow flow, HashSet<FlowKey> flows, HashSet<EntryAddress> entries)
    {
        flows.Add(flow.Key);
        if (_flows.TryGetValue(flow.Key, out var holder))
        {
            var wins = EntryAddressOrder.Instance.Compare(owner, holder.Owner) < 0;
            var beaten = wins ? holder : (Owner: owner, Flow: flow);
            AddBeaten(flow.Key, beaten.Owner, beaten.Flow);
            Touch(flow.Key, entries);
            if (!wins)
                return;
        }
        _flows[flow.Key] = (owner, flow);
    }

    private void Withdraw(EntryAddress owner, FlowKey key, HashSet<FlowKey> flows, HashSet<EntryAddress> entries)
    {
        flows.Add(key);
        Touch(key, entries);
        if (_flows[key].Owner != owner)
        {
            RemoveBeaten(key, owner);
            return;
        }
        _flows.Remove(key);
        if (!_beaten.TryGetValue(key, out var waiting))
            return;
        var (next, flow) = waiting.First();
        RemoveBeaten(key, next);
        _flows[key] = (next, flow);
    }

    private bool IsContradicted(EntryAddress address, FlowKey key) =>
        !_flows[key].Flow.Instructions.Equals(_beaten[key][address].Instructions);

    private void AddBeaten(FlowKey key, EntryAddress owner, Flow flow)
    {
        if (!_beaten.TryGetValue(key, out var beaten))
            _beaten[key] = beaten = new(EntryAddressOrder.Instance);
        beaten[owner] = flow;
        if (!_lost.TryGetValue(owner, out var lost))
            _lost[owner] = lost = [];
        lost.Add(key);
    }

    private void RemoveBeaten(FlowKey key, EntryAddress owner)
    {
        var beaten = _beaten[key];
        beaten.Remove(owner);
        if (beaten.Count == 0)
            _beaten.Remove(key);
        _lost[owner].Remove(key);
        if (_lost[owner].Count == 0)
            _lost.Remove(owner);
    }

    private void Touch(FlowKey key, HashSet<EntryAddress> entries)
    {
        if (_beaten.TryGetValue(key, out var beaten))
            entries.UnionWith(beaten.Keys);
    }
}

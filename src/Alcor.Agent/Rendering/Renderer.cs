using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Icmp;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Rendering;

/// <summary>What an update touched; whether it became another is for the reader to see.</summary>
public sealed record RenderChange(
    IReadOnlySet<FlowKey> Flows, IReadOnlySet<uint> Meters, IReadOnlySet<EntryAddress> Entries);

/// <summary>
/// Desired state and facts → flows and meters, and for each entry the reason why it has none. A pure function of the
/// last state and facts: what it keeps between updates only saves work, and a renderer that is given everything at once
/// says the same.
/// </summary>
public sealed partial class Renderer
{
    private readonly HostModel _model = new();
    private readonly Dictionary<EntryAddress, EntryRendering> _renderings = [];
    private readonly Claims<FlowKey, Flow> _flows = new(flow => flow.Key);
    private readonly Claims<uint, Meter> _meters = new(meter => meter.Id);
    private Dictionary<FlowKey, Flow> _skeleton = [];

    public int FlowCount => _flows.Count + _skeleton.Count;

    public IEnumerable<Flow> Flows => _skeleton.Values.Concat(_flows.Values);

    /// <summary>The meters that the flows name.</summary>
    public IEnumerable<Meter> Meters => _meters.Values;

    public IEnumerable<KeyValuePair<EntryAddress, EntryProblem>> Problems =>
        _renderings.Where(known => known.Value is { Problem: not null } or { RestsOn: not null })
            .Select(known => known.Key)
            .Union(_flows.Losers).Union(_meters.Losers)
            .Select(address => (Address: address, Problem: Problem(address)))
            .Where(known => known.Problem is not null)
            .Select(known => KeyValuePair.Create(known.Address, known.Problem!));

    /// <summary>Other hosts that share a network with this one, by tunnel address.</summary>
    public IEnumerable<IPAddress> Peers => _model.Peers;

    /// <summary>Whom this host serves, as of the last update.</summary>
    public ServiceDirectory Services => _model.Services;

    /// <summary>Null when no flow stands there.</summary>
    public Flow? Find(FlowKey key) => _flows.Find(key) ?? _skeleton.GetValueOrDefault(key);

    /// <summary>The entry that a flow is there for; null for the skeleton's.</summary>
    public EntryAddress? Owner(FlowKey key) => _flows.Owner(key);

    /// <summary>Null when nothing asks for a meter of that id.</summary>
    public Meter? FindMeter(uint id) => _meters.Find(id);

    /// <summary>The entry that a meter is there for; null: none.</summary>
    public EntryAddress? OwnerOfMeter(uint id) => _meters.Owner(id);

    /// <summary>The entry with which another stands or falls: itself, if it has anything of its own.</summary>
    public EntryAddress BaseOf(EntryAddress address) => RenderingOf(address).RestsOn ?? address;

    /// <summary>Entries that have nothing of their own, and stand or fall with some of these.</summary>
    public IEnumerable<EntryAddress> RestingOn(IReadOnlySet<EntryAddress> bases) => bases.Count == 0
        ? []
        : _renderings.Where(known => known.Value.RestsOn is { } other && bases.Contains(other))
            .Select(known => known.Key);

    /// <summary>Null when the entry has all that it asks for.</summary>
    public EntryProblem? Problem(EntryAddress address)
    {
        var rendering = RenderingOf(address);
        if (rendering.RestsOn is { } other)
            return Problem(other);
        if (rendering.Problem is { IsFailure: true } failure)
            return failure;
        var contradictions = Contradictions(address).ToList();
        if (contradictions.Count == 0)
            return rendering.Problem;
        var (winner, what) = contradictions.Min();
        return EntryProblem.Failed($"contradicts {winner}, which has the {what}");
    }

    /// <summary>What DHCP answers at the port of a key; null for silence.</summary>
    public DhcpBinding? DhcpAt(uint key, TimeSpan leaseTime, HostServices services) =>
        PortOf(key) is var (port, network, value)
            ? DhcpBinding.Of(port, value, network.Subnets.GetValueOrDefault, leaseTime, services)
            : null;

    /// <summary>What DHCPv6 answers at the port of a key; null for silence.</summary>
    public Dhcpv6Binding? Dhcpv6At(uint key, TimeSpan leaseTime, HostServices services) =>
        PortOf(key) is var (port, network, value)
            ? Dhcpv6Binding.Of(port, value, network.Subnets.GetValueOrDefault, leaseTime, services)
            : null;

    /// <summary>What routers tell the machine at the port of a key.</summary>
    public IEnumerable<RouterAdvertisement> AdvertisementsAt(uint key, HostServices services) =>
        PortOf(key) is var (port, network, _)
            ? RouterAdvertisements.Of(_model, network, port.DnsDomain, services)
            : [];

    /// <summary>What routers tell machines, by each port that is plugged; nothing, where there is no such
    /// router.</summary>
    public IEnumerable<AdvertisedPort> AdvertisedPorts(HostServices services) => _model.PluggedPorts
        .GroupBy(port => (port.Value.NetworkId, port.Value.DnsDomain))
        .SelectMany(ports =>
        {
            var said = _model.Network(ports.Key.NetworkId) is { } network
                ? RouterAdvertisements.Of(_model, network, ports.Key.DnsDomain, services).ToValueList()
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
        var (flows, meters) = (new HashSet<FlowKey>(), new HashSet<uint>());
        if (_skeleton.Count == 0 || !facts.TunnelAddress.Equals(_model.Facts.TunnelAddress))
        {
            _skeleton = Skeleton.Of(facts.TunnelAddress).ToDictionary(flow => flow.Key);
            flows.UnionWith(_skeleton.Keys);
        }
        var affected = new HashSet<EntryAddress>();
        foreach (var address in changed)
            _model.Set(address, desired.Find(address)?.Value, affected);
        _model.SetFacts(facts, affected);
        _model.Serve(affected);
        _model.NumberOutside(affected);
        _model.FollowRouters(affected);
        var entries = new HashSet<EntryAddress>(affected);
        foreach (var address in affected)
        {
            var (before, after) = (RenderingOf(address), EntryRenderer.Render(_model, address));
            Keep(address, after);
            _flows.Replace(address, before.Flows, after.Flows, flows, entries);
            _meters.Replace(address, before.Meters, after.Meters, meters, entries);
        }
        _model.FollowRouters(entries);
        return new(flows, meters, entries);
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

    private EntryRendering RenderingOf(EntryAddress address) =>
        _renderings.GetValueOrDefault(address) ?? EntryRendering.Nothing;

    private void Keep(EntryAddress address, EntryRendering rendering)
    {
        if (rendering is { Flows.Count: 0, Meters.Count: 0, Problem: null, RestsOn: null })
            _renderings.Remove(address);
        else
            _renderings[address] = rendering;
    }

    /// <summary>
    /// Where another entry has the place and wants something else there. Two rules of one meaning, or two ports of one
    /// address, agree.
    /// </summary>
    private IEnumerable<(EntryKey Winner, string What)> Contradictions(EntryAddress address) =>
        _flows.LostBy(address).Where(lost => !lost.Claimed.Instructions.Equals(lost.Held.Instructions))
            .Select(lost => (lost.Winner.Key, $"flow {lost.Place}"))
            .Concat(_meters.LostBy(address).Where(lost => !lost.Claimed.Equals(lost.Held))
                .Select(lost => (lost.Winner.Key, $"meter {lost.Place}")));
}

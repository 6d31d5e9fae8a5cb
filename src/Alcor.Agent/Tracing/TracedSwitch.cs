using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Services;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tracing;

/// <summary>A host with the flows that it should have, on a switch in memory whose port numbers are invented.</summary>
internal sealed class TracedSwitch
{
    public static readonly TunnelPorts Tunnels = new(Vxlan: 1, Geneve: 2);
    public const uint ServicePort = 3;
    private const uint FirstPhysicalPort = 4;
    private readonly FlowTableSwitch _tables = new([.. Tunnels.All, ServicePort]);
    private readonly Dictionary<uint, Guid> _ports = [];
    private readonly Dictionary<uint, string> _physicalNetworks = [];
    private readonly Dictionary<Guid, uint> _numbers = [];
    private readonly Dictionary<Guid, SubPortValue> _subPorts = [];

    /// <param name="outside">Who has which address in networks outside.</param>
    public TracedSwitch(
        TracedHost host, ImmutableDictionary<(Guid Network, IPAddress Address), MacAddress> outside)
    {
        Host = host;
        State = new TracedState(host.Desired);
        var next = FirstPhysicalPort;
        foreach (var network in host.PhysicalNetworks.Order(StringComparer.Ordinal))
            _physicalNetworks.Add(next++, network);
        var ports = State.All<PortValue>().ToList();
        foreach (var port in ports.Select(port => port.Value.SubPort?.ParentId ?? port.Address.Key.Id).Distinct())
        {
            _numbers.Add(port, next);
            _ports.Add(next++, port);
        }
        foreach (var (address, value) in ports)
        {
            if (value.SubPort is { } subport)
                _subPorts[address.Key.Id] = subport;
        }
        foreach (var number in _ports.Keys.Concat(_physicalNetworks.Keys))
            _tables.AddPort(number);
        Renderer = Renderer.Full(host.Desired, new SwitchFacts(
            _numbers.ToImmutableDictionary(), Tunnels, host.TunnelAddress)
        {
            PhysicalPorts = _physicalNetworks.ToImmutableSortedDictionary(
                known => known.Value, known => known.Key, StringComparer.Ordinal),
            OutsideNeighbors = outside,
            Services = host.Services == HostServices.None ? null : new ServicePort(ServicePort, host.Services),
        });
        foreach (var meter in Renderer.Meters)
            _tables.Apply(MeterModCommand.Add, meter);
        var result = _tables.Apply([.. Renderer.Flows.Select(FlowMod.Add)], FlowDelivery.Bundle);
        if (!result.IsComplete)
            throw new InvalidOperationException($"{host.Name} would refuse {string.Join(", ", result.Failures)}");
    }

    public TracedHost Host { get; }

    public TracedState State { get; }

    public Renderer Renderer { get; }

    /// <summary>The OpenFlow port that the frames of a port come by.</summary>
    public uint? NumberOf(Guid port) =>
        _numbers.TryGetValue(_subPorts.GetValueOrDefault(port)?.ParentId ?? port, out var number) ? number : null;

    /// <summary>The tag that the frames of a port have there; 0: none.</summary>
    public ushort VlanOf(Guid port) => _subPorts.GetValueOrDefault(port)?.Vlan ?? 0;

    /// <summary>The port whose frames come by an OpenFlow port, with this tag or 0 for none.</summary>
    public Guid? PortAt(uint number, ushort vlan = 0) => !_ports.TryGetValue(number, out var port) ? null
        : vlan == 0 ? port
        : _subPorts.Where(known => known.Value.ParentId == port && known.Value.Vlan == vlan)
            .Select(known => (Guid?)known.Key).FirstOrDefault();

    /// <summary>The port that flows call by a key.</summary>
    public Guid? PortOf(uint key) => PortKey.SubPortOf(key) is { } number
        ? _subPorts.Where(known => known.Value.Number == number).Select(known => (Guid?)known.Key).FirstOrDefault()
        : PortAt(key);

    /// <summary>Null: the port leads to no physical network.</summary>
    public string? PhysicalNetworkAt(uint number) => _physicalNetworks.GetValueOrDefault(number);

    public uint? PortTo(string physicalNetwork) =>
        _physicalNetworks.Where(known => known.Value == physicalNetwork).Select(known => (uint?)known.Key)
            .FirstOrDefault();

    /// <summary>The network that a packet with this number in its register is in; null: none that is known.</summary>
    public Guid? NetworkOf(uint number) => Renderer.NetworkOf(number);

    public EntryProblem? ProblemOf(Guid port) =>
        State.All<PortValue>().Where(known => known.Address.Key.Id == port)
            .Select(known => Renderer.Problem(known.Address)).FirstOrDefault();

    public ForwardingResult Receive(uint port, Packet packet, TunnelFields tunnel) =>
        _tables.Receive(port, packet, tunnel);
}

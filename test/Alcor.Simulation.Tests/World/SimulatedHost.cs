using System.Net;
using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Simulation.Tests;

/// <summary>
/// A host: its switch with the interfaces of machines, the agent that runs there or does not, and its way to the
/// servers.
/// </summary>
internal sealed class SimulatedHost
{
    public static readonly TunnelPorts Tunnels = new(Vxlan: 1, Geneve: 2);

    private readonly Simulation _world;
    private readonly Dictionary<Guid, uint> _interfaces = [];
    private readonly Dictionary<uint, Guid> _owners = [];
    private readonly Dictionary<Guid, List<uint>> _everPlugged = [];
    private uint _nextPort = Tunnels.All.Max() + 1;
    private int _addresses;

    public SimulatedHost(Simulation world, int number)
    {
        (_world, Number, Name) = (world, number, $"host-{number}");
        TunnelAddress = NextAddress();
        Switch = NewSwitch();
    }

    public int Number { get; }

    public string Name { get; }

    public IPAddress TunnelAddress { get; private set; }

    public InMemorySwitch Switch { get; private set; }

    /// <summary>Null while no agent runs.</summary>
    public AgentProcess? Agent { get; private set; }

    public bool IsPartitioned { get; set; }

    /// <summary>Counts what may take packets from machines without anybody having asked for it.</summary>
    public int Upheavals { get; private set; }

    public IReadOnlyDictionary<Guid, uint> Interfaces => _interfaces;

    /// <summary>Flows ever put into the switch, to tell whether it had what was acknowledged.</summary>
    public HashSet<Flow> EverPut { get; } = [];

    public SwitchFacts Facts => new(
        System.Collections.Immutable.ImmutableDictionary.CreateRange(_interfaces), Tunnels, TunnelAddress);

    /// <summary>Every OpenFlow port that the interface of a port ever had here.</summary>
    public IReadOnlyList<uint> EverPluggedAt(Guid port) => _everPlugged.GetValueOrDefault(port) ?? [];

    public Guid? OwnerOf(uint ofPort) => _owners.TryGetValue(ofPort, out var owner) ? owner : null;

    public void StartAgent()
    {
        _world.Trace.Write($"{Name}: the agent starts");
        Agent = new AgentProcess(_world, this);
    }

    public void KillAgent()
    {
        if (Agent is null)
            return;
        _world.Trace.Write($"{Name}: the agent is killed");
        Agent.Kill();
        Agent = null;
    }

    /// <summary>OpenFlow port numbers are not used again: the switch avoids that as long as it can.</summary>
    public void Plug(Guid port)
    {
        if (_interfaces.ContainsKey(port))
            return;
        var ofPort = _nextPort++;
        _interfaces[port] = ofPort;
        _owners[ofPort] = port;
        if (!_everPlugged.TryGetValue(port, out var ever))
            _everPlugged[port] = ever = [];
        ever.Add(ofPort);
        _world.Trace.Write($"{Name}: {port} is plugged at {ofPort}");
        Switch.SetInterface(port, ofPort);
    }

    public void Unplug(Guid port)
    {
        if (!_interfaces.Remove(port, out var ofPort))
            return;
        _owners.Remove(ofPort);
        _world.Trace.Write($"{Name}: {port} is unplugged");
        Switch.SetInterface(port, null);
    }

    public void RestartSwitch()
    {
        _world.Trace.Write($"{Name}: the switch restarts");
        Upheavals++;
        Switch.Restart();
    }

    /// <summary>For a mutation: nobody is told.</summary>
    public void EmptySwitch()
    {
        Switch.Tamper(tables => tables.Apply(FlowMod.Delete(FlowFilter.Everything)));
    }

    /// <summary>The connection between agent and switch breaks and comes back; packets do not notice.</summary>
    public void FlapConnection()
    {
        _world.Trace.Write($"{Name}: the agent loses the switch for a moment");
        var device = Switch;
        device.Disconnect();
        _world.Time.After(_world.Latency(), device.Connect);
    }

    /// <summary>The host gets another address and its agent starts anew; flows and interfaces stay.</summary>
    public void ChangeTunnelAddress()
    {
        KillAgent();
        Upheavals++;
        TunnelAddress = NextAddress();
        _world.Trace.Write($"{Name}: the tunnel address is {TunnelAddress}");
        var (flows, meters) = (Switch.Flows, Switch.Meters);
        Switch = NewSwitch();
        Switch.Tamper(table =>
        {
            foreach (var meter in meters)
                table.Apply(MeterModCommand.Add, meter);
            foreach (var flow in flows)
                table.Apply(FlowMod.Add(flow));
        });
        foreach (var (port, ofPort) in _interfaces)
            Switch.SetInterface(port, ofPort);
    }

    private InMemorySwitch NewSwitch() => new(TunnelAddress, Tunnels)
    {
        Applied = change =>
        {
            if (!change.IsDelete)
                EverPut.Add(change.Flow);
        },
    };

    private IPAddress NextAddress() => new([10, 255, (byte)++_addresses, (byte)Number]);
}

using System.Net;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Demo.InMemory;

/// <summary>
/// A host whose switch is a table in memory: its agent programs the table, and packets go where the flow-table
/// interpreter says.
/// </summary>
internal sealed class SimulatedHost
{
    private const uint TunnelPort = 1;
    private readonly Fabric _fabric;
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, SimulatedMachine> _machines = [];

    public SimulatedHost(Fabric fabric, string name, IPAddress tunnelAddress)
    {
        _fabric = fabric;
        Name = name;
        TunnelAddress = Ipv4Address.From(tunnelAddress);
        Switch = new InMemorySwitch(tunnelAddress, TunnelPort)
        {
            Sent = (frame, actions) => fabric.Later(() => Forward(
                Device().PacketOut(Ports.Controller, actions, new Packet(frame.Span)), Ports.Controller)),
        };
    }

    public string Name { get; }

    public Ipv4Address TunnelAddress { get; }

    public InMemorySwitch Switch { get; }

    public void Plug(SimulatedMachine machine, Guid port)
    {
        uint number;
        lock (_gate)
        {
            number = TunnelPort + 1 + (uint)_machines.Count;
            _machines.Add(number, machine);
        }

        machine.Send = packet => _fabric.Later(() => Receive(number, packet, default));
        Switch.SetInterface(port, number);
    }

    /// <summary>A packet comes out of the tunnel.</summary>
    public void ReceiveTunnelled(Packet packet, TunnelFields tunnel) => Receive(TunnelPort, packet, tunnel);

    private void Receive(uint inPort, Packet packet, TunnelFields tunnel) =>
        Forward(Device().Receive(inPort, packet, tunnel), inPort);

    private void Forward(ForwardingResult result, uint inPort)
    {
        foreach (var punted in result.PacketIns)
            Switch.Punt(inPort, punted.Data.ToArray());
        foreach (var output in result.Outputs)
        {
            if (output.Port == TunnelPort)
                _fabric.Carry(this, output);
            else
                MachineAt(output.Port)?.Receive(output.Packet);
        }
    }

    private SimulatedMachine? MachineAt(uint port)
    {
        lock (_gate)
            return _machines.GetValueOrDefault(port);
    }

    // Made anew for every packet: some dozens of flows, and so always what the agent has programmed.
    private FlowTableSwitch Device()
    {
        var device = new FlowTableSwitch(TunnelPort);
        lock (_gate)
        {
            foreach (var port in _machines.Keys)
                device.AddPort(port);
        }

        foreach (var flow in Switch.Flows)
        {
            if (device.Apply(FlowMod.Add(flow)) is { } error)
                throw new DemoFailedException($"the switch of {Name} would refuse {flow}: {error}");
        }

        return device;
    }
}

using System.Net;
using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Demo.InMemory;

/// <summary>
/// A host whose switch is in memory: its agent programs the tables, and packets go where their interpreter says.
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
        Switch = new InMemorySwitch(tunnelAddress, new TunnelPorts(TunnelPort, Geneve: null))
        {
            Sent = output => fabric.Later(() => Forward(output)),
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

    private void Receive(uint inPort, Packet packet, TunnelFields tunnel)
    {
        foreach (var output in Switch.Receive(inPort, packet.Bytes, tunnel).Outputs)
            Forward(output);
    }

    private void Forward(SwitchOutput output)
    {
        if (output.Port == TunnelPort)
        {
            _fabric.Carry(this, output);
            return;
        }

        SimulatedMachine? machine;
        lock (_gate)
            machine = _machines.GetValueOrDefault(output.Port);
        machine?.Receive(output.Packet);
    }
}

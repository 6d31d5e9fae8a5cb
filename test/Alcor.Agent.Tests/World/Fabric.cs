using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.World;

/// <summary>A machine of the fabric: a port of a network, plugged at an OpenFlow port of a host.</summary>
/// <param name="Network">Odd ones are VXLAN, even ones Geneve; 1 and 2 have the same VNI, as have 3 and 4.</param>
internal sealed record Machine(int Port, int Network, int Host, string Address, ulong Mac)
{
    public uint OfPort => (uint)(100 + Port);

    public bool IsUp { get; init; } = true;

    public MacAddress MacAddress => new(Mac);
}

/// <summary>
/// Hosts with rendered flows, joined by tunnels that carry packets at once: tells where a packet of a machine arrives.
/// </summary>
internal sealed class Fabric
{
    public static readonly TunnelPorts Tunnels = new(Vxlan: 1, Geneve: 2);
    private readonly FlowTableSwitch[] _switches;

    public Fabric(int hosts, IReadOnlyList<Machine> machines)
    {
        Machines = machines;
        _switches = [.. Enumerable.Range(0, hosts).Select(Build)];
    }

    public IReadOnlyList<Machine> Machines { get; }

    /// <summary>Frames that went to a controller, by host.</summary>
    public List<(int Host, byte[] Frame)> Punted { get; } = [];

    /// <summary>Packets that entered a tunnel.</summary>
    public int Tunnelled { get; private set; }

    public static IPAddress TunnelAddress(int host) => new([172, 31, 0, (byte)(host + 1)]);

    /// <summary>Which machines receive the frame, and what they receive; one twice if it arrives twice.</summary>
    public List<(Machine Machine, Packet Packet)> Send(Machine from, byte[] frame)
    {
        var arrived = new List<(Machine, Packet)>();
        Receive(from.Host, from.OfPort, new Packet(frame), default, arrived);
        return arrived;
    }

    /// <summary>Something comes out of a tunnel at a host.</summary>
    public List<(Machine Machine, Packet Packet)> SendFromTunnel(
        int host, Encapsulation encapsulation, ulong network, byte[] frame)
    {
        var arrived = new List<(Machine, Packet)>();
        Receive(
            host, Tunnels[encapsulation]!.Value, new Packet(frame), new TunnelFields { Id = network }, arrived);
        return arrived;
    }

    private void Receive(int host, uint port, Packet packet, TunnelFields tunnel, List<(Machine, Packet)> arrived)
    {
        var result = _switches[host].Receive(port, packet, tunnel);
        Punted.AddRange(result.PacketIns.Select(packetIn => (host, packetIn.Data.AsSpan().ToArray())));
        foreach (var output in result.Outputs)
        {
            if (Tunnels.At(output.Port) is null)
            {
                arrived.Add((Machines.Single(m => m.Host == host && m.OfPort == output.Port), output.Packet));
                continue;
            }
            Assert.True(Tunnels.At(port) is null, "a packet went from tunnel to tunnel");
            Tunnelled++;
            var to = (int)(output.Tunnel.Destination.Value & 0xff) - 1;
            Receive(to, output.Port, output.Packet, new TunnelFields { Id = output.Tunnel.Id }, arrived);
        }
    }

    private static uint Vni(int network) => (uint)(network + 1) / 2 * 100;

    private static Encapsulation EncapsulationOf(int network) =>
        network % 2 == 0 ? Encapsulation.Geneve : Encapsulation.Vxlan;

    private FlowTableSwitch Build(int host)
    {
        var plugged = Machines.Where(machine => machine.Host == host).ToList();
        var facts = new SwitchFacts(
            System.Collections.Immutable.ImmutableDictionary.CreateRange(
                plugged.Select(machine => KeyValuePair.Create(Say.Id(machine.Port), machine.OfPort))),
            Tunnels, TunnelAddress(host));
        var state = Machines.GroupBy(machine => machine.Network)
            .Select(network => Say.SnapshotOf(Say.NetworkPartition(network.Key), 1,
            [
                Say.Network(network.Key, Vni(network.Key), of: EncapsulationOf(network.Key)),
                Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
                .. network.Select(machine => Say.Neighbor(
                    machine.Port, machine.Address, TunnelAddress(machine.Host).ToString(), machine.Mac)),
            ]))
            .Append(Say.SnapshotOf(Say.HostPartition, 1, [.. plugged.Select(PortOf)]))
            .Aggregate(DesiredState.Empty, (desired, update) => desired.Apply(update).State);
        var renderer = Renderer.Full(state, facts);
        Assert.Empty(renderer.Problems);
        var tables = new FlowTableSwitch([.. Tunnels.All, .. plugged.Select(machine => machine.OfPort)]);
        var result = tables.Apply([.. renderer.Flows.Select(FlowMod.Add)], FlowDelivery.Bundle);
        Assert.True(result.IsComplete, string.Join('\n', result.Failures));
        return tables;
    }

    private static Entry PortOf(Machine machine) => Say.Entry(EntryKind.Port, machine.Port, new PortEntry
    {
        NetworkId = Say.Bytes(machine.Network),
        Mac = machine.Mac,
        AdminStateUp = machine.IsUp,
        Unprotected = true,
        FixedIps = { new FixedIp { SubnetId = Say.Bytes(2), Address = Say.Bytes(machine.Address) } },
    });
}

using System.Net;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>What meters and marks do to packets, in a switch in memory that is told which meter drops.</summary>
public sealed class QosPacketTests : IDisposable
{
    private const int Policy = 90;
    private const uint Limited = 7;
    private const uint Other = 8;
    private const uint Third = 9;
    private static readonly MacAddress Everybody = new(0xffff_ffff_ffff);

    private readonly AgentWorld _world = new();
    private readonly List<uint> _asked = [];

    public QosPacketTests()
    {
        foreach (var (port, number) in new[] { (10, Limited), (11, Other), (12, Third) })
            _world.Plug(port, number);
        _world.Say(
            Say.Snapshot(Say.NetworkPartition(1), 1, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24")),
            Say.Snapshot(Say.QosPolicyPartition(Policy), 1, Say.Entry(EntryKind.QosPolicy, Policy, new QosPolicyEntry
            {
                Limits =
                {
                    new QosLimit { Egress = true, Rate = 1 }, new QosLimit { Egress = true, Packets = true, Rate = 1 },
                    new QosLimit { Rate = 1 }, new QosLimit { Packets = true, Rate = 1 },
                },
                Dscp = 46,
            })),
            Say.Snapshot(Say.HostPartition, 1, Say.Limited(Say.Port(10, 1, 2, "10.0.0.10"), Policy),
                Say.Port(11, 1, 2, "10.0.0.11"), Say.Port(12, 1, 2, "10.0.0.12")),
            Say.Synchronized());
        Drop();
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_that_a_port_sends_passes_both_of_its_meters(bool isPackets)
    {
        Assert.Equal([Other], Receive(Limited, Frame(10, Say.MacOf(11))));
        Assert.Equal([Id(true, false), Id(true, true)], _asked);
        Drop(Id(isEgress: true, isPackets));
        Assert.Empty(Receive(Limited, Frame(10, Say.MacOf(11))));
        Assert.Empty(Receive(Limited, Ask.Discover(10)));
        Assert.Empty(Receive(Limited, Ask.Arp(10, "10.0.0.10", "10.0.0.1")));
        Assert.Equal([Third], Receive(Other, Frame(11, Say.MacOf(12))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_for_a_port_passes_both_of_its_meters(bool isPackets)
    {
        Assert.Equal([Limited], Receive(Other, Frame(11, Say.MacOf(10))));
        Assert.Equal([Id(false, false), Id(false, true)], _asked);
        Drop(Id(isEgress: false, isPackets));
        Assert.Empty(Receive(Other, Frame(11, Say.MacOf(10))));
        Assert.Equal([Third], Receive(Other, Frame(11, Say.MacOf(12))));
        Assert.Equal([Other], Receive(Limited, Frame(10, Say.MacOf(11))));
    }

    [Fact]
    public void What_is_for_all_of_a_network_reaches_the_others_whatever_the_meters_of_one_say()
    {
        Drop(Id(isEgress: false, isPackets: false), Id(isEgress: false, isPackets: true));
        Assert.Equal([Limited, Third], Receive(Other, Frame(11, Everybody)));
        Assert.Empty(_asked);
        Drop(Id(isEgress: true, isPackets: false));
        Assert.Empty(Receive(Limited, Frame(10, Everybody)));
    }

    [Theory]
    [InlineData("10.0.0.10", "10.0.0.11")]
    [InlineData("2001:db8::10", "2001:db8::11")]
    public void What_a_port_sends_is_marked_and_nothing_else(string address, string other)
    {
        var (port, neighbor) = ((10, IPAddress.Parse(address)), (11, IPAddress.Parse(other)));
        Assert.Equal(46u, Mark(Limited, Datagram(port, neighbor)));
        Assert.Equal(0u, Mark(Other, Datagram(neighbor, port)));
    }

    private static uint Id(bool isEgress, bool isPackets) => MeterIds.Of(Limited, isEgress, isPackets);

    private static byte[] Frame(int from, MacAddress to) => Ask.Frame(Say.MacOf(from), to);

    private static byte[] Datagram((int Port, IPAddress Address) from, (int Port, IPAddress Address) to) => new IpFrame
    {
        SourceMac = Say.MacOf(from.Port),
        DestinationMac = Say.MacOf(to.Port),
        Source = from.Address,
        Destination = to.Address,
        Protocol = 17,
        Payload = new byte[] { 0, 9, 0, 9, 0, 8, 0, 0 },
    }.Encode();

    private void Drop(params uint[] meters) => _world.Switch.Tamper(tables => tables.Admits = (meter, _) =>
    {
        _asked.Add(meter);
        return !meters.Contains(meter);
    });

    private List<uint> Receive(uint port, byte[] frame)
    {
        _asked.Clear();
        ForwardingResult? result = null;
        _world.Do(() => result = _world.Switch.Receive(port, frame));
        return [.. result!.Outputs.Select(output => output.Port).Order()];
    }

    private uint Mark(uint port, byte[] frame)
    {
        ForwardingResult? result = null;
        _world.Do(() => result = _world.Switch.Receive(port, frame));
        return (uint)Assert.Single(result!.Outputs).Packet[Field.IpDscp];
    }
}

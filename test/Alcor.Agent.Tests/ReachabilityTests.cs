using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>Packets without packets: where the rendered flows take a frame, over several hosts.</summary>
public sealed class ReachabilityTests
{
    // Networks 1 and 2 have the same VNI, addresses and MACs; 1 has two machines on the first host and one on the
    // second.
    private static readonly Machine A = new(10, 1, Host: 0, "10.0.0.10", Say.Mac(1));
    private static readonly Machine B = new(11, 1, Host: 0, "10.0.0.11", Say.Mac(2));
    private static readonly Machine C = new(12, 1, Host: 1, "10.0.0.12", Say.Mac(3));
    private static readonly Machine OtherA = new(20, 2, Host: 0, "10.0.0.10", Say.Mac(1));
    private static readonly Machine OtherB = new(21, 2, Host: 1, "10.0.0.11", Say.Mac(2));
    private static readonly Machine Elsewhere = new(30, 3, Host: 2, "10.0.0.30", Say.Mac(4));
    private readonly Fabric _fabric = new(3, [A, B, C, OtherA, OtherB, Elsewhere]);

    [Fact]
    public void A_known_address_is_reached_on_the_same_host_and_on_another_one()
    {
        Assert.Equal([B], Receivers(A, A.MacAddress, B.MacAddress));
        Assert.Equal(0, _fabric.Tunnelled);
        Assert.Equal([C], Receivers(A, A.MacAddress, C.MacAddress));
        Assert.Equal(1, _fabric.Tunnelled);
        Assert.Equal([A], Receivers(C, C.MacAddress, A.MacAddress));
    }

    [Fact]
    public void The_same_address_of_another_network_is_another_machine()
    {
        Assert.Equal([OtherB], Receivers(OtherA, OtherA.MacAddress, OtherB.MacAddress));
        Assert.Equal([OtherA], Receivers(OtherB, OtherB.MacAddress, OtherA.MacAddress));
        Assert.Empty(Receivers(OtherA, OtherA.MacAddress, C.MacAddress));
    }

    [Fact]
    public void An_unknown_address_is_nowhere() =>
        Assert.Empty(Receivers(A, A.MacAddress, new MacAddress(0x0200_0000_0099)));

    [Fact]
    public void Broadcast_reaches_every_other_machine_of_the_network_once_and_only_hosts_with_one()
    {
        Assert.Equal([B, C], Receivers(A, A.MacAddress, MacAddress.Broadcast));
        Assert.Equal(1, _fabric.Tunnelled);
        Assert.Equal([A, B], Receivers(C, C.MacAddress, new MacAddress(0x3333_0000_0001)));
        Assert.Equal([OtherB], Receivers(OtherA, OtherA.MacAddress, MacAddress.Broadcast));
    }

    [Fact]
    public void What_comes_from_a_tunnel_goes_to_ports_of_its_network_only()
    {
        var toAll = Ask.Frame(C.MacAddress, MacAddress.Broadcast);
        Assert.Equal([A, B], FromTunnel(Encapsulation.Vxlan, 100, toAll));
        Assert.Equal([OtherA], FromTunnel(Encapsulation.Geneve, 100, toAll));
        Assert.Empty(FromTunnel(Encapsulation.Vxlan, 100, Ask.Frame(B.MacAddress, C.MacAddress)));
        Assert.Empty(FromTunnel(Encapsulation.Vxlan, 0, toAll));
        Assert.Empty(FromTunnel(Encapsulation.Vxlan, 999, Ask.Frame(C.MacAddress, A.MacAddress)));
        Assert.Empty(FromTunnel(Encapsulation.Vxlan, 0, PeerProbes.Frame()));
        Assert.Equal(0, _fabric.Tunnelled);
    }

    [Fact]
    public void Arp_is_answered_at_the_port_for_neighbours_here_and_there()
    {
        foreach (var (target, answers) in new[] { (B, B), (C, C) })
        {
            var (receiver, packet) = Assert.Single(_fabric.Send(A, Ask.Arp(1, "10.0.0.10", target.Address)));
            Assert.Equal(A, receiver);
            Assert.Equal((UInt128)answers.Mac, packet[Field.ArpSha]);
            Assert.Equal((UInt128)answers.Mac, packet[Field.EthSrc]);
            Assert.Equal((UInt128)A.Mac, packet[Field.EthDst]);
            Assert.Equal((UInt128)A.Mac, packet[Field.ArpTha]);
            Assert.Equal((UInt128)2, packet[Field.ArpOp]);
            Assert.Equal((UInt128)Ipv4Address.Parse(target.Address).Value, packet[Field.ArpSpa]);
            Assert.Equal((UInt128)Ipv4Address.Parse("10.0.0.10").Value, packet[Field.ArpTpa]);
        }
        Assert.Equal(0, _fabric.Tunnelled);
    }

    [Theory]
    [InlineData("10.0.0.10", "10.0.0.99")] // unknown
    [InlineData("10.0.0.10", "10.0.0.30")] // known in another network only
    [InlineData("0.0.0.0", "10.0.0.10")] // a probe for the own address
    [InlineData("10.0.0.10", "10.0.0.10")] // an announcement of the own address
    public void Other_arp_ends_at_the_port(string source, string target)
    {
        Assert.Empty(_fabric.Send(A, Ask.Arp(1, source, target)));
        Assert.Equal(0, _fabric.Tunnelled);
    }

    [Fact]
    public void The_dhcp_server_is_found_so_that_a_lease_can_be_renewed_without_a_broadcast()
    {
        var (receiver, packet) = Assert.Single(_fabric.Send(A, Ask.Arp(1, "10.0.0.10", "10.0.0.1")));
        Assert.Equal((A, (UInt128)Dhcp.DhcpResponder.ServerMac.Value), (receiver, packet[Field.ArpSha]));
        Assert.Empty(Receivers(A, A.MacAddress, Dhcp.DhcpResponder.ServerMac));
    }

    [Fact]
    public void A_neighbour_that_has_the_address_of_the_gateway_answers_instead_of_the_dhcp_server()
    {
        var gateway = new Machine(13, 1, Host: 1, "10.0.0.1", Say.Mac(9));
        var fabric = new Fabric(2, [A, gateway]);
        var (receiver, packet) = Assert.Single(fabric.Send(A, Ask.Arp(1, "10.0.0.10", "10.0.0.1")));
        Assert.Equal((A, (UInt128)gateway.Mac), (receiver, packet[Field.ArpSha]));
    }

    [Fact]
    public void A_probe_for_the_address_of_another_is_answered()
    {
        var (receiver, packet) = Assert.Single(_fabric.Send(A, Ask.Arp(1, "0.0.0.0", "10.0.0.12")));
        Assert.Equal((A, (UInt128)C.Mac), (receiver, packet[Field.ArpSha]));
    }

    [Fact]
    public void Dhcp_goes_to_the_agent_and_nowhere_else()
    {
        Assert.Empty(_fabric.Send(A, Ask.Discover(1)));
        Assert.Equal(0, Assert.Single(_fabric.Punted).Host);
        Assert.Equal(Ask.Discover(1), _fabric.Punted[0].Frame);
        Assert.Equal(0, _fabric.Tunnelled);
    }

    [Fact]
    public void A_port_that_is_down_neither_sends_nor_receives()
    {
        var down = B with { IsUp = false };
        var fabric = new Fabric(2, [A, down, C]);
        Assert.Empty(fabric.Send(down, Ask.Frame(B.MacAddress, A.MacAddress)));
        Assert.Empty(fabric.Send(down, Ask.Discover(2)));
        Assert.Empty(fabric.Punted);
        Assert.Empty(fabric.Send(A, Ask.Frame(A.MacAddress, B.MacAddress)));
        Assert.Empty(fabric.Send(C, Ask.Frame(C.MacAddress, B.MacAddress)));
        Assert.Equal([C], Sorted(fabric.Send(A, Ask.Frame(A.MacAddress, MacAddress.Broadcast))));
    }

    [Fact]
    public void In_any_fabric_a_frame_reaches_those_of_its_network_that_it_is_for()
    {
        var random = Seed.For(nameof(In_any_fabric_a_frame_reaches_those_of_its_network_that_it_is_for));
        for (var run = 0; run < 40; run++)
        {
            var hosts = random.Next(1, 5);
            var machines = Enumerable.Range(0, random.Next(1, 14))
                .Select(i => new Machine(10 + i, random.Next(1, 4), random.Next(hosts), $"10.0.0.{i + 1}",
                    Say.Mac(random.Next(3) * 100 + i / 3)))
                .DistinctBy(machine => (machine.Network, machine.Mac)).ToList();
            var fabric = new Fabric(hosts, machines);
            foreach (var from in machines)
            {
                foreach (var to in machines)
                {
                    var expected = machines.Where(m => m != from && m.Network == from.Network && m.Mac == to.Mac);
                    Assert.Equal(Sorted(expected),
                        Sorted(fabric.Send(from, Ask.Frame(from.MacAddress, to.MacAddress))));
                }
                var others = machines.Where(m => m != from && m.Network == from.Network);
                Assert.Equal(Sorted(others),
                    Sorted(fabric.Send(from, Ask.Frame(from.MacAddress, MacAddress.Broadcast))));
            }
        }
    }

    private List<Machine> FromTunnel(Encapsulation encapsulation, ulong vni, byte[] frame) =>
        Sorted(_fabric.SendFromTunnel(0, encapsulation, vni, frame));

    private List<Machine> Receivers(Machine from, MacAddress source, MacAddress target) =>
        Sorted(_fabric.Send(from, Ask.Frame(source, target)));

    private static List<Machine> Sorted(IEnumerable<(Machine Machine, Packet Packet)> arrived) =>
        Sorted(arrived.Select(receiver => receiver.Machine));

    private static List<Machine> Sorted(IEnumerable<Machine> machines) =>
        [.. machines.OrderBy(machine => machine.Port)];
}

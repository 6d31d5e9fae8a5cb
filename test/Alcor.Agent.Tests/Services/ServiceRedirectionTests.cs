using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Packets;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;
using Alcor.Agent.Tracing;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.Services;

/// <summary>Packets of machines to the services of their host and back, through a switch in memory.</summary>
public sealed class ServiceRedirectionTests
{
    private const uint Services = 2;
    private static readonly IPAddress Metadata = IPAddress.Parse("169.254.169.254");
    private static readonly IPAddress Gateway = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress Own = IPAddress.Parse("10.0.0.10");
    private static readonly MacAddress Somebody = new(0xfa_16_3e_99_99_99);

    // Two networks with the same addresses: ports 10 (protected, in no group) and 11 at 7 and 8.
    private readonly SwitchFacts _facts = new(
        ImmutableDictionary<Guid, uint>.Empty.Add(Say.Id(10), 7).Add(Say.Id(11), 8), new(1, null), AgentWorld.Tunnel)
    {
        Services = new ServicePort(Services, HostServices.Metadata | HostServices.Dns),
    };

    private readonly DesiredState _desired = new[]
    {
        Say.SnapshotOf(Say.NetworkPartition(1), 1, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1")),
        Say.SnapshotOf(Say.NetworkPartition(3), 1, Say.Network(3, 300), Say.Subnet(4, "10.0.0.0/24", "10.0.0.1")),
        Say.SnapshotOf(Say.HostPartition, 1, Say.Protected(10, 1, 2, "10.0.0.10"), Say.Port(11, 3, 4, "10.0.0.10")),
    }.Aggregate(DesiredState.Empty, (state, update) => state.Apply(update).State);

    [Theory]
    [InlineData(Protocols.Tcp, 80, true)]
    [InlineData(Protocols.Tcp, 53, false)]
    [InlineData(Protocols.Udp, 53, false)]
    public void A_question_goes_to_the_services_and_the_answer_comes_back_as_from_whom_was_asked(
        byte protocol, int port, bool isMetadata)
    {
        var (device, renderer) = Programmed(_facts);
        var asked = isMetadata ? Metadata : Gateway;
        foreach (var (number, id) in new[] { (7u, 10), (8u, 11) })
        {
            var there = Arrives(device, number, Question(id, asked, protocol, (ushort)port), Services);
            Assert.Equal((ServiceAddresses.ServiceMac, Metadata), (there.DestinationMac, there.Destination));
            var client = renderer.Services.ClientAt(there.Source)!;
            Assert.Equal((Say.Id(id), Own), (client.PortId, client.Address));

            var answer = MachineFrames.Ip((ServiceAddresses.ServiceMac, Metadata),
                (ServiceAddresses.GatewayMac, there.Source), protocol, MachineFrames.Answer(there));
            var back = Arrives(device, Services, answer, number);
            Assert.Equal((asked, Own, Say.MacOf(id)), (back.Source, back.Destination, back.DestinationMac));
            Assert.Equal(DhcpResponder.ServerMac, back.SourceMac);
        }
    }

    [Theory]
    [InlineData(Protocols.Tcp, 80)]
    [InlineData(Protocols.Tcp, 53)]
    [InlineData(Protocols.Udp, 53)]
    public void Over_ipv6_a_machine_is_served_by_its_link_local_address_and_by_no_other(byte protocol, int port)
    {
        var (device, renderer) = Programmed(_facts, OverIpv6());
        foreach (var (number, id) in new[] { (7u, 10), (8u, 11) })
        {
            var own = Say.MacOf(id).LinkLocalAddress();
            var there = Arrives(device, number, Ipv6Question(id, own, protocol, (ushort)port), Services);
            Assert.Equal((ServiceAddresses.ServiceMac, ServiceAddresses.Ipv6Service),
                (there.DestinationMac, there.Destination));
            Assert.True(ServiceAddresses.Ipv6Clients.Contains(there.Source));
            var client = renderer.Services.ClientAt(there.Source)!;
            Assert.Equal((Say.Id(id), own), (client.PortId, client.Address));

            var answer = MachineFrames.Ip((ServiceAddresses.ServiceMac, ServiceAddresses.Ipv6Service),
                (ServiceAddresses.GatewayMac, there.Source), protocol, MachineFrames.Answer(there));
            var back = Arrives(device, Services, answer, number);
            Assert.Equal((ServiceAddresses.LinkLocalService, own, Say.MacOf(id)),
                (back.Source, back.Destination, back.DestinationMac));
            foreach (var other in new[] { Say.MacOf(20).LinkLocalAddress(), IPAddress.Parse("2001:db8::10") })
            {
                Assert.Empty(To(Services,
                    device.Receive(number, Ipv6Question(id, other, protocol, (ushort)port))));
            }
        }
    }

    [Theory]
    [InlineData(HostServices.Metadata, true, true)]
    [InlineData(HostServices.Dns, true, true)]
    [InlineData(HostServices.Dns, false, false)] // names are for subnets with DHCP, as over IPv4
    [InlineData(HostServices.Metadata, false, true)]
    [InlineData(HostServices.Metadata | HostServices.Dns, true, true)]
    public void Over_ipv6_the_address_is_answered_for_and_nothing_is_asked_there_but_what_is_offered(
        HostServices offered, bool hasDhcp, bool isAnswered)
    {
        var (device, _) = Programmed(_facts with { Services = new ServicePort(Services, offered) }, OverIpv6(hasDhcp));
        var own = Say.MacOf(10).LinkLocalAddress();
        var asked = MachineFrames.Ask((Say.MacOf(10), own), ServiceAddresses.LinkLocalService);
        var answers = device.Receive(7, asked).Outputs;
        Assert.Equal(isAnswered ? [7u] : [], answers.Select(answer => answer.Port));
        Assert.Equal(isAnswered ? [DhcpResponder.ServerMac] : [],
            answers.Select(answer => new MacAddress((ulong)answer.Packet[Field.EthSrc])));
        foreach (var (protocol, port, service) in new[]
        {
            (Protocols.Tcp, 80, HostServices.Metadata), (Protocols.Tcp, 53, HostServices.Dns),
            (Protocols.Udp, 53, HostServices.Dns), (Protocols.Tcp, 81, HostServices.None),
            (Protocols.Udp, 80, HostServices.None),
        })
        {
            var isServed = isAnswered && service != HostServices.None && offered.HasFlag(service);
            Assert.Equal(isServed ? 1 : 0,
                To(Services, device.Receive(7, Ipv6Question(10, own, protocol, (ushort)port))).Count());
        }
    }

    [Fact]
    public void Over_ipv6_a_subnet_that_has_name_servers_of_its_own_has_the_host_as_well()
    {
        var (device, _) = Programmed(_facts, OverIpv6(hasDhcp: true, "2001:db8::53", "fe80::a9fe:a9fe"));
        Assert.Single(To(Services, device.Receive(
            7, Ipv6Question(10, Say.MacOf(10).LinkLocalAddress(), Protocols.Udp, 53))));
    }

    /// <summary>The ports in subnets of IPv6 instead, with one address again.</summary>
    private DesiredState OverIpv6(bool hasDhcp = true, params string[] nameServers) => new[]
    {
        Say.DifferenceOf(Say.NetworkPartition(1), 1, 2,
            Say.Ipv6Subnet(5, "2001:db8::/64", hasDhcp ? "slaac" : "", hasDhcp, nameServers)),
        Say.DifferenceOf(Say.NetworkPartition(3), 1, 2,
            Say.Ipv6Subnet(6, "2001:db8::/64", hasDhcp ? "slaac" : "", hasDhcp, nameServers)),
        Say.DifferenceOf(Say.HostPartition, 1, 2,
            Say.Protected(10, 1, 5, "2001:db8::10"), Say.Port(11, 3, 6, "2001:db8::10")),
    }.Aggregate(_desired, (state, update) => state.Apply(update).State);

    [Fact]
    public void What_is_not_asked_of_the_services_does_not_come_to_them()
    {
        var (device, _) = Programmed(_facts);
        // Port 11 is unprotected: it may send from any address, but only its own is served.
        var foreign = MachineFrames.Ip((Say.MacOf(11), IPAddress.Parse("10.0.0.99")), (Somebody, Metadata),
            Protocols.Tcp, Segment(80));
        Assert.Empty(To(Services, device.Receive(8, foreign)));
        Assert.Empty(To(Services, device.Receive(8, Question(11, Metadata, Protocols.Tcp, 81))));
        Assert.Empty(To(Services, device.Receive(8, Question(11, Metadata, Protocols.Udp, 80))));
        Assert.Empty(To(Services, device.Receive(8, Question(11, Gateway, Protocols.Tcp, 80))));
        Assert.Empty(To(Services, device.Receive(8, Question(11, Metadata, Protocols.Udp, 53))));
    }

    [Fact]
    public void What_the_services_send_to_nobody_they_know_ends()
    {
        var (device, renderer) = Programmed(_facts);
        var known = renderer.Services.Clients.First().Known;
        foreach (var (to, port) in new[]
        {
            (ServiceAddresses.Client(9, 0), 80), (ServiceAddresses.Client(7, 1), 80), (Own, 80), (known, 443),
        })
        {
            var answer = Answer(to, (ushort)port);
            Assert.Empty(device.Receive(Services, answer).Outputs);
        }
        Assert.Single(device.Receive(Services, Answer(known, 80)).Outputs);
    }

    [Fact]
    public void Without_a_port_to_them_nothing_is_offered()
    {
        var (device, renderer) = Programmed(_facts with { Services = null });
        Assert.Empty(renderer.Services.Clients);
        Assert.Empty(To(Services, device.Receive(8, Question(11, Metadata, Protocols.Tcp, 80))));
        Assert.DoesNotContain(renderer.Flows, flow => flow.Table == Tables.HostServices
            && flow.Cookie != Cookies.Skeleton);
    }

    [Fact]
    public void A_gateway_that_the_subnet_has_for_its_name_server_is_asked_itself()
    {
        var subnet = new SubnetEntry
        {
            Cidr = "10.0.0.0/24", Gateway = "10.0.0.1", EnableDhcp = true, DnsNameservers = { "10.0.0.1" },
        };
        var desired = _desired.Apply(Say.DifferenceOf(
            Say.NetworkPartition(3), 1, 2, Say.Entry(EntryKind.Subnet, 4, subnet))).State;
        var (device, _) = Programmed(_facts, desired);
        Assert.Empty(To(Services, device.Receive(8, Question(11, Gateway, Protocols.Udp, 53))));
        Assert.Single(To(Services, device.Receive(7, Question(10, Gateway, Protocols.Udp, 53))));
    }

    [Fact]
    public void The_address_of_the_services_is_answered_for()
    {
        var (device, _) = Programmed(_facts);
        var asked = MachineFrames.Ask((Say.MacOf(10), Own), Metadata);
        var answer = Assert.Single(device.Receive(7, asked).Outputs);
        Assert.Equal((7u, DhcpResponder.ServerMac),
            (answer.Port, new MacAddress((ulong)answer.Packet[Field.EthSrc])));
    }

    private static Packet Ipv6Question(int port, IPAddress from, byte protocol, ushort toPort) => MachineFrames.Ip(
        (Say.MacOf(port), from), (Somebody, ServiceAddresses.LinkLocalService), protocol, Payload(protocol, toPort));

    private (FlowTableSwitch Device, Renderer Renderer) Programmed(SwitchFacts facts, DesiredState? desired = null)
    {
        var renderer = Renderer.Full(desired ?? _desired, facts);
        var device = new FlowTableSwitch(1, Services, 7, 8);
        Assert.True(device.Apply([.. renderer.Flows.Select(FlowMod.Add)], FlowDelivery.Bundle).IsComplete);
        return (device, renderer);
    }

    private static IpFrame Arrives(FlowTableSwitch device, uint from, Packet packet, uint to)
    {
        var output = Assert.Single(device.Receive(from, packet).Outputs);
        Assert.Equal(to, output.Port);
        Assert.True(IpFrame.TryParse(output.Packet.Bytes, out var frame));
        return frame;
    }

    private static IEnumerable<SwitchOutput> To(uint port, ForwardingResult result) =>
        result.Outputs.Where(output => output.Port == port);

    /// <summary>To a router's MAC address, or whoever it is: that does not matter.</summary>
    private static Packet Question(int port, IPAddress to, byte protocol, ushort toPort) => MachineFrames.Ip(
        (Say.MacOf(port), Own), (Somebody, to), protocol, Payload(protocol, toPort));

    private static ReadOnlyMemory<byte> Payload(byte protocol, ushort toPort) => protocol == Protocols.Tcp
        ? Segment(toPort)
        : new UdpDatagram(49_152, toPort, "names"u8.ToArray()).Encode();

    private static ReadOnlyMemory<byte> Segment(ushort port) => MachineFrames.Begin(
        new TraceQuestion(Say.Id(1), Metadata, Protocols.Tcp) { DestinationPort = port });

    private static Packet Answer(IPAddress to, ushort fromPort)
    {
        var segment = Segment(49_152).ToArray();
        (segment[0], segment[1]) = ((byte)(fromPort >> 8), (byte)fromPort);
        return MachineFrames.Ip(
            (ServiceAddresses.ServiceMac, Metadata), (ServiceAddresses.GatewayMac, to), Protocols.Tcp, segment);
    }
}

using System.Net;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>What the agent does with packets: DHCP answered locally, tunnel peers probed.</summary>
public sealed class AgentPacketTests : IDisposable
{
    private readonly AgentWorld _world = new();
    private readonly List<SwitchOutput> _sent = [];

    public AgentPacketTests() => _world.Switch.Sent = _sent.Add;

    public void Dispose() => _world.Dispose();

    private IEnumerable<SwitchOutput> Answers => _sent.Where(sent => sent.Packet[Field.EthType] == 0x0800);

    private List<TunnelFields> Probes =>
        [.. _sent.Where(sent => sent.Packet[Field.EthType] == 0x88b5).Select(sent => sent.Tunnel)];

    [Fact]
    public void Dhcp_is_answered_at_the_port_that_asked()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        _world.Do(() => _world.Switch.Receive(7, Ask.Discover(10)));
        var answer = Assert.Single(Answers);
        Assert.Equal(7u, answer.Port);
        Assert.True(DhcpMessage.TryParse(answer.Packet.Bytes.Span[42..], out var offer));
        Assert.Equal(IPAddress.Parse("10.0.0.10"), offer.YourAddress);
        Assert.Equal(1, _world.Status.DhcpAnswered);
    }

    [Theory]
    [InlineData("dhcpv6-stateful", 1)]
    [InlineData("slaac", 0)]
    public void Dhcpv6_is_answered_at_the_port_that_asked_or_nowhere(string mode, int answers)
    {
        _world.Plug(10, 7);
        _world.Plug(11, 8);
        _world.Say(
            Say.Snapshot(Say.NetworkPartition(1), 1, Say.Network(1, 100), Say.Ipv6Subnet(3, "2001:db8::/64", mode)),
            Say.Snapshot(Say.HostPartition, 1, Say.Port(10, 1, 3, "2001:db8::a"), Say.Port(11, 1, 3, "2001:db8::b")),
            Say.Synchronized());
        ForwardingResult? result = null;
        _world.Do(() => result = _world.Switch.Receive(7, Ask.Solicit(10)));
        Assert.Empty(result!.Outputs);
        Assert.Equal(Enumerable.Repeat(7u, answers), _sent.Where(IsDhcpv6).Select(sent => sent.Port));
        Assert.Equal(answers, _world.Status.DhcpAnswered);
    }

    private static bool IsDhcpv6(SwitchOutput sent) => sent.Packet[Field.UdpSrc] == 547;

    [Fact]
    public void Dhcp_is_answered_with_no_dataplane()
    {
        _world.Plug(10, 7);
        _world.SayUsual();
        _world.Dataplane.IsDown = true;
        _world.Do(() => _world.Dataplane.HangUp());
        _world.Advance(TimeSpan.FromHours(1));
        _world.Do(() => _world.Switch.Punt(7, Ask.Discover(10)));
        Assert.Single(Answers);
    }

    [Fact]
    public void Defect_34_dhcp_goes_by_the_port_and_not_by_the_mac_address_alone()
    {
        // Two networks with the same addresses and MACs, and one port of each here.
        var mac = Say.Mac(10);
        _world.Plug(10, 7);
        _world.Plug(11, 8);
        _world.Say(
            Say.Snapshot(Say.NetworkPartition(1), 1, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24")),
            Say.Snapshot(Say.NetworkPartition(5), 1, Say.Network(5, 500), Say.Subnet(6, "10.9.0.0/24")),
            Say.Snapshot(
                Say.HostPartition, 1, Say.Port(10, 1, 2, "10.0.0.10"), Say.Port(11, 5, 6, "10.9.0.11", mac: mac)),
            Say.Synchronized());
        foreach (var port in new uint[] { 7, 8, 9 })
            _world.Do(() => _world.Switch.Punt(port, Ask.Discover(10)));
        Assert.Equal(["7 10.0.0.10", "8 10.9.0.11"], Answers.Select(sent =>
        {
            Assert.True(DhcpMessage.TryParse(sent.Packet.Bytes.Span[42..], out var offer));
            return $"{sent.Port} {offer.YourAddress}";
        }));
    }

    [Fact]
    public void Defect_34_a_port_that_asks_without_end_is_bounded_and_costs_the_others_nothing()
    {
        _world.Plug(10, 7);
        _world.Plug(11, 8);
        _world.Say(
            Say.Snapshot(Say.NetworkPartition(1), 1, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24")),
            Say.Snapshot(Say.HostPartition, 1, Say.Port(10, 1, 2, "10.0.0.10"), Say.Port(11, 1, 2, "10.0.0.11")),
            Say.Synchronized());
        _world.Do(() =>
        {
            for (var i = 0; i < 500; i++)
                _world.Switch.Punt(7, Ask.Discover(10));
            _world.Switch.Punt(8, Ask.Discover(11));
        });
        Assert.Equal(AgentLimits.Punts.Burst, Answers.Count(sent => sent.Port == 7));
        Assert.Single(Answers, sent => sent.Port == 8);
        _world.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(500 - AgentLimits.Punts.Burst, _world.Status.PuntsDropped);
        _world.Do(() => _world.Switch.Punt(7, Ask.Discover(10)));
        Assert.Equal(AgentLimits.Punts.Burst + 1, Answers.Count(sent => sent.Port == 7));
    }

    [Fact]
    public void Defect_34_nothing_that_a_machine_sends_ends_the_agent()
    {
        var random = Seed.For(nameof(Defect_34_nothing_that_a_machine_sends_ends_the_agent));
        _world.Plug(10, 7);
        _world.SayUsual();
        for (var i = 0; i < 2_000; i++)
        {
            var frame = Ask.Discover(10);
            for (var flips = random.Next(6); flips > 0; flips--)
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            // From many ports, so that the limit does not keep the noise away.
            _world.Do(() => _world.Switch.Punt((uint)(1 + i / 5), frame.AsMemory(0, random.Next(frame.Length + 1))));
        }
        _world.Advance(TimeSpan.FromSeconds(10));
        _sent.Clear();
        _world.Do(() => _world.Switch.Punt(7, Ask.Discover(10)));
        Assert.Single(Answers);
    }

    [Fact]
    public void A_new_peer_is_probed_before_the_flows_that_lead_to_it()
    {
        var flowsAtProbe = -1;
        _world.Switch.Sent = _ => flowsAtProbe = _world.Switch.Flows.Count;
        _world.SayUsual();
        Assert.Equal(0, flowsAtProbe);
    }

    [Fact]
    public void Peers_are_probed_again_soon_and_then_every_minute_while_they_are_peers()
    {
        var probe = new TunnelFields(0, default, Ipv4Address.Parse(AgentWorld.Other), default, default);
        _world.SayUsual();
        Assert.Equal([probe], Probes);
        _world.Advance(TimeSpan.FromMinutes(10));
        Assert.InRange(Probes.Count, 11, 15);
        Assert.All(Probes, sent => Assert.Equal(probe, sent));
        _world.Say(Say.Difference(Say.NetworkPartition(1), 5, 6, Say.Removed(EntryKind.Neighbor, 20)));
        _sent.Clear();
        _world.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(Probes);
    }

    [Fact]
    public void A_restarted_switch_has_forgotten_its_peers()
    {
        _world.SayUsual();
        _world.Advance(TimeSpan.FromMinutes(10));
        _sent.Clear();
        _world.Do(_world.Switch.Restart);
        Assert.Single(Probes);
    }
}

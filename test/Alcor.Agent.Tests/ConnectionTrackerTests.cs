using System.Collections.Immutable;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>Which flows a router has for its conntrack helpers.</summary>
public sealed class ConnectionTrackerTests
{
    private static readonly ConntrackHelper Ftp = new() { Name = "ftp", Protocol = 6, Port = 21 };
    private static readonly ConntrackHelper Tftp = new() { Name = "tftp", Protocol = 17, Port = 69 };
    private static readonly SwitchFacts Facts = new(
        ImmutableDictionary<Guid, uint>.Empty, AgentWorld.Tunnels, AgentWorld.Tunnel)
    {
        PhysicalPorts = ImmutableSortedDictionary.Create<string, uint>(StringComparer.Ordinal).Add("physnet1", 3),
    };

    [Fact]
    public void A_router_with_helpers_looks_into_the_connections_that_they_are_for() => Golden.CheckSample(
        "docs/pipeline.md", "conntrack-helpers", string.Join('\n', Render(Ftp, Tftp).Flows.Except(Render().Flows)
            .OrderBy(flow => flow.Table).ThenByDescending(flow => flow.Priority)
            .ThenBy(flow => flow.Match.ToString(), StringComparer.Ordinal)));

    [Fact]
    public void A_port_forwarding_is_looked_into_by_the_port_that_it_has_outside()
    {
        var inside = new ConntrackHelper(Ftp) { Port = 2_100 };
        Assert.Contains(Render(Ftp).Flows, IsForwarding);
        Assert.DoesNotContain(Render(inside).Flows, IsForwarding);

        static bool IsForwarding(Flow flow) => flow.Match.Find(Field.Ipv4Dst)?.Value
            == Ipv4Address.Parse("203.0.113.11").Value && $"{flow}".Contains("alg=ftp", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sip", 17u, "UDP")]
    [InlineData("ftp", 17u, "UDP")]
    [InlineData("tftp", 6u, "TCP")]
    public void A_helper_that_no_switch_has_fails_the_router_which_has_all_else(
        string name, uint protocol, string word)
    {
        var renderer = Render(new ConntrackHelper { Name = name, Protocol = protocol, Port = 5_060 });
        var (address, problem) = Assert.Single(renderer.Problems);
        Assert.Equal((EntryKind.Router, true), (address.Key.Kind, problem.IsFailure));
        Assert.Equal($"Open vSwitch has no conntrack helper {name} for {word}", problem.Reason);
        Assert.Equal(Render().Flows.ToHashSet(), renderer.Flows.ToHashSet());
    }

    [Theory]
    [InlineData(1u, 21u, "makes no sense: conntrack helper for protocol 1")]
    [InlineData(6u, 0u, "makes no sense: conntrack helper for port 0")]
    [InlineData(6u, 65_536u, "makes no sense: conntrack helper for port 65536")]
    public void A_helper_of_no_port_makes_no_sense(uint protocol, uint port, string reason)
    {
        var entry = Router(new ConntrackHelper { Name = "ftp", Protocol = protocol, Port = port });
        Assert.Equal(new MalformedValue(reason), EntryDecoder.Decode(entry));
    }

    [Fact]
    public void A_switch_takes_the_flows()
    {
        var tables = new FlowTableSwitch();
        var result = tables.Apply([.. Render(Ftp, Tftp).Flows.Select(FlowMod.Add)], FlowDelivery.Bundle);
        Assert.True(result.IsComplete, string.Join('\n', result.Failures));
    }

    private static Renderer Render(params ConntrackHelper[] helpers) => Renderer.Full(
        new[]
        {
            Say.SnapshotOf(Say.NetworkPartition(1), 1, Say.Network(1, 100, mtu: 1_500),
                Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"), Say.RouterPort(82, 80, "10.0.0.1")),
            Say.SnapshotOf(Say.NetworkPartition(90), 1,
                Say.External(90, vlan: 111),
                Say.Subnet(92, "203.0.113.0/24", "203.0.113.1", dhcp: false)),
            Say.SnapshotOf(Say.RouterPartition(80), 1, Router(helpers),
                Say.Entry(EntryKind.FloatingIp, 95, new FloatingIpEntry
                {
                    Address = Say.Bytes("203.0.113.10"), Mac = Say.Mac(84), PortId = Say.Bytes(11),
                    FixedAddress = Say.Bytes("10.0.0.11"), OnGateway = true,
                }),
                Say.Entry(EntryKind.PortForwarding, 96, new PortForwardingEntry
                {
                    Address = Say.Bytes("203.0.113.11"), Mac = Say.Mac(85), Protocol = 6,
                    ExternalPorts = new Protocol.V1.PortRange { First = 21, Last = 21 },
                    InternalAddress = Say.Bytes("10.0.0.12"),
                    InternalPorts = new Protocol.V1.PortRange { First = 2_100, Last = 2_100 },
                })),
        }.Aggregate(DesiredState.Empty, (state, update) => state.Apply(update).State), Facts);

    private static Entry Router(params ConntrackHelper[] helpers) => Say.Entry(
        EntryKind.Router, 80, new RouterEntry
        {
            AdminStateUp = true, Interfaces = { Say.Interface(82, 1, 2, "10.0.0.1") },
            Gateway = Say.Gateway(90, 83, "172.31.0.1", (92, "203.0.113.5")),
            ConntrackHelpers = { helpers },
        });
}

using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Rendering;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>When the host says that it has the gateway of a router.</summary>
public sealed class GatewayHereTests
{
    private const int Router = 80;
    private const int Gateway = 83;

    [Theory]
    [InlineData("172.31.0.1", "physnet1", null)]
    [InlineData("172.31.0.2", "physnet1", "has its gateway elsewhere still")]
    [InlineData("172.31.0.1", "physnet2", "physnet2")]
    public void It_has_the_gateway_when_it_has_all_of_the_router(string tunnel, string physical, string? reason)
    {
        var problem = Render(
            Say.SnapshotOf(Say.NetworkPartition(90), 1,
                Say.External(90, vlan: 111, physical),
                Say.Subnet(92, "203.0.113.0/24", "203.0.113.1", dhcp: false)),
            Say.SnapshotOf(Say.RouterPartition(Router), 1, RouterAt(tunnel)));
        if (reason is null)
            Assert.Null(problem);
        else
            Assert.Contains(reason, problem!.Reason);
    }

    [Fact]
    public void It_waits_for_the_router_and_for_the_network_outside()
    {
        Assert.Equal(EntryProblem.Waiting($"router {Say.Id(Router):D} has not arrived"), Render());
        var router = Say.SnapshotOf(Say.RouterPartition(Router), 1, RouterAt("172.31.0.1"));
        Assert.Equal(EntryProblem.Waiting($"network {Say.Id(90):D} has not arrived"), Render(router));
    }

    private static EntryProblem? Render(params PartitionUpdate[] updates)
    {
        var here = Say.SnapshotOf(Say.HostPartition, 1, Say.Entry(
            EntryKind.RouterGateway, Gateway, new RouterGatewayEntry { RouterId = Say.Bytes(Router) }));
        var state = updates.Prepend(here).Aggregate(DesiredState.Empty, (state, one) => state.Apply(one).State);
        var facts = new SwitchFacts(
            ImmutableDictionary<Guid, uint>.Empty, new TunnelPorts(Vxlan: 1, Geneve: null),
            IPAddress.Parse("172.31.0.1"))
        {
            PhysicalPorts = ImmutableSortedDictionary<string, uint>.Empty.Add("physnet1", 3),
        };
        return Renderer.Full(state, facts)
            .Problem(new EntryAddress(Say.HostPartition, new EntryKey(EntryKind.RouterGateway, Say.Id(Gateway))));
    }

    private static Entry RouterAt(string tunnel) => Say.Entry(EntryKind.Router, Router, new RouterEntry
    {
        AdminStateUp = true,
        Gateway = Say.Gateway(90, Gateway, tunnel, (92, "203.0.113.5")),
    });
}

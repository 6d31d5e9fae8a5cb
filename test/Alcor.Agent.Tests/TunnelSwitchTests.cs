using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>Tunnels of both encapsulations on real Open vSwitch.</summary>
public sealed class TunnelSwitchTests
{
    [Fact]
    public async Task Where_the_switch_has_no_geneve_its_networks_wait_and_those_of_vxlan_go_on()
    {
        await using var world = await LabWorld.StartAsync("tun", hosts: 2);
        // A switch has one port for the same packets, and here another bridge has it.
        var taken = world.Lab.Hosts[0];
        await taken.Switch.RunAsync("ovs-vsctl", "add-br", "br-other", "--", "set", "bridge", "br-other",
            "datapath_type=netdev", "--", "add-port", "br-other", "other0", "--", "set", "interface", "other0",
            "type=geneve", "options:key=flow", "options:remote_ip=flow", "options:dst_port=6081",
            $"options:local_ip={taken.TunnelAddress}");
        await world.StartAgentsAsync();
        var near = await world.PlugAsync(0, 10, "10.0.0.10/24");
        await world.PlugAsync(0, 20, "10.0.0.20/24");
        var far = await world.PlugAsync(1, 11, "10.0.0.11/24");
        await world.PlugAsync(1, 21, "10.0.0.21/24");
        for (var host = 0; host < 2; host++)
        {
            world.Agents[host].Dataplane.Say(
                Network(world, 1, Encapsulation.Vxlan, 10, 11), Network(world, 2, Encapsulation.Geneve, 20, 21),
                Say.Snapshot(Say.HostPartition, 1,
                    Say.Port(10 + host, 1, 2, $"10.0.0.{10 + host}"), Say.Port(20 + host, 2, 2, $"10.0.0.{20 + host}")),
                Say.Synchronized());
        }

        Assert.Equal(["20 Waiting: the switch has no Geneve tunnel port"], await ProblemsAsync(world.Agents[0]));
        Assert.Empty(await ProblemsAsync(world.Agents[1]));
        Assert.Contains(world.Agents[0].Log.Lines,
            line => line.Contains("the switch cannot have geneve0: ", StringComparison.Ordinal));
        foreach (var (from, to) in new[] { (near, "10.0.0.11"), (far, "10.0.0.10") })
        {
            var ping = await from.PingAsync(to, count: 5, LabWorld.Interval);
            Assert.True(ping.Received == 5, ping.Output);
        }
    }

    private static DataplaneMessage Network(
        LabWorld world, int id, Encapsulation encapsulation, int near, int far) =>
        Say.Snapshot(Say.NetworkPartition(id), 1, Say.Network(id, 100, of: encapsulation),
            Say.Subnet(2, "10.0.0.0/24"), Say.Neighbor(near, $"10.0.0.{near}", world.Tunnel(0)),
            Say.Neighbor(far, $"10.0.0.{far}", world.Tunnel(1)));

    /// <summary>What an agent says of those of its ports that it has not applied.</summary>
    private static async Task<string[]> ProblemsAsync(LabAgent agent)
    {
        await agent.AppliedAsync(Say.HostPartition, 1);
        return [.. agent.Dataplane.Acks.Last(ack => ack.Partition == Say.HostPartition).Results
            .Select(result => $"{(result.Id == Say.Bytes(20) ? 20 : 0)} {result.State}: {result.Reason}")];
    }
}

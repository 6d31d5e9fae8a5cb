using System.Globalization;
using Alcor.Agent.Pipeline;
using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>Limits and marks of ports on real Open vSwitch.</summary>
public sealed class QosSwitchTests
{
    private const int Network = 1;
    private const int Policy = 90;
    private const int Group = 50;
    private const int Limit = 1_000;
    private static readonly string Rules = Say.QosPolicyPartition(Policy);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bandwidth_is_limited_in_the_direction_that_is_said_and_a_change_cuts_nothing()
    {
        Assert.SkipWhen(Throughput.WhyNot() is not null, Throughput.WhyNot() ?? "");
        await using var world = await StartAsync("qbw");
        var (limited, near, far) = await PlugAsync(world);
        await SayAsync(world, new QosPolicyEntry());
        foreach (var peer in new[] { near, far })
        {
            await Throughput.ListenAsync(peer.Namespace, world.Lab.Directory);
            await RequireAsync(limited, peer, mayPass: Passing.Plenty);
        }

        await using var ping = limited.StartPing("10.0.0.11", LabWorld.Interval);
        await ping.WaitForAnswersAsync(10, Cancellation);
        await LimitAsync(world, new QosLimit { Egress = true, Rate = Limit, Burst = Limit / 5 });
        foreach (var peer in new[] { near, far })
        {
            await RequireAsync(limited, peer, mayPass: Limit);
            await RequireAsync(limited, peer, mayPass: Passing.Plenty, isReversed: true);
        }
        await LimitAsync(world, new QosLimit { Rate = Limit, Burst = Limit / 5 });
        foreach (var peer in new[] { near, far })
        {
            await RequireAsync(limited, peer, mayPass: Passing.Plenty);
            await RequireAsync(limited, peer, mayPass: Limit, isReversed: true);
        }

        // Nothing else is sent now, so whatever is lost was lost by the changes.
        var lost = ping.Lost.Count;
        for (var rate = 6_000u; rate < 16_000; rate += 1_000)
            await LimitAsync(world, new QosLimit { Rate = rate });
        await LimitAsync(world, new QosLimit { Egress = true, Rate = 15_000 });
        await ping.WaitForAnswersAsync(20, Cancellation);
        Assert.Equal(lost, ping.Lost.Count);
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task Packets_are_limited_whatever_their_size()
    {
        Assert.SkipWhen(Throughput.WhyNot() is not null, Throughput.WhyNot() ?? "");
        await using var world = await StartAsync("qpp");
        var (limited, near, far) = await PlugAsync(world);
        await SayAsync(world, new QosPolicyEntry
        {
            Limits =
            {
                new QosLimit { Egress = true, Packets = true, Rate = 500, Burst = 50 },
                new QosLimit { Packets = true, Rate = 200, Burst = 50 },
                // Both count; this is more than those packets have.
                new QosLimit { Egress = true, Rate = 1_000_000 },
            },
        }, isProtected: true);
        foreach (var peer in new[] { near, far })
        {
            await Throughput.ListenAsync(peer.Namespace, world.Lab.Directory);
            await RequirePacketsAsync(limited, peer, mayPass: 500);
            await RequirePacketsAsync(limited, peer, mayPass: 200, isReversed: true);
        }
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task What_a_port_sends_is_marked_of_both_versions_and_what_it_receives_is_not()
    {
        await using var world = await StartAsync("qds");
        var (marked, near, far) = await PlugAsync(world);
        await SayAsync(world, new QosPolicyEntry { Dscp = 46 });
        foreach (var peer in new[] { near, far })
        {
            Assert.Equal(46 << 2, await TrafficClassAsync(marked, peer, isIpv6: false));
            Assert.Equal(46 << 2, await TrafficClassAsync(marked, peer, isIpv6: true));
            Assert.Equal(0, await TrafficClassAsync(peer, marked, isIpv6: false));
        }
        await world.ChangeAsync(Rules, Say.QosPolicy(Policy));
        Assert.Equal(0, await TrafficClassAsync(marked, far, isIpv6: false));
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task Meters_outlive_the_agent_and_come_back_to_a_switch_that_lost_them()
    {
        await using var world = await StartAsync("qrs");
        var (limited, _, _) = await PlugAsync(world);
        var policy = new QosPolicyEntry
        {
            Limits =
            {
                new QosLimit { Egress = true, Rate = 5_000 }, new QosLimit { Packets = true, Rate = 500 },
            },
        };
        await SayAsync(world, policy);
        var before = await MetersAsync(world);
        Assert.Equal(2, before.Count);
        Assert.All(before, meter => Assert.True(MeterIds.AreOurs(meter.Id)));
        await using (var ping = limited.StartPing("10.0.0.12", LabWorld.Interval))
        {
            await ping.WaitForAnswersAsync(10, Cancellation);
            await world.Agents[0].RestartAsync();
            await SayAsync(world, policy);
            await ping.WaitForAnswersAsync(20, Cancellation);
        }
        Assert.Equal(before, await MetersAsync(world));
        Assert.Equal(0, world.Agents[0].Status.Drift);
        // A meter that was set anew would have counted from nothing: first the answers before the restart, then after.
        Assert.True(await CountedAsync(world, before[0].Id) >= 30);

        var (device, agent) = (world.Lab.Hosts[0].Switch, world.Agents[0]);
        await device.KillSwitchAsync();
        await device.StartSwitchAsync(Cancellation);
        await agent.EventuallyAsync(() => agent.Status is { SwitchLosses: 1, Converged: true });
        Assert.Equal(before, await MetersAsync(world));
        Assert.Equal(3, (await limited.PingAsync("10.0.0.12", 3, LabWorld.Interval)).Received);
    }

    private static Task<LabWorld> StartAsync(string word) => LabWorld.StartAsync(word, hosts: 2);

    /// <summary>The machine that is limited, one beside it, and one on the other host.</summary>
    private static async Task<(VirtualMachine Limited, VirtualMachine Near, VirtualMachine Far)> PlugAsync(
        LabWorld world)
    {
        await world.StartAgentsAsync();
        return (
            await world.PlugAsync(0, 10, "10.0.0.10/24", "2001:db8::10/64"),
            await world.PlugAsync(0, 11, "10.0.0.11/24", "2001:db8::11/64"),
            await world.PlugAsync(1, 12, "10.0.0.12/24", "2001:db8::12/64"));
    }

    /// <param name="isProtected">The port that is limited is in a security group, which allows everything.</param>
    private static Task SayAsync(LabWorld world, QosPolicyEntry policy, bool isProtected = false) => world.SayAsync(
        [
            (0, Say.Limited(
                isProtected
                    ? Say.Protected(10, Network, 2, "10.0.0.10", Group)
                    : Say.Port(10, Network, 2, "10.0.0.10"),
                Policy)),
            (0, Say.Port(11, Network, 2, "10.0.0.11")), (1, Say.Port(12, Network, 2, "10.0.0.12")),
        ],
        (Say.NetworkPartition(Network), [
            Say.Network(Network, 100), Say.Subnet(2, "10.0.0.0/24"),
            Neighbor(10, world.Tunnel(0)), Neighbor(11, world.Tunnel(0)), Neighbor(12, world.Tunnel(1)),
        ]),
        (Say.SecurityGroupPartition(Group), [
            Say.SecurityGroup(Group), Say.EgressRule(51), Say.Rule(52, new SecurityGroupRuleEntry { IpVersion = 4 }),
        ]),
        (Rules, [Say.Entry(EntryKind.QosPolicy, Policy, policy)]));

    private static Entry Neighbor(int port, string tunnel) => Say.Entry(
        EntryKind.Neighbor, port, new NeighborEntry
        {
            Mac = Say.Mac(port), Host = "h", TunnelAddress = Say.Bytes(tunnel),
            Addresses = { Say.Bytes($"10.0.0.{port}"), Say.Bytes($"2001:db8::{port}") },
        });

    private static Task LimitAsync(LabWorld world, QosLimit limit) =>
        world.ChangeAsync(Rules, Say.QosPolicy(Policy, limit));

    private static string AddressOf(VirtualMachine machine) => $"10.0.0.{machine.Name[2..]}";

    private static Task RequireAsync(VirtualMachine from, VirtualMachine to, int mayPass, bool isReversed = false) =>
        Passing.RequireAsync(from.Namespace, AddressOf(to), mayPass, isReversed);

    private static Task RequirePacketsAsync(
        VirtualMachine from, VirtualMachine to, int mayPass, bool isReversed = false) =>
        Passing.RequirePacketsAsync(from.Namespace, AddressOf(to), mayPass, isReversed);

    /// <summary>The byte of the header that the mark is in, of a datagram as it arrives.</summary>
    private static async Task<int> TrafficClassAsync(
        VirtualMachine from, VirtualMachine to, bool isIpv6)
    {
        var (listen, seen, target) = isIpv6
            ? ("UDP6-RECVFROM:9,ipv6-recvtclass", "$SOCAT_IPV6_TCLASS", $"UDP6:[2001:db8::{to.Name[2..]}]:9")
            : ("UDP4-RECVFROM:9,ip-recvtos", "$SOCAT_IP_TOS", $"UDP4:{AddressOf(to)}:9");
        var received = to.Namespace.Command("socat", "-u", listen, $"SYSTEM:echo {seen}").OutputAsync(Cancellation);
        while (!received.IsCompleted)
        {
            await (from.Namespace.Command("socat", "-u", "-", target) with { Input = "x" }).ResultAsync(Cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }
        var text = (await received).Trim();
        return text.StartsWith('x') ? Convert.ToInt32(text[1..], 16) : int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static async Task<List<Meter>> MetersAsync(LabWorld world)
    {
        await using var connection = await OpenFlowConnection.ConnectUnixAsync(
            world.Lab.Hosts[0].Switch.ManagementSocket(LabHost.IntegrationBridge), OpenFlowConnectionOptions.Default,
            Cancellation);
        return [.. (await connection.DumpMetersAsync(Cancellation)).OrderBy(meter => meter.Id)];
    }

    /// <summary>How many packets a meter has seen since it was set.</summary>
    private static async Task<int> CountedAsync(LabWorld world, uint meter)
    {
        var text = await world.Lab.Hosts[0].Switch.RunAsync(
            "ovs-ofctl", "-O", "OpenFlow13", "meter-stats", LabHost.IntegrationBridge, $"meter={meter}");
        return int.Parse(text.Split("packet_in_count:")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }
}

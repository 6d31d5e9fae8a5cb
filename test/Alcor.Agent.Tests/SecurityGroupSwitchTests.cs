using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

/// <summary>Security groups and routers on real Open vSwitch, between machines that are namespaces.</summary>
public sealed class SecurityGroupSwitchTests
{
    private const int Network = 1;
    private const int Other = 70;
    private const int Router = 80;
    private const int Servers = 50;
    private const int Clients = 60;

    private static readonly string Rules = Say.SecurityGroupPartition(Servers);
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_open_what_they_say_and_close_it_again_for_connections_too()
    {
        await using var world = await LabWorld.StartAsync("sgt", hosts: 2);
        await world.StartAgentsAsync();
        // A server on the first host; clients beside it, on the other host, and behind a router.
        var server = await PlugAsync(world, 0, 10);
        var near = await PlugAsync(world, 0, 11);
        var far = await PlugAsync(world, 1, 12);
        var routed = await world.PlugAsync(1, 13, "10.0.1.13/24 10.0.1.1", "2001:db8:1::13/64 2001:db8:1::1");
        await SayAsync(world);
        await TcpService.StartAsync(server.Namespace, world.Lab.Directory, 80);
        await TcpService.StartAsync(server.Namespace, world.Lab.Directory, 80, isIpv6: true);
        await TcpService.StartAsync(server.Namespace, world.Lab.Directory, 81);
        await TcpService.StartAsync(near.Namespace, world.Lab.Directory, 80);

        VirtualMachine[] clients = [near, far, routed];
        foreach (var client in clients)
        {
            Assert.Equal(0, (await Echo.AskAsync(client.Namespace, "10.0.0.10")).Lost);
            Assert.Equal(0, (await Echo.AskAsync(client.Namespace, "2001:db8::10")).Lost);
            Assert.NotNull(await TcpService.AskAsync(client.Namespace, "10.0.0.10", 80));
            Assert.NotNull(await TcpService.AskAsync(client.Namespace, "[2001:db8::10]", 80));
            Assert.Null(await TcpService.AskAsync(client.Namespace, "10.0.0.10", 81));
            Assert.Equal(0, (await server.PingAsync($"10.0.0.{client.Name[2..]}", 2, LabWorld.Interval)).Received);
        }
        // Nobody may speak to a client, but the server may answer what a client asked for.
        Assert.Null(await TcpService.AskAsync(server.Namespace, "10.0.0.11", 80));
        // Fragments follow the datagram that they are of.
        Assert.Equal(0, (await Echo.AskAsync(far.Namespace, "10.0.0.10", "-s", "4000")).Lost);
        Assert.Equal(0, (await Echo.AskAsync(far.Namespace, "2001:db8::10", "-s", "4000")).Lost);

        await using var kept = far.StartPing("10.0.0.10", LabWorld.Interval);
        await using var ended = near.StartPing("10.0.0.10", LabWorld.Interval);
        await kept.WaitForAnswersAsync(10, Cancellation);
        await ended.WaitForAnswersAsync(10, Cancellation);
        // A member leaves: what only it was allowed ends, for what is under way as well.
        await world.ChangeAsync(Say.SecurityGroupPartition(Clients), Say.Removed(EntryKind.SecurityGroupMember, 11));
        var received = ended.Received;
        await kept.WaitForAnswersAsync(20, Cancellation);
        Assert.InRange(ended.Received, received, received + 1);
        Assert.Null(await TcpService.AskAsync(near.Namespace, "10.0.0.10", 80));

        // A rule of the same meaning comes, then the first one goes: what both allow is not cut.
        await world.ChangeAsync(Rules, Say.Rule(58, Ping(4)));
        await world.ChangeAsync(Rules, Say.Removed(EntryKind.SecurityGroupRule, 53));
        await kept.WaitForAnswersAsync(20, Cancellation);
        Assert.Empty(kept.Lost);
        await world.ChangeAsync(Rules, Say.Removed(EntryKind.SecurityGroupRule, 58));
        received = kept.Received;
        await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        Assert.InRange(kept.Received, received, received + 1);
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task A_machine_cannot_pretend_to_be_another()
    {
        await using var world = await LabWorld.StartAsync("spf", hosts: 1);
        await world.StartAgentsAsync();
        var server = await PlugAsync(world, 0, 10);
        var near = await PlugAsync(world, 0, 11);
        await PlugAsync(world, 0, 12);
        await world.PlugAsync(0, 13);
        await SayAsync(world);
        Assert.Equal(0, (await Echo.AskAsync(near.Namespace, "10.0.0.10")).Lost);

        await near.SetAddressAsync("10.0.0.12/24", gateway: null);
        Assert.Equal(0, await PingFromAsync(near, "10.0.0.12", "10.0.0.10"));
        await near.SetAddressAsync("2001:db8::12/64", gateway: null);
        Assert.Equal(0, await PingFromAsync(near, "2001:db8::12", "2001:db8::10"));
        await near.RunAsync("ip", "link", "set", "eth0", "address", Say.MacOf(12).ToString());
        Assert.Equal(0, await PingFromAsync(near, "10.0.0.11", "10.0.0.10"));
        await near.RunAsync("ip", "link", "set", "eth0", "address", Say.MacOf(11).ToString());
        Assert.Equal(3, await PingFromAsync(near, "10.0.0.11", "10.0.0.10"));
        Assert.Equal(0, (await server.PingAsync("10.0.0.11", 2, LabWorld.Interval)).Received);
    }

    [Fact]
    public async Task A_router_forwards_says_what_it_cannot_and_is_no_hop_too_few()
    {
        await using var world = await LabWorld.StartAsync("rtr", hosts: 2);
        await world.StartAgentsAsync();
        var near = await PlugAsync(world, 0, 11);
        await PlugAsync(world, 0, 10);
        await PlugAsync(world, 1, 12);
        await world.PlugAsync(1, 13, "10.0.1.13/24 10.0.1.1", "2001:db8:1::13/64 2001:db8:1::1");
        await SayAsync(world);
        foreach (var (target, says) in new[]
        {
            ("10.0.0.1", "ttl=64"), ("10.0.1.1", "ttl=64"), ("2001:db8::1", "ttl=64"), ("2001:db8:1::1", "ttl=64"),
            ("10.0.1.99", "From 10.0.0.1 icmp_seq=1 Destination Host Unreachable"),
            ("192.0.2.1", "From 10.0.0.1 icmp_seq=1 Destination Net Unreachable"),
            ("2001:db8:1::99", "From 2001:db8::1 icmp_seq=1 Destination unreachable: Address unreachable"),
            ("2001:db9::1", "From 2001:db8::1 icmp_seq=1 Destination unreachable: No route"),
        })
        {
            Assert.Contains(says, await PingAsync(near, target), StringComparison.Ordinal);
        }
        Assert.Contains("Time to live exceeded",
            await PingAsync(near, "-t", "1", "10.0.1.13"), StringComparison.Ordinal);
        Assert.Contains("Time exceeded: Hop limit",
            await PingAsync(near, "-t", "1", "2001:db8:1::13"), StringComparison.Ordinal);
    }

    private static async Task<string> PingAsync(VirtualMachine from, params string[] arguments)
    {
        var result = await from.Namespace.Command("ping", ["-n", "-c", "1", "-W", "2", .. arguments])
            .ResultAsync(Cancellation);
        return result.Output;
    }

    private static async Task<int> PingFromAsync(VirtualMachine machine, string source, string target)
    {
        var result = await machine.Namespace.Command(
            "ping", "-n", "-c", "3", "-i", "0.05", "-W", "1", "-I", source, target).ResultAsync(Cancellation);
        return PingResult.Parse(result.Output + result.Error).Received;
    }

    private static Task<VirtualMachine> PlugAsync(LabWorld world, int host, int port) =>
        world.PlugAsync(host, port, $"10.0.0.{port}/24 10.0.0.1", $"2001:db8::{port}/64 2001:db8::1");

    private static SecurityGroupRuleEntry Ping(uint version) => new()
    {
        IpVersion = version, Protocol = version == 4 ? 1u : 58u, RemoteGroup = Say.Bytes(Clients),
        Icmp = new IcmpKind { Type = version == 4 ? 8u : 128u },
    };

    private static SecurityGroupRuleEntry Web(uint version) => new()
    {
        IpVersion = version, Protocol = 6, Ports = new PortRange { First = 80, Last = 80 },
        RemoteGroup = Say.Bytes(Clients),
    };

    private static Entry Both(int port, int network, int subnet, string prefix, string prefix6, int group) => Say.Entry(
        EntryKind.Port, port, new PortEntry
        {
            NetworkId = Say.Bytes(network), Mac = Say.Mac(port), AdminStateUp = true,
            SecurityGroups = { Say.Bytes(group) },
            FixedIps =
            {
                new FixedIp { SubnetId = Say.Bytes(subnet), Address = Say.Bytes($"{prefix}{port}") },
                new FixedIp { SubnetId = Say.Bytes(subnet + 1), Address = Say.Bytes($"{prefix6}{port}") },
            },
        });

    private static Entry Neighbor(int port, string prefix, string prefix6, string tunnel) => Say.Entry(
        EntryKind.Neighbor, port, new NeighborEntry
        {
            Mac = Say.Mac(port), Addresses = { Say.Bytes($"{prefix}{port}"), Say.Bytes($"{prefix6}{port}") },
            Host = "h", TunnelAddress = Say.Bytes(tunnel),
        });

    private static RouterInterface Side(int port, int network, int subnet, string address, string address6) => new()
    {
        PortId = Say.Bytes(port), NetworkId = Say.Bytes(network),
        FixedIps =
        {
            new FixedIp { SubnetId = Say.Bytes(subnet), Address = Say.Bytes(address) },
            new FixedIp { SubnetId = Say.Bytes(subnet + 1), Address = Say.Bytes(address6) },
        },
    };

    /// <summary>Servers let clients ping them, and ask port 80; clients only ask.</summary>
    private static Task SayAsync(LabWorld world)
    {
        var last = world.Agents.Count - 1;
        return world.SayAsync(
            [
                (0, Both(10, Network, 2, "10.0.0.", "2001:db8::", Servers)),
                (0, Both(11, Network, 2, "10.0.0.", "2001:db8::", Clients)),
                (last, Both(12, Network, 2, "10.0.0.", "2001:db8::", Clients)),
                (last, Both(13, Other, 72, "10.0.1.", "2001:db8:1::", Clients)),
            ],
            (Say.NetworkPartition(Network), [
                Say.Network(Network, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"), Say.Subnet(3, "2001:db8::/64"),
                Neighbor(10, "10.0.0.", "2001:db8::", world.Tunnel(0)),
                Neighbor(11, "10.0.0.", "2001:db8::", world.Tunnel(0)),
                Neighbor(12, "10.0.0.", "2001:db8::", world.Tunnel(last)),
                Say.RouterPort(82, Router, "10.0.0.1", "2001:db8::1"),
            ]),
            (Say.NetworkPartition(Other), [
                Say.Network(Other, 700), Say.Subnet(72, "10.0.1.0/24", "10.0.1.1"), Say.Subnet(73, "2001:db8:1::/64"),
                Neighbor(13, "10.0.1.", "2001:db8:1::", world.Tunnel(last)),
                Say.RouterPort(81, Router, "10.0.1.1", "2001:db8:1::1"),
            ]),
            (Say.RouterPartition(Router), [
                Say.Router(Router, Side(82, Network, 2, "10.0.0.1", "2001:db8::1"),
                    Side(81, Other, 72, "10.0.1.1", "2001:db8:1::1")),
            ]),
            (Rules, [
                Say.SecurityGroup(Servers), Say.Member(10, "10.0.0.10", "2001:db8::10"),
                Say.Rule(53, Ping(4)), Say.Rule(54, Ping(6)), Say.Rule(55, Web(4)), Say.Rule(56, Web(6)),
                Say.EgressRule(51),
            ]),
            (Say.SecurityGroupPartition(Clients), [
                Say.SecurityGroup(Clients), Say.EgressRule(61),
                Say.Rule(62, new SecurityGroupRuleEntry { IpVersion = 6, Egress = true }),
                Say.Member(11, "10.0.0.11", "2001:db8::11"), Say.Member(12, "10.0.0.12", "2001:db8::12"),
                Say.Member(13, "10.0.1.13", "2001:db8:1::13"),
            ]));
    }
}

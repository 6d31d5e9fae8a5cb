using Alcor.Agent.Tests.World;
using Alcor.Lab;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Tests;

/// <summary>Limits of floating IPs, of port forwardings and of gateways on real Open vSwitch.</summary>
public sealed class GatewayQosSwitchTests
{
    private const string Outside = "203.0.113.1";
    private const string GatewayAddress = "203.0.113.5";
    private const string FloatingAddress = "203.0.113.10";
    private const string ForwardedAddress = "203.0.113.11";
    private const int Inner = 1;
    private const int Outer = 90;
    private const int Router = 80;
    private const int Own = 91;
    private const int OfNetwork = 92;
    private const int Limit = 1_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_passes_a_floating_ip_is_limited_and_nothing_else_and_a_change_cuts_nothing()
    {
        await using var world = await StartAsync("fqs");
        var cloud = await PlugAsync(world);
        await SayAsync(world, own: Own);
        await Throughput.ListenAsync(cloud.Outside, world.Lab.Directory);
        await Passing.RequireAsync(cloud.Floating, Outside, Passing.Plenty);

        await using var ping = cloud.Machine.StartPing(Outside, LabWorld.Interval);
        await ping.WaitForAnswersAsync(10, Cancellation);
        await LimitAsync(world, Own, new QosLimit { Egress = true, Rate = Limit, Burst = Limit / 5 });
        await Passing.RequireAsync(cloud.Floating, Outside, Limit);
        await Passing.RequireAsync(cloud.Floating, Outside, Passing.Plenty, isReversed: true);
        await Passing.RequireAsync(cloud.Other, Outside, Passing.Plenty);
        await LimitAsync(world, Own, new QosLimit { Rate = Limit, Burst = Limit / 5 });
        await Passing.RequireAsync(cloud.Floating, Outside, Passing.Plenty);
        await Passing.RequireAsync(cloud.Floating, Outside, Limit, isReversed: true);
        await LimitAsync(world, Own,
            new QosLimit { Egress = true, Rate = 1_000_000 },
            new QosLimit { Egress = true, Packets = true, Rate = 500, Burst = 50 },
            new QosLimit { Packets = true, Rate = 200, Burst = 50 });
        await Passing.RequirePacketsAsync(cloud.Floating, Outside, mayPass: 500);
        await Passing.RequirePacketsAsync(cloud.Floating, Outside, mayPass: 200, isReversed: true);

        // Nothing else is sent now, so whatever is lost was lost by the changes.
        var lost = ping.Lost.Count;
        for (var rate = 6_000u; rate < 16_000; rate += 1_000)
            await LimitAsync(world, Own, new QosLimit { Rate = rate });
        await LimitAsync(world, Own, new QosLimit { Egress = true, Rate = 15_000 });
        await LimitAsync(world, Own);
        await ping.WaitForAnswersAsync(20, Cancellation);
        Assert.Equal(lost, ping.Lost.Count);
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task What_passes_a_gateway_is_limited_and_not_what_passes_floating_ips()
    {
        await using var world = await StartAsync("gqs");
        var cloud = await PlugAsync(world);
        await SayAsync(world, ofGateway: Own);
        await Throughput.ListenAsync(cloud.Outside, world.Lab.Directory);
        await LimitAsync(world, Own, new QosLimit { Egress = true, Rate = Limit, Burst = Limit / 5 });
        await Passing.RequireAsync(cloud.Other, Outside, Limit);
        await Passing.RequireAsync(cloud.Other, Outside, Passing.Plenty, isReversed: true);
        await Passing.RequireAsync(cloud.Other, "2001:db8:ff::1", Limit);
        await Passing.RequireAsync(cloud.Floating, Outside, Passing.Plenty);
        await LimitAsync(world, Own, new QosLimit { Rate = Limit, Burst = Limit / 5 });
        await Passing.RequireAsync(cloud.Other, Outside, Passing.Plenty);
        await Passing.RequireAsync(cloud.Other, Outside, Limit, isReversed: true);
        await Passing.RequireAsync(cloud.Other, "2001:db8:ff::1", Limit, isReversed: true);
        await Passing.RequireAsync(cloud.Floating, Outside, Passing.Plenty, isReversed: true);
        await world.RequireNoDriftAsync();
    }

    [Fact]
    public async Task Whoever_has_no_policy_has_that_of_the_network_and_forwardings_that_of_their_floating_ip()
    {
        await using var world = await StartAsync("nqs");
        var cloud = await PlugAsync(world);
        await SayAsync(world, own: Own, ofNetwork: OfNetwork);
        foreach (var machine in new[] { cloud.Floating, cloud.Other })
            await Throughput.ListenAsync(machine, world.Lab.Directory);
        await LimitAsync(world, OfNetwork, new QosLimit { Rate = Limit, Burst = Limit / 5 });
        await Passing.RequireAsync(cloud.Outside, FloatingAddress, Passing.Plenty);
        await Passing.RequireAsync(cloud.Outside, ForwardedAddress, Limit);
        await Passing.RequireAsync(cloud.Outside, ForwardedAddress, Passing.Plenty, isReversed: true);
        // From machine to machine by their addresses outside: what comes in by one has left by another.
        await Passing.RequireAsync(cloud.Floating, ForwardedAddress, Limit);
        await LimitAsync(world, OfNetwork);
        await Passing.RequireAsync(cloud.Floating, ForwardedAddress, Passing.Plenty);
        await LimitAsync(world, Own, new QosLimit { Egress = true, Rate = Limit, Burst = Limit / 5 });
        await Passing.RequireAsync(cloud.Floating, ForwardedAddress, Limit);
        await world.RequireNoDriftAsync();
    }

    private static Task<LabWorld> StartAsync(string word)
    {
        Assert.SkipWhen(Throughput.WhyNot() is not null, Throughput.WhyNot() ?? "");
        return LabWorld.StartAsync(word, hosts: 2);
    }

    /// <summary>The first host has the gateway. The machine with the floating IP is on the second.</summary>
    private static async Task<Cloud> PlugAsync(LabWorld world)
    {
        var external = await world.StartWithOutsideAsync($"{Outside}/24");
        await external.AddIpv6AddressAsync("2001:db8:ff::1/64");
        await external.RouteAsync("2001:db8::/64", "2001:db8:ff::5");
        var floating = await world.PlugAsync(1, 11, "10.0.0.11/24 10.0.0.1");
        var other = await world.PlugAsync(1, 12, "10.0.0.12/24 10.0.0.1", "2001:db8::12/64 2001:db8::1");
        return new Cloud(external.Outside, floating, other.Namespace);
    }

    private static Task LimitAsync(LabWorld world, int policy, params QosLimit[] limits) =>
        world.ChangeAsync(Say.QosPolicyPartition(policy), Say.QosPolicy(policy, limits));

    /// <param name="own">Of the floating IP.</param>
    private static Task SayAsync(LabWorld world, int? own = null, int? ofGateway = null, int? ofNetwork = null) =>
        world.SayAsync(
            [(1, Say.Port(11, Inner, 2, "10.0.0.11")), (1, Say.Port(12, Inner, 2, "10.0.0.12"))],
            (Say.NetworkPartition(Inner), [
                Say.Network(Inner, 100), Say.Subnet(2, "10.0.0.0/24", "10.0.0.1"),
                Say.Ipv6Subnet(3, "2001:db8::/64", ""), Neighbor(11, world), Neighbor(12, world),
                Say.Entry(EntryKind.RouterPort, 82, new RouterPortEntry
                {
                    Mac = Say.Mac(82), RouterId = Say.Bytes(Router),
                    Addresses = { Say.Bytes("10.0.0.1"), Say.Bytes("2001:db8::1") },
                }),
            ]),
            (Say.NetworkPartition(Outer), [
                Say.External(Outer, policy: IdOf(ofNetwork)),
                Say.Subnet(92, "203.0.113.0/24", Outside, dhcp: false),
                Say.Ipv6Subnet(93, "2001:db8:ff::/64", "", dhcp: false),
            ]),
            (Say.QosPolicyPartition(Own), [Say.QosPolicy(Own)]),
            (Say.QosPolicyPartition(OfNetwork), [Say.QosPolicy(OfNetwork)]),
            (Say.RouterPartition(Router), [
                Say.Entry(EntryKind.Router, Router, RouterOf(world, ofGateway)),
                Say.Entry(EntryKind.FloatingIp, 95, new FloatingIpEntry
                {
                    Address = Say.Bytes(FloatingAddress), Mac = Say.Mac(84), PortId = Say.Bytes(11),
                    FixedAddress = Say.Bytes("10.0.0.11"), QosPolicy = IdOf(own),
                }),
                Forwarding(96, protocol: 6), Forwarding(97, protocol: 17),
            ]));

    private static Entry Neighbor(int port, LabWorld world) => Say.Entry(EntryKind.Neighbor, port, new NeighborEntry
    {
        Mac = Say.Mac(port), Host = "h", TunnelAddress = Say.Bytes(world.Tunnel(1)),
        Addresses = { Say.Bytes($"10.0.0.{port}"), Say.Bytes($"2001:db8::{port}") },
    });

    private static RouterEntry RouterOf(LabWorld world, int? policy)
    {
        var inside = Say.Interface(82, Inner, 2, "10.0.0.1");
        inside.FixedIps.Add(new FixedIp { SubnetId = Say.Bytes(3), Address = Say.Bytes("2001:db8::1") });
        var gateway = Say.Gateway(Outer, 83, world.Tunnel(0), (92, GatewayAddress), (93, "2001:db8:ff::5"));
        gateway.QosPolicy = IdOf(policy);
        return new RouterEntry { AdminStateUp = true, Interfaces = { inside }, Gateway = gateway };
    }

    /// <summary>To where a limit is measured, on the machine without a floating IP.</summary>
    private static Entry Forwarding(int id, uint protocol) => Say.Entry(
        EntryKind.PortForwarding, id, new PortForwardingEntry
        {
            Address = Say.Bytes(ForwardedAddress), Mac = Say.Mac(85), Protocol = protocol,
            ExternalPorts = Measured(), InternalAddress = Say.Bytes("10.0.0.12"), InternalPorts = Measured(),
        });

    private static PortRange Measured() => new() { First = 5201, Last = 5201 };

    private static ByteString IdOf(int? policy) => policy is { } id ? Say.Bytes(id) : ByteString.Empty;

    /// <param name="Outside">A machine outside.</param>
    /// <param name="Machine">The one with the floating IP.</param>
    /// <param name="Other">The machine that leaves by the gateway, and that the port forwardings lead to.</param>
    private sealed record Cloud(NetworkNamespace Outside, VirtualMachine Machine, NetworkNamespace Other)
    {
        public NetworkNamespace Floating => Machine.Namespace;
    }
}

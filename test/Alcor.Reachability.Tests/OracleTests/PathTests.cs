using System.Net;
using Alcor.Kernel.Addresses;
using static Alcor.Reachability.Tests.JudgedCloud;

namespace Alcor.Reachability.Tests;

/// <summary>The oracle on spoofing, networks and routers, by cases that a person can follow.</summary>
public sealed class PathTests
{
    private static readonly Step[] AllowIn =
    [
        Rule("in4", "\"direction\": \"ingress\"", "open"),
        Rule("in6", "\"direction\": \"ingress\", \"ethertype\": \"IPv6\"", "open"),
    ];

    private static readonly Step[] Router =
    [
        .. AllowIn,
        new Create("router", "r", """{"name": "r"}"""),
        .. from subnet in new[] { "n4", "n6", "m4", "m6" }
           select new Act("router", "r", "add_router_interface", $$"""{"subnet_id": "${{subnet}}"}"""),
    ];

    [Theory]
    [InlineData("10.0.0.10", 10, true)]
    [InlineData("10.0.0.11", 10, false)]
    [InlineData("10.0.0.10", 11, false)]
    [InlineData("2001:db8::10", 10, true)]
    [InlineData("2001:db8::11", 10, false)]
    [InlineData("fe80::f816:3eff:fe00:a", 10, true)]
    [InlineData("fe80::f816:3eff:fe00:b", 10, false)]
    [InlineData("10.7.1.2", 10, true)]
    [InlineData("10.7.1.2", 77, false)]
    [InlineData("10.8.1.2", 77, true)]
    [InlineData("10.8.1.2", 10, false)]
    public async Task A_protected_port_is_itself_or_one_of_its_pairs(string source, int mac, bool isAllowed)
    {
        var cloud = await MakeAsync([.. AllowIn, new Update("port", "a", $$"""
            {"allowed_address_pairs": [{"ip_address": "10.7.0.0/16"},
                                       {"ip_address": "10.8.0.0/16", "mac_address": "{{Pools.MacOf(77)}}"}]}
            """)]);
        var (address, c) = (IPAddress.Parse(source), cloud.Find("c"));
        var packet = new IpContent(address, AddressOf(c, address.Version()), Udp(53));
        var verdict = cloud.Send("a", new Probe(Pools.MacOf(mac), c.MacAddress, packet));
        Assert.Equal(isAllowed, !verdict.Arrivals.IsEmpty);
        Assert.Equal(isAllowed, !verdict.ToString().Contains("port security of a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_protected_port_is_no_server_of_dhcp_and_no_router()
    {
        var cloud = await MakeAsync(AllowIn);
        RequireNot("DHCP server", cloud.Send("a", "c", new Segment(Protocol.Udp, 67, 68)));
        RequireNot("DHCP server", cloud.Send("a", "c", new Segment(Protocol.Udp, 547, 546), version: 6));
        RequireNot("is a router", cloud.Send("a", "c", new Icmp(134, 0, 0), version: 6));
        RequireNot("goes to its host alone", cloud.Send("a", "c", new Segment(Protocol.Udp, 68, 67)));
        RequireNot("goes to its host alone", cloud.Send("a", "c", new Segment(Protocol.Udp, 546, 547), version: 6));
    }

    [Fact]
    public async Task Networks_are_apart()
    {
        var cloud = await MakeAsync(AllowIn);
        var (a, d) = (cloud.Find("a"), cloud.Find("d"));
        var packet = new IpContent(AddressOf(a, 4), AddressOf(d, 4), Tcp(80));
        RequireNot("nobody else in the network of a", cloud.Send("a", new Probe(a.MacAddress, d.MacAddress, packet)));
    }

    [Theory]
    [InlineData("port", "c", "c is administratively down")]
    [InlineData("port", "a", "a is administratively down")]
    [InlineData("network", "n", "network n is administratively down")]
    public async Task What_is_administratively_down_carries_nothing(string type, string name, string reason)
    {
        var cloud = await MakeAsync([.. AllowIn, new Update(type, name, """{"admin_state_up": false}""")]);
        RequireNot(reason, cloud.Send("a", "c", Tcp(80)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_router_hands_over_with_its_own_address_and_one_hop_less(int version)
    {
        var cloud = await MakeAsync(Router);
        var d = cloud.Find("d");
        var arrival = Assert.Single(cloud.Send("a", "d", Tcp(80), version).Arrivals);
        Assert.Equal("d", arrival.Port.Name);
        Assert.Equal((cloud.GatewayOf(d, version), d.MacAddress), (arrival.Probe.SourceMac, arrival.Probe.TargetMac));
        Assert.Equal(63, ((IpContent)arrival.Probe.Content).HopLimit);
    }

    [Fact]
    public async Task A_router_forwards_only_what_has_hops_left_and_a_route_and_a_receiver()
    {
        var cloud = await MakeAsync(Router);
        var a = cloud.Find("a");
        RequireNot("no hops are left", Routed("10.0.1.13", 1));
        RequireNot("no route on router r to 10.0.2.1", Routed("10.0.2.1", 64));
        RequireNot("nobody has 10.0.1.99", Routed("10.0.1.99", 64));
        await cloud.RunAsync(new Update("router", "r", """{"admin_state_up": false}"""));
        RequireNot("forwards nothing", Routed("10.0.1.13", 64));

        Verdict Routed(string target, int hops) => cloud.Send("a", new Probe(a.MacAddress, cloud.GatewayOf(a, 4),
            new IpContent(AddressOf(a, 4), IPAddress.Parse(target), Tcp(80)) { HopLimit = hops }));
    }

    [Fact]
    public async Task The_longest_prefix_wins()
    {
        var cloud = await MakeAsync([.. Router, new Update("router", "r", """
            {"routes": [{"destination": "10.9.0.0/16", "nexthop": "10.0.1.13"},
                        {"destination": "10.9.1.0/24", "nexthop": "10.0.1.14"}]}
            """)]);
        var a = cloud.Find("a");
        foreach (var (target, receiver) in new[] { ("10.9.2.1", "d"), ("10.9.1.1", "e") })
        {
            var packet = new IpContent(AddressOf(a, 4), IPAddress.Parse(target), Tcp(80));
            var verdict = cloud.Send("a", new Probe(a.MacAddress, cloud.GatewayOf(a, 4), packet));
            Assert.Equal(receiver, Assert.Single(verdict.Arrivals).Port.Name);
        }
    }

    [Fact]
    public async Task A_router_answers_ping_and_nothing_else()
    {
        var cloud = await MakeAsync(Router);
        var a = cloud.Find("a");
        var answer = Assert.Single(ToRouter(Ping()).Arrivals);
        Assert.Equal(("a", new Icmp(0, 0, 1)), (answer.Port.Name, ((IpContent)answer.Probe.Content).Transport));
        RequireNot("echo requests only", ToRouter(Tcp(80)));

        Verdict ToRouter(Transport transport) => cloud.Send("a", new Probe(a.MacAddress, cloud.GatewayOf(a, 4),
            new IpContent(AddressOf(a, 4), IPAddress.Parse("10.0.0.1"), transport)));
    }

    [Fact]
    public async Task Who_has_an_address_is_told_by_the_host()
    {
        var cloud = await MakeAsync(Router);
        var (a, c) = (cloud.Find("a"), cloud.Find("c"));
        var answer = Assert.Single(Asked(AddressOf(c, 4)).Arrivals);
        Assert.Equal(new ArpReply(c.MacAddress, AddressOf(c, 4), a.MacAddress, AddressOf(a, 4)), answer.Probe.Content);
        Assert.Equal(cloud.GatewayOf(a, 4), Assert.Single(Asked(IPAddress.Parse("10.0.0.1")).Arrivals).Probe.SourceMac);
        RequireNot("asks for its own", Asked(AddressOf(a, 4)));
        RequireNot("nobody in the network", Asked(IPAddress.Parse("10.0.0.99")));

        Verdict Asked(IPAddress sought) => cloud.Send("a", new Probe(a.MacAddress,
            MacAddress.Parse("ff:ff:ff:ff:ff:ff"), new ArpRequest(a.MacAddress, AddressOf(a, 4), sought)));
    }

    [Fact]
    public async Task Who_has_an_ipv6_address_is_told_by_the_host()
    {
        var cloud = await MakeAsync(Router);
        var (a, c) = (cloud.Find("a"), cloud.Find("c"));
        var machine = Advertised(Asked(a, AddressOf(c, 6)));
        Assert.Equal((c.MacAddress, false, true), (machine.LinkLayer, machine.IsRouter, machine.IsSolicited));
        Assert.True(Advertised(Asked(a, IPAddress.Parse("2001:db8::"))).IsRouter);
        Assert.Equal(c.MacAddress, Advertised(Asked(a, Cloud.LinkLocal(c.MacAddress))).LinkLayer);
        var probed = Advertised(Asked(a, AddressOf(c, 6), IPAddress.IPv6Any));
        Assert.Equal((IPAddress.Parse("ff02::1"), false), (probed.Target, probed.IsSolicited));
        RequireNot("asks for its own", Asked(a, Cloud.LinkLocal(a.MacAddress)));
        RequireNot("nobody in the network", Asked(a, IPAddress.Parse("2001:db8::99")));

        Verdict Asked(Network.Ports.Port asker, IPAddress sought, IPAddress? source = null)
        {
            var asked = new NeighborSolicitation(
                source ?? AddressOf(asker, 6), IPAddress.Parse("ff02::1:ff00:1"), sought, asker.MacAddress);
            return cloud.Send("a", new Probe(asker.MacAddress, MacAddress.Parse("33:33:ff:00:00:01"), asked));
        }
    }

    [Fact]
    public async Task Who_has_an_address_of_a_pair_only_the_machines_know()
    {
        var cloud = await MakeAsync(new Update("port", "b", $$"""
            {"allowed_address_pairs": [{"ip_address": "10.0.0.50", "mac_address": "{{Pools.MacOf(77)}}"}]}
            """), Rule("r", "\"direction\": \"ingress\""));
        var a = cloud.Find("a");
        var asked = new ArpRequest(a.MacAddress, AddressOf(a, 4), IPAddress.Parse("10.0.0.50"));
        var everybody = MacAddress.Parse("ff:ff:ff:ff:ff:ff");
        Assert.Equal(["b", "c"], ReceiversOf(cloud.Send("a", new Probe(a.MacAddress, everybody, asked))));
        var reply = new ArpReply(Pools.MacOf(77), asked.Sought, a.MacAddress, asked.Sender);
        Assert.Equal(["a"], ReceiversOf(cloud.Send("b", new Probe(Pools.MacOf(77), a.MacAddress, reply))));
        // Where the frame goes then no switch has learned: to all whose rules let it in.
        var packet = new IpContent(AddressOf(a, 4), asked.Sought, Tcp(80));
        Assert.Equal(["b"], ReceiversOf(cloud.Send("a", new Probe(a.MacAddress, Pools.MacOf(77), packet))));
    }

    [Fact]
    public async Task Two_routers_forward_one_after_the_other()
    {
        var cloud = await MakeAsync(
        [
            .. AllowIn,
            new Create("network", "k", """{"name": "k", "project_id": "p"}"""),
            new Create("subnet", "k4", """{"network_id": "$k", "ip_version": 4, "cidr": "10.0.2.0/24"}"""),
            new Create("port", "link", """
                {"name": "link", "network_id": "$k", "fixed_ips": [{"subnet_id": "$k4", "ip_address": "10.0.2.2"}]}
                """),
            new Create("router", "r", """{"name": "r"}"""), new Create("router", "s", """{"name": "s"}"""),
            new Act("router", "r", "add_router_interface", """{"subnet_id": "$n4"}"""),
            new Act("router", "r", "add_router_interface", """{"subnet_id": "$k4"}"""),
            new Act("router", "s", "add_router_interface", """{"subnet_id": "$m4"}"""),
            new Act("router", "s", "add_router_interface", """{"port_id": "$link"}"""),
            new Update("router", "r", """{"routes": [{"destination": "10.0.1.0/24", "nexthop": "10.0.2.2"}]}"""),
        ]);
        var arrival = Assert.Single(cloud.Send("a", "d", Udp(53)).Arrivals);
        Assert.Equal(("d", 62), (arrival.Port.Name, ((IpContent)arrival.Probe.Content).HopLimit));
        // There is no way back.
        RequireNot("no route on router s to 10.0.0.10", cloud.Send("d", "a", Udp(53)));
    }

    private static IEnumerable<string> ReceiversOf(Verdict verdict) =>
        verdict.Arrivals.Select(arrival => arrival.Port.Name).Order(StringComparer.Ordinal);

    private static NeighborAdvertisement Advertised(Verdict verdict) =>
        (NeighborAdvertisement)Assert.Single(verdict.Arrivals).Probe.Content;

    private static void RequireNot(string reason, Verdict verdict)
    {
        Assert.Empty(verdict.Arrivals);
        Assert.Contains(reason, Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }
}

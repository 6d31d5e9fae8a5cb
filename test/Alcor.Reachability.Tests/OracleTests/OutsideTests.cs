using System.Net;
using static Alcor.Reachability.Tests.JudgedCloud;

namespace Alcor.Reachability.Tests;

/// <summary>
/// The oracle on what is outside, by cases that a person can follow: router r joins n and m and leads out to x, where
/// outsider is. Everybody is let in.
/// </summary>
public sealed class OutsideTests
{
    private static readonly IPAddress Outsider = IPAddress.Parse("203.0.113.1");
    private static readonly IPAddress Gateway = IPAddress.Parse("203.0.113.10");
    private static readonly IPAddress Floating = IPAddress.Parse("203.0.113.20");

    private static readonly Step[] Usual =
    [
        Rule("in", "\"direction\": \"ingress\"", "open"), Rule("inb", "\"direction\": \"ingress\""),
        new Create("router", "r", """{"name": "r"}"""),
        new Act("router", "r", "add_router_interface", """{"subnet_id": "$n4"}"""),
        new Act("router", "r", "add_router_interface", """{"subnet_id": "$m4"}"""),
        new Create("network", "x", $$"""
            {"name": "x", "router:external": true, "provider:network_type": "flat",
             "provider:physical_network": "{{ScriptedRegion.PhysicalNetwork}}"}
            """),
        new Create("subnet", "x4", $$"""
            {"network_id": "$x", "ip_version": 4, "cidr": "203.0.113.0/24", "gateway_ip": "{{Outsider}}"}
            """),
        new AddOutsider("outsider", "x4", Pools.MacOf(90), Outsider),
        Leads(hasSnat: true),
    ];

    private static readonly Step FloatingIp = new Create("floatingip", "f", $$"""
        {"floating_network_id": "$x", "floating_ip_address": "{{Floating}}", "port_id": "$b",
         "fixed_ip_address": "10.0.0.11"}
        """);

    [Theory]
    [InlineData(true, "203.0.113.10")]
    [InlineData(false, "10.0.0.10")]
    public async Task A_machine_is_seen_by_the_address_of_the_gateway_if_that_translates(bool hasSnat, string seen)
    {
        var cloud = await MakeAsync([.. Usual, Leads(hasSnat)]);
        var sent = SendOut(cloud, "a", Udp(53));
        Assert.Equal(("outsider", seen, 63), Arrived(sent, packet => packet.Source));
        Assert.Equal(("a", "10.0.0.10", 63), Arrived(cloud.Answer(sent), packet => packet.Target));
    }

    [Fact]
    public async Task A_floating_IP_is_the_machine_behind_it_in_both_directions()
    {
        var cloud = await MakeAsync([.. Usual, FloatingIp]);
        Assert.Equal(("outsider", $"{Floating}", 63), Arrived(SendOut(cloud, "b", Tcp(80)), packet => packet.Source));
        var sent = SendIn(cloud, Floating, Tcp(443));
        Assert.Equal(("b", "10.0.0.11", 63), Arrived(sent, packet => packet.Target));
        Assert.Equal(("outsider", $"{Floating}", 63), Arrived(cloud.Answer(sent), packet => packet.Source));
    }

    [Fact]
    public async Task Inside_a_floating_IP_is_reached_by_way_of_outside()
    {
        var cloud = await MakeAsync([.. Usual, FloatingIp]);
        var sent = SendOut(cloud, "a", Tcp(80), Floating);
        Assert.Equal(("b", $"{Gateway}", 62), Arrived(sent, packet => packet.Source));
        Assert.Equal(("a", $"{Floating}", 62), Arrived(cloud.Answer(sent), packet => packet.Source));
    }

    [Theory]
    [InlineData(8080, 22)]
    [InlineData(8081, 23)]
    [InlineData(8082, null)]
    public async Task A_port_that_is_forwarded_leads_to_its_own(int outer, int? inner)
    {
        var cloud = await MakeAsync([
            .. Usual,
            new Create("floatingip", "f", $$"""
                {"floating_network_id": "$x", "floating_ip_address": "{{Floating}}"}
                """),
            new Create("forwarding", "p", """
                {"floatingip_id": "$f", "internal_port_id": "$b", "internal_ip_address": "10.0.0.11",
                 "protocol": "tcp", "external_port_range": "8080:8081", "internal_port_range": "22:23"}
                """),
        ]);
        var sent = SendIn(cloud, Floating, Tcp(outer));
        if (inner is null)
        {
            Assert.Contains("nothing is behind", sent.ToString());
            return;
        }
        Assert.Equal(inner, ((Segment)PacketOf(sent).Transport).TargetPort);
        var answer = PacketOf(cloud.Answer(sent));
        Assert.Equal(($"{Floating}", outer), ($"{answer.Source}", ((Segment)answer.Transport).SourcePort));
    }

    [Fact]
    public async Task An_error_about_a_packet_quotes_it_as_whoever_sent_it_knows_it()
    {
        var cloud = await MakeAsync([.. Usual, FloatingIp]);
        var sent = SendIn(cloud, Floating, Udp(53));
        var (receiver, probe) = (sent.Arrivals.Single().Port, sent.Arrivals.Single().Probe);
        var refused = cloud.Send("b", new Probe(
            receiver.MacAddress, probe.SourceMac, ((IpContent)probe.Content).Refusal()!));
        var error = PacketOf(refused);
        Assert.Equal(("outsider", $"{Floating}", 63), Arrived(refused, packet => packet.Source));
        Assert.Equal(Floating, ((PortUnreachable)error.Transport).Quoted.Target);
    }

    [Fact]
    public async Task An_error_about_no_packet_at_all_reaches_nobody()
    {
        var cloud = await MakeAsync(Usual);
        var (a, c) = (AddressOf(cloud.Find("a"), 4), AddressOf(cloud.Find("c"), 4));
        var verdict = cloud.Send("a", "c", new PortUnreachable(new IpContent(c, a, Udp(53))));
        Assert.Contains("has no conversation", verdict.ToString());
    }

    [Fact]
    public async Task What_belongs_to_no_conversation_does_not_leave_untranslated()
    {
        var cloud = await MakeAsync([.. Usual, new Update("port", "a",
            """{"security_groups": [], "port_security_enabled": false}""")]);
        Assert.Contains("there is no conversation outside", SendOut(cloud, "a", Tcp(80, TcpFlags.SynAck)).ToString());
    }

    [Fact]
    public async Task What_has_no_ports_leaves_once()
    {
        var cloud = await MakeAsync(Usual);
        Assert.Equal("outsider", SendOut(cloud, "a", new OtherTransport(47)).Arrivals.Single().Port.Name);
        Assert.Contains("looks the same", SendOut(cloud, "c", new OtherTransport(47)).ToString());
    }

    [Theory]
    [InlineData("203.0.113.10", true)]
    [InlineData("203.0.113.20", true)]
    [InlineData("203.0.113.99", false)]
    public async Task Outside_whoever_asks_is_told_who_has_an_address(string sought, bool isThere)
    {
        var cloud = await MakeAsync([.. Usual, FloatingIp]);
        var question = new ArpRequest(Pools.MacOf(90), Outsider, IPAddress.Parse(sought));
        var verdict = cloud.Send("outsider", new Probe(Pools.MacOf(90), Pools.MacOf(99), question));
        Assert.Equal(isThere, verdict.Arrivals.Any(arrival => arrival.Probe.Content is ArpReply));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Two_fragments_are_a_datagram(int version)
    {
        var (from, to) = version == 4 ? ("10.0.0.1", "10.0.0.2") : ("2001:db8::1", "2001:db8::2");
        var packet = new IpContent(IPAddress.Parse(from), IPAddress.Parse(to), Udp(53)) { Fragments = 7 };
        var frames = ProbeFrame.EncodeAll(new Probe(Pools.MacOf(1), Pools.MacOf(2), packet));
        Assert.Equal([false, true], frames.Select(frame => ProbeFrame.IsLaterFragment(frame)));
        var headers = 14 + (version == 4 ? 20 : 48);
        Assert.Equal(8 + 1300, frames.Sum(frame => frame.Length - headers));
    }

    private static Step Leads(bool hasSnat) => new Update("router", "r", $$"""
        {"external_gateway_info": {"network_id": "$x", "enable_snat": {{(hasSnat ? "true" : "false")}},
         "external_fixed_ips": [{"subnet_id": "$x4", "ip_address": "{{Gateway}}"}] } }
        """);

    private static Verdict SendOut(JudgedCloud cloud, string from, Transport transport, IPAddress? to = null)
    {
        var sender = cloud.Find(from);
        return cloud.Send(from, new Probe(sender.MacAddress, cloud.GatewayOf(sender, 4),
            new IpContent(AddressOf(sender, 4), to ?? Outsider, transport)));
    }

    private static Verdict SendIn(JudgedCloud cloud, IPAddress to, Transport transport) => cloud.Send("outsider",
        new Probe(Pools.MacOf(90), cloud.MacOutside(to), new IpContent(Outsider, to, transport)));

    private static IpContent PacketOf(Verdict verdict) => (IpContent)verdict.Arrivals.Single().Probe.Content;

    private static (string Name, string Address, int HopLimit) Arrived(
        Verdict verdict, Func<IpContent, IPAddress> address)
    {
        Assert.True(verdict.Arrivals.Length == 1, verdict.ToString());
        var packet = PacketOf(verdict);
        return (verdict.Arrivals[0].Port.Name, $"{address(packet)}", packet.HopLimit);
    }
}

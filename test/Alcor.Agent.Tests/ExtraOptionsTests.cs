using System.Net;
using System.Text;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;

namespace Alcor.Agent.Tests;

/// <summary>What a port is told by DHCP of its own, and instead of what its subnet says.</summary>
public sealed class ExtraOptionsTests
{
    private static readonly SubnetValue Subnet = new(IPNetwork.Parse("10.0.0.0/24"), IPAddress.Parse("10.0.0.1"),
        EnableDhcp: true, [IPAddress.Parse("8.8.8.8")], []);

    [Theory]
    [InlineData("router", "10.0.0.9", "3=0A000009")]
    [InlineData("3", "10.0.0.9", "3=0A000009")]
    [InlineData("option:dns-server", "9.9.9.9, 1.1.1.1", "6=0909090901010101")]
    [InlineData("domain-name", "a.test", "15=612E74657374")]
    [InlineData("mtu", "9000", "26=2328")]
    [InlineData("interface-mtu", "0x5dc", "26=05DC")]
    [InlineData("ntp-server", "10.0.0.3", "42=0A000003")]
    [InlineData("tftp-server", "10.0.0.4", "66=31302E302E302E34")]
    [InlineData("66", "10.0.0.4", "66=31302E302E302E34")]
    [InlineData("bootfile-name", "pxe.0", "67=7078652E30")]
    [InlineData("domain-search", "a.test,b", "119=016104746573740001" + "6200")]
    [InlineData("classless-static-route", "10.1.0.0/16,10.0.0.7,0.0.0.0/0,10.0.0.1",
        "121=100A010A000007" + "000A000001")]
    [InlineData("150", "10.0.0.4", "150=0A000004")]
    [InlineData("server-ip-address", "10.0.0.4", "255=0A000004")]
    [InlineData("router", "", "3=")]
    [InlineData("224", "1", "224=01")] // what is of no known form is what it looks like
    [InlineData("224", "256", "224=0100")]
    [InlineData("224", "70000", "224=00011170")]
    [InlineData("224", "01:aB", "224=01AB")]
    [InlineData("224", "1.2.3.4", "224=01020304")]
    [InlineData("224", "1.2.3", "224=312E322E33")]
    public void An_option_is_known_by_its_name_or_number(string name, string value, string expected) =>
        Assert.Equal(expected, Text(Assert.Single(ExtraOptions.Of(Port((name, value, false)), isIpv6: false))));

    [Theory]
    [InlineData("dns-server", "[2001:db8::1],2001:db8::2",
        "23=20010DB800000000000000000000000120010DB8000000000000000000000002")]
    [InlineData("option6:domain-search", "a", "24=016100")]
    [InlineData("59", "tftp://[2001:db8::1]/x", "59=746674703A2F2F5B323030313A6462383A3A315D2F78")]
    [InlineData("bootfile-param", "a,bc", "60=000161" + "00026263")]
    [InlineData("ntp-server", "2001:db8::1,t", "56=0001001020010DB8000000000000000000000001" + "00030003017400")]
    [InlineData("information-refresh-time", "600", "32=00000258")]
    public void An_option_of_ipv6_has_a_number_of_its_own(string name, string value, string expected)
    {
        var port = Port((name, value, true));
        Assert.Equal(expected, Text(Assert.Single(ExtraOptions.Of(port, isIpv6: true))));
        Assert.Empty(ExtraOptions.Of(port, isIpv6: false));
        Assert.Null(ExtraOptions.Problem(port));
    }

    [Theory]
    [InlineData("no-such-option", "1", false)]
    [InlineData("router", "10.0.0", false)]
    [InlineData("router", "2001:db8::1", false)]
    [InlineData("mtu", "65536", false)]
    [InlineData("mtu", "-1", false)]
    [InlineData("default-ttl", "256", false)]
    [InlineData("classless-static-route", "10.1.0.0/16", false)]
    [InlineData("domain-search", "a..b", false)]
    [InlineData("51", "60", false)] // the conversation itself
    [InlineData("255", "10.0.0.1", false)]
    [InlineData("256", "1", false)]
    [InlineData("dns-server", "10.0.0.1", true)]
    [InlineData("router", "2001:db8::1", true)]
    [InlineData("3", "1", true)]
    [InlineData("option6:dns-server", "10.0.0.1", false)]
    [InlineData("tag:other,67", "a", false)]
    [InlineData("", "a", false)]
    public void What_makes_no_sense_is_named_and_not_told(string name, string value, bool isIpv6)
    {
        var port = Port((name, value, isIpv6));
        Assert.Empty(ExtraOptions.Of(port, isIpv6));
        Assert.StartsWith($"DHCP option {name}: ", ExtraOptions.Problem(port), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_port_is_told_stands_for_what_its_subnet_says()
    {
        var offer = Offer(Port(("dns-server", "9.9.9.9", false), ("mtu", "1400", false), ("42", "10.0.0.3", false)));
        Assert.Equal("09090909", Hex(offer, DhcpOptionCode.DomainNameServer));
        Assert.Equal("0578", Hex(offer, DhcpOptionCode.InterfaceMtu));
        Assert.Equal("0A000003", Hex(offer, 42));
        Assert.Equal("0A000001", Hex(offer, DhcpOptionCode.Router));
        Assert.Equal(offer.Message.Options.Length, offer.Message.Options.DistinctBy(option => option.Code).Count());
    }

    [Fact]
    public void An_option_of_no_value_is_not_told()
    {
        var offer = Offer(Port(("router", "", false), ("classless-static-route", "", false)));
        Assert.Null(offer.Message.Option(DhcpOptionCode.Router));
        Assert.Null(offer.Message.Option(DhcpOptionCode.ClasslessRoutes));
        Assert.NotNull(offer.Message.Option(DhcpOptionCode.DomainNameServer));
    }

    [Fact]
    public void Firmware_that_asks_for_no_options_finds_what_to_boot_in_the_header()
    {
        var offer = Offer(Port(("bootfile-name", "undionly.kpxe", false), ("tftp-server", "10.0.0.4", false),
            ("server-ip-address", "10.0.0.5", false)));
        Assert.True(DhcpMessage.TryParse(offer.Message.Encode(), out var message));
        Assert.Equal("undionly.kpxe", Encoding.ASCII.GetString([.. message.BootFile]));
        Assert.Equal("10.0.0.4", Encoding.ASCII.GetString([.. message.ServerName]));
        Assert.Equal("10.0.0.5", message.NextServerAddress.ToString());
        Assert.Equal(Convert.ToHexString("undionly.kpxe"u8), Hex(offer, DhcpOptionCode.BootFile));
    }

    [Fact]
    public void What_is_for_ipxe_alone_is_told_to_ipxe_alone()
    {
        var port = Port(("tag:ipxe,67", "http://a/boot", false), ("tag:!ipxe,67", "undionly.kpxe", false));
        Assert.Equal(Convert.ToHexString("undionly.kpxe"u8), Hex(Offer(port), DhcpOptionCode.BootFile));
        Assert.Equal(Convert.ToHexString("http://a/boot"u8),
            Hex(Offer(port, new DhcpOption(DhcpOptionCode.Ipxe, new byte[] { 1 })), DhcpOptionCode.BootFile));
    }

    [Theory]
    [InlineData("", "host-10-0-0-10")]
    [InlineData("web", "web")]
    [InlineData("web.cloud.test.", "web")]
    public void A_machine_is_told_its_name_and_domain(string name, string expected)
    {
        var port = Port() with { DnsName = name, DnsDomain = "cloud.test." };
        var offer = Offer(port, new DhcpOption(DhcpOptionCode.ParameterRequestList, new byte[] { 12, 15 }));
        Assert.Equal(Convert.ToHexString(Encoding.ASCII.GetBytes(expected)), Hex(offer, DhcpOptionCode.HostName));
        Assert.Equal(Convert.ToHexString("cloud.test"u8), Hex(offer, DhcpOptionCode.DomainName));
        Assert.Null(Offer(port).Message.Option(DhcpOptionCode.HostName));
    }

    [Fact]
    public void A_client_of_ipv6_is_told_the_same_way()
    {
        var subnet = (SubnetValue)EntryDecoder.Decode(
            Say.Ipv6Subnet(3, "2001:db8::/64", "dhcpv6-stateful", dhcp: true, "2001:db8::53"));
        var port = Port(("dns-server", "2001:db8::54", true), ("59", "tftp://a/b", true), ("67", "x", false)) with
        {
            Addresses = [new(Say.Id(3), IPAddress.Parse("2001:db8::a"))],
            DnsDomain = "cloud.test.",
        };
        var binding = Dhcpv6Binding.Of(port, new(100, 1450, AdminStateUp: true), _ => subnet, TimeSpan.FromDays(1),
            HostServices.None)!;
        var reply = Dhcpv6Responder.Respond(binding,
            Ask.Dhcpv6(10, new Dhcpv6Message(Dhcpv6MessageType.InformationRequest, 1)))!.Message;
        Assert.Equal(
            [
                "2", "24=05636C6F7564047465737400", "32", "23=20010DB8000000000000000000000054",
                "59=746674703A2F2F612F62",
            ],
            reply.Options.Select(option => option.Code is 2 or 32
                ? $"{option.Code}"
                : $"{option.Code}={Convert.ToHexString(option.Value.Span)}"));
    }

    [Fact]
    public void Any_text_is_a_value_or_a_problem_and_nothing_else()
    {
        var random = Seed.For(nameof(Any_text_is_a_value_or_a_problem_and_nothing_else));
        const string letters = "0123456789abcdefx.,:/[]- \u00e9";
        var understood = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var value = Enumerable.Range(0, random.Next(24)).Select(_ => letters[random.Next(letters.Length)]);
            var port = Port(($"{random.Next(256)}", string.Concat(value), random.Next(2) == 0));
            var isIpv6 = port.DhcpOptions[0].IsIpv6;
            Assert.Equal(ExtraOptions.Problem(port) is null, ExtraOptions.Of(port, isIpv6).Count == 1);
            understood += ExtraOptions.Of(port, isIpv6).Count;
        }
        Assert.InRange(understood, 1, 19_999);
    }

    private static DhcpFrame Offer(PortValue port, params DhcpOption[] asked)
    {
        var network = new NetworkValue(100, 1450, AdminStateUp: true);
        var binding = DhcpBinding.Of(port, network, _ => Subnet, TimeSpan.FromDays(1), HostServices.None)!;
        return DhcpResponder.Respond(binding, Ask.Dhcp(10, DhcpMessageType.Discover,
            message => message with { Options = message.Options.AddRange(asked) }))!;
    }

    private static PortValue Port(params (string Name, string Value, bool IsIpv6)[] options) =>
        new(Say.Id(1), Say.MacOf(10), [new(Say.Id(2), IPAddress.Parse("10.0.0.10"))], AdminStateUp: true)
        {
            DhcpOptions = [.. options.Select(one => new NamedDhcpOption(one.Name, one.Value, one.IsIpv6))],
        };

    private static string Text(ExtraOption option) => $"{option.Code}={Convert.ToHexString([.. option.Value])}";

    private static string? Hex(DhcpFrame frame, byte code) =>
        frame.Message.Option(code) is { } value ? Convert.ToHexString(value.Span) : null;
}

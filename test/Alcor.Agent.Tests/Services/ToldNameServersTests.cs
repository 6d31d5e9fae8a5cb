using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Packets;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.Services;

/// <summary>Whom the machines of IPv6 subnets are told to ask about names, by their routers and by DHCPv6.</summary>
public sealed class ToldNameServersTests : IDisposable
{
    private const string Host = "FE8000000000000000000000A9FEA9FE";
    private const string Own = "20010DB8000000000000000000000053";
    private const string Other = "20010DB8000000000000000000000099";
    private const string Domain = "05636C6F756404746573740000000000";
    private readonly AgentWorld _world = new(HostServices.Dns);
    private readonly List<SwitchOutput> _sent = [];

    public ToldNameServersTests() => _world.Switch.Sent = _sent.Add;

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("slaac", "", Host)]
    [InlineData("dhcpv6-stateless", "", Host)]
    [InlineData("dhcpv6-stateful", "", Host)]
    [InlineData("slaac", "2001:db8::53", Own)]
    [InlineData("dhcpv6-stateful", "2001:db8::53", Own)]
    [InlineData("slaac", "::", "")]
    public void Routers_tell_of_the_host_or_of_what_the_subnet_has_instead(
        string mode, string nameServers, string servers)
    {
        SayIpv6(mode, nameServers);
        // Unasked, and who asks is told the same.
        var unasked = Assert.Single(_sent).Packet.Bytes;
        _sent.Clear();
        _world.Do(() => _world.Switch.Receive(7, Ask.RouterSolicitation(10, "::")));
        Assert.Equal(unasked.ToArray(), Assert.Single(_sent).Packet.Bytes.ToArray());

        var options = Options(unasked[(14 + 40 + 16)..].ToArray());
        Assert.Equal(servers, options.GetValueOrDefault((byte)25, ""));
        Assert.Equal(Domain, options[31]);
    }

    [Theory]
    [InlineData("dhcpv6-stateless", "", "", Host)]
    [InlineData("dhcpv6-stateful", "", "", Host)]
    [InlineData("", "", "", Host)]
    [InlineData("dhcpv6-stateless", "2001:db8::53", "", Own)]
    [InlineData("dhcpv6-stateful", "2001:db8::53", "", Own)]
    [InlineData("dhcpv6-stateful", "::", "", "")]
    [InlineData("dhcpv6-stateful", "", "2001:db8::99", Other)]
    [InlineData("dhcpv6-stateful", "2001:db8::53", "2001:db8::99", Other)]
    [InlineData("dhcpv6-stateful", "::", "2001:db8::99", Other)]
    public void DHCPv6_tells_of_the_host_or_of_what_the_subnet_or_the_port_has_instead(
        string mode, string nameServers, string ofPort, string servers)
    {
        SayIpv6(mode, nameServers, ofPort);
        foreach (var asked in new[] { Solicitation(), InformationRequest() })
        {
            _sent.Clear();
            _world.Do(() => _world.Switch.Receive(7, asked));
            var message = Read(Assert.Single(_sent));
            Assert.Equal(servers, Hex(message.Option(Dhcpv6OptionCode.NameServers)));
            Assert.StartsWith(Hex(message.Option(Dhcpv6OptionCode.DomainSearch)), Domain);
            Assert.NotNull(message.Option(Dhcpv6OptionCode.DomainSearch));
        }
    }

    [Fact]
    public void What_a_machine_may_look_for_names_in_is_told_anew_when_it_is_another()
    {
        SayIpv6("slaac", "");
        _sent.Clear();
        _world.Say(Say.Difference(Say.HostPartition, 3, 4, Port(ofPort: "", domain: "")));
        Assert.DoesNotContain((byte)31, Options(Assert.Single(_sent).Packet.Bytes[(14 + 40 + 16)..].ToArray()).Keys);
    }

    /// <summary>Network 1 with router 80, and port 10 plugged at 7.</summary>
    private void SayIpv6(string mode, string nameServers, string ofPort = "")
    {
        string[] own = nameServers.Length > 0 ? [nameServers] : [];
        _world.Plug(10, 7);
        _world.Say(
            Say.Snapshot(Say.NetworkPartition(1), 1, Say.Network(1, 100),
                Say.Ipv6Subnet(3, "2001:db8::/64", mode, dhcp: true, own), Say.RouterPort(82, 80, "2001:db8::1")),
            Say.Snapshot(Say.RouterPartition(80), 1, Say.Router(80, Say.Interface(82, 1, 3, "2001:db8::1"))),
            Say.Snapshot(Say.HostPartition, 3, Port(ofPort)),
            Say.Synchronized());
    }

    private static Entry Port(string ofPort, string domain = "cloud.test.")
    {
        var port = PortEntry.Parser.ParseFrom(Say.Port(10, 1, 3, "2001:db8::10").Value);
        port.DnsDomain = domain;
        if (ofPort.Length > 0)
            port.DhcpOptions.Add(new DhcpOption { Name = "dns-server", Value = ofPort, IpVersion = 6 });
        return Say.Entry(EntryKind.Port, 10, port);
    }

    private static byte[] Solicitation() => Ask.Solicit(10);

    private static byte[] InformationRequest() => Ask.Dhcpv6(10,
        new Dhcpv6Message(Dhcpv6MessageType.InformationRequest, 7)
        {
            Options = [new(Dhcpv6OptionCode.OptionRequest, new byte[] { 0, 23, 0, 24 })],
        }).Encode();

    private static Dhcpv6Message Read(SwitchOutput sent)
    {
        Assert.True(IpFrame.TryParse(sent.Packet.Bytes, out var packet));
        Assert.True(UdpDatagram.TryParse(packet, out var udp));
        Assert.True(Dhcpv6Message.TryParse(udp.Data, out var message));
        return message;
    }

    private static string Hex(ReadOnlyMemory<byte>? value) => value is { } bytes ? Convert.ToHexString(bytes.Span) : "";

    /// <summary>What an advertisement says of names, by the types of its options, without their lifetimes.</summary>
    private static Dictionary<byte, string> Options(byte[] options)
    {
        var found = new Dictionary<byte, string>();
        for (var at = 0; at < options.Length; at += 8 * options[at + 1])
            found[options[at]] = Convert.ToHexString(options, at + 8, 8 * options[at + 1] - 8);
        return found;
    }
}

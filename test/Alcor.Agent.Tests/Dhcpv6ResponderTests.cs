using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;
using Type = Alcor.Agent.Dhcpv6.Dhcpv6MessageType;

namespace Alcor.Agent.Tests;

public sealed class Dhcpv6ResponderTests
{
    private const string Own = "20010DB800000000000000000000000A";
    private const string Other = "20010DB800000000000000000000000B";
    private const string OneDay = "0001518000015180";
    private const string Never = "0000000000000000";
    private static readonly byte[] Client = Dhcpv6Responder.LinkLayerIdentifier(Say.MacOf(10));

    private static readonly Dhcpv6Binding Binding = new(Say.MacOf(10), 1450, [IPAddress.Parse("2001:db8::a")],
        [IPAddress.Parse("2001:db8::53"), IPAddress.Parse("2001:db8::54")], TimeSpan.FromDays(1));

    [Fact]
    public void Who_solicits_is_offered_the_address_of_the_port_and_need_not_wait_for_others()
    {
        var advertise = Answer(Type.Solicit, Association(7))!;
        Assert.Equal((Type.Advertise, 0x123456u), (advertise.Message.Type, advertise.Message.TransactionId));
        Assert.Equal(Convert.ToHexString(Client), Hex(advertise, Dhcpv6OptionCode.ClientIdentifier));
        Assert.Equal("00030001FEA1C0000043", Hex(advertise, Dhcpv6OptionCode.ServerIdentifier));
        Assert.Equal("00000007" + "0000A8C0" + "00010E00" + "00050018" + Own + OneDay,
            Hex(advertise, Dhcpv6OptionCode.NonTemporaryAddresses));
        Assert.Equal("FF", Hex(advertise, Dhcpv6OptionCode.Preference));
        Assert.Equal("20010DB8000000000000000000000053" + "20010DB8000000000000000000000054",
            Hex(advertise, Dhcpv6OptionCode.NameServers));
        Assert.Equal((Say.MacOf(10), DhcpResponder.ServerMac), (advertise.DestinationMac, advertise.SourceMac));
        Assert.Equal(("fe80::fca1:c0ff:fe00:43", "fe80::f816:3eff:fe00:a"),
            (advertise.Source.ToString(), advertise.Destination.ToString()));
    }

    [Fact]
    public void Who_is_in_a_hurry_has_the_address_at_once()
    {
        var reply = Answer(Type.Solicit, Association(7), new(Dhcpv6OptionCode.RapidCommit, default))!;
        Assert.Equal(Type.Reply, reply.Message.Type);
        Assert.Equal("", Hex(reply, Dhcpv6OptionCode.RapidCommit));
        Assert.Contains(Own, Hex(reply, Dhcpv6OptionCode.NonTemporaryAddresses), StringComparison.Ordinal);
        Assert.Null(reply.Message.Option(Dhcpv6OptionCode.Preference));
    }

    [Theory]
    [InlineData(Type.Request)]
    [InlineData(Type.Renew)]
    [InlineData(Type.Rebind)]
    public void What_is_asked_for_is_given(Type type)
    {
        var reply = Answer(type, Association(7, Own))!;
        Assert.Equal(Type.Reply, reply.Message.Type);
        Assert.Equal("00000007" + "0000A8C0" + "00010E00" + "00050018" + Own + OneDay,
            Hex(reply, Dhcpv6OptionCode.NonTemporaryAddresses));
    }

    [Fact]
    public void What_a_client_has_and_is_not_the_ports_any_more_has_ended()
    {
        Assert.Equal("00000007" + "0000A8C0" + "00010E00" + "00050018" + Own + OneDay + "00050018" + Other + Never,
            Hex(Answer(Type.Renew, Association(7, Other))!, Dhcpv6OptionCode.NonTemporaryAddresses));
        var without = Respond(Binding with { Addresses = [] }, Message(Type.Rebind, Association(7, Other)))!;
        Assert.Equal("00000007" + Never + "00050018" + Other + Never,
            Hex(without, Dhcpv6OptionCode.NonTemporaryAddresses));
    }

    [Fact]
    public void There_is_nothing_for_a_second_set_nor_for_temporary_addresses_nor_prefixes()
    {
        var reply = Answer(Type.Request, Association(7), Association(8),
            new(Dhcpv6OptionCode.TemporaryAddresses, new byte[] { 0, 0, 0, 9 }),
            new(Dhcpv6OptionCode.DelegatedPrefixes, new byte[] { 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0 }))!;
        Assert.Equal(
            ["00000008" + Never + "000D00020002", "00000009" + "000D00020002", "00000009" + Never + "000D00020006"],
            reply.Message.Options.Where(option => option.Code is 3 or 4 or 25).Skip(1)
                .Select(option => Convert.ToHexString(option.Value.Span)));
    }

    [Theory]
    [InlineData(Own, "0000")]
    [InlineData(Other, "0004")]
    public void Who_was_elsewhere_hears_whether_its_address_is_right_here(string address, string status)
    {
        var reply = Answer(Type.Confirm, Association(7, address))!;
        Assert.Equal(status, Hex(reply, Dhcpv6OptionCode.StatusCode));
        Assert.Null(reply.Message.Option(Dhcpv6OptionCode.NameServers));
        Assert.Null(Answer(Type.Confirm, Association(7)));
    }

    [Theory]
    [InlineData(Type.Release)]
    [InlineData(Type.Decline)]
    public void What_is_given_back_stays_the_ports(Type type)
    {
        Assert.Equal("0000", Hex(Answer(type, Association(7, Own))!, Dhcpv6OptionCode.StatusCode));
        Assert.Contains(Own, Hex(Answer(Type.Solicit, Association(7))!, Dhcpv6OptionCode.NonTemporaryAddresses),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_an_address_is_told_all_else()
    {
        var binding = Binding with { Addresses = [] };
        var wanted = new Dhcpv6Option(Dhcpv6OptionCode.OptionRequest, new byte[] { 0, 23, 0, 32 });
        var message = Message(Type.InformationRequest, wanted);
        var reply = Respond(binding, message)!;
        Assert.NotNull(reply.Message.Option(Dhcpv6OptionCode.NameServers));
        Assert.Equal("00015180", Hex(reply, Dhcpv6OptionCode.InformationRefreshTime));
        var nameless = message with { Options = [.. message.Options.Where(option => option.Code != 1)] };
        Assert.Null(Respond(binding, nameless)!.Message.Option(Dhcpv6OptionCode.ClientIdentifier));
        Assert.Null(Respond(binding, With(message, Association(7))));
    }

    [Fact]
    public void Only_what_is_asked_for_is_told()
    {
        var reply = Answer(Type.Request, Association(7), new(Dhcpv6OptionCode.OptionRequest, new byte[] { 0, 24, 0 }))!;
        Assert.Null(reply.Message.Option(Dhcpv6OptionCode.NameServers));
    }

    [Theory]
    [InlineData(Type.Solicit, false)]
    [InlineData(Type.Confirm, false)]
    [InlineData(Type.Rebind, false)]
    [InlineData(Type.Request, true)]
    [InlineData(Type.Renew, true)]
    [InlineData(Type.Release, true)]
    [InlineData(Type.Decline, true)]
    public void It_is_said_who_asks_and_whom_as_the_message_demands(Type type, bool namesServer)
    {
        var right = Message(type, Association(7, Own));
        Assert.NotNull(Respond(Binding, right));
        Assert.Null(Respond(Binding, right with { Options = [.. right.Options.Where(option => option.Code != 1)] }));
        var server = Dhcpv6Responder.ServerIdentifier.ToArray();
        if (!namesServer)
        {
            Assert.Null(Respond(Binding, With(right, new(Dhcpv6OptionCode.ServerIdentifier, server))));
            return;
        }
        Assert.Null(Respond(Binding, right with { Options = [.. right.Options.Where(option => option.Code != 2)] }));
        server[^1]++;
        var other = right with { Options = [.. right.Options.Where(option => option.Code != 2)] };
        Assert.Null(Respond(Binding, With(other, new(Dhcpv6OptionCode.ServerIdentifier, server))));
    }

    [Theory]
    [InlineData(Type.Advertise)]
    [InlineData(Type.Reply)]
    [InlineData(Type.Reconfigure)]
    public void What_servers_say_gets_no_answer(Type type) => Assert.Null(Answer(type, Association(7)));

    [Fact]
    public void Whoever_is_somebody_else_or_asks_somebody_else_gets_no_answer()
    {
        var right = Ask.Dhcpv6(10, Message(Type.Solicit, Association(7)));
        Assert.NotNull(Dhcpv6Responder.Respond(Binding, right));
        Assert.Null(Dhcpv6Responder.Respond(Binding, right with { SourceMac = Say.MacOf(11) }));
        Assert.Null(Dhcpv6Responder.Respond(Binding, right with { Source = IPAddress.Parse("2001:db8::a") }));
        Assert.Null(Dhcpv6Responder.Respond(Binding, right with { Destination = Dhcpv6Responder.ServerAddress }));
    }

    [Fact]
    public void A_client_with_a_name_of_no_length_or_of_too_much_gets_no_answer()
    {
        foreach (var length in new[] { 0, 131 })
        {
            Assert.Null(Respond(Binding, new Dhcpv6Message(Type.Solicit, 1)
            {
                Options = [new(Dhcpv6OptionCode.ClientIdentifier, new byte[length]), Association(7)],
            }));
        }
    }

    [Theory]
    [InlineData("dhcpv6-stateful", true, 1)]
    [InlineData("dhcpv6-stateless", true, 0)]
    [InlineData("slaac", true, -1)]
    [InlineData("", true, 1)]
    [InlineData("dhcpv6-stateful", false, -1)]
    public void The_mode_of_its_subnet_says_whether_a_port_is_given_its_address(string mode, bool dhcp, int addresses)
    {
        var subnet = (SubnetValue)EntryDecoder.Decode(Say.Ipv6Subnet(3, "2001:db8::/64", mode, dhcp));
        var port = (PortValue)EntryDecoder.Decode(Say.Port(10, 1, 3, "2001:db8::a"));
        var network = new NetworkValue(100, 1450, AdminStateUp: true);
        var binding = Dhcpv6Binding.Of(port, network, _ => subnet, TimeSpan.FromDays(1), HostServices.None);
        Assert.Equal(addresses, binding?.Addresses.Count ?? -1);
        Assert.Null(Dhcpv6Binding.Of(port, network, _ => null, TimeSpan.FromDays(1), HostServices.None));
    }

    private static Dhcpv6Frame? Answer(Type type, params Dhcpv6Option[] options) =>
        Respond(Binding, Message(type, options));

    private static Dhcpv6Frame? Respond(Dhcpv6Binding binding, Dhcpv6Message message) =>
        Dhcpv6Responder.Respond(binding, Ask.Dhcpv6(10, message));

    /// <summary>With the identifiers that its type demands.</summary>
    private static Dhcpv6Message Message(Type type, params Dhcpv6Option[] options)
    {
        var message = new Dhcpv6Message(type, 0x123456)
        {
            Options = [new(Dhcpv6OptionCode.ClientIdentifier, Client), .. options],
        };
        return type is Type.Request or Type.Renew or Type.Release or Type.Decline
            ? With(message, new(Dhcpv6OptionCode.ServerIdentifier, Dhcpv6Responder.ServerIdentifier))
            : message;
    }

    private static Dhcpv6Message With(Dhcpv6Message message, Dhcpv6Option option) =>
        message with { Options = message.Options.Add(option) };

    private static Dhcpv6Option Association(byte number, params string[] addresses) => new(
        Dhcpv6OptionCode.NonTemporaryAddresses,
        Convert.FromHexString(
            $"000000{number:X2}{Never}" + string.Concat(addresses.Select(ip => $"00050018{ip}{Never}"))));

    private static string Hex(Dhcpv6Frame frame, ushort code) =>
        Convert.ToHexString(frame.Message.Option(code)!.Value.Span);
}

using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Dhcp;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tests;

public sealed class DhcpResponderTests
{
    private static readonly IPAddress Own = IPAddress.Parse("10.0.0.10");
    private static readonly IPAddress Gateway = IPAddress.Parse("10.0.0.1");

    private static readonly SubnetValue Subnet = new(IPNetwork.Parse("10.0.0.0/24"), Gateway, EnableDhcp: true,
        [IPAddress.Parse("8.8.8.8"), IPAddress.Parse("9.9.9.9")],
        [new Route(IPNetwork.Parse("192.168.4.0/22"), IPAddress.Parse("10.0.0.9"))]);

    private static readonly DhcpBinding Binding =
        new(Say.MacOf(10), 1450, [new DhcpOffer(Own, Subnet)], TimeSpan.FromDays(1));

    [Fact]
    public void Discover_is_offered_the_address_of_the_port()
    {
        var offer = Answer(DhcpMessageType.Discover)!;
        Assert.Equal(DhcpMessageType.Offer, offer.Message.MessageType);
        Assert.Equal(Own, offer.Message.YourAddress);
        Assert.Equal(Gateway, offer.Message.AddressOption(DhcpOptionCode.ServerIdentifier));
        Assert.Equal("FFFFFF00", Hex(offer, DhcpOptionCode.SubnetMask));
        Assert.Equal("0A000001", Hex(offer, DhcpOptionCode.Router));
        Assert.Equal("0808080809090909", Hex(offer, DhcpOptionCode.DomainNameServer));
        Assert.Equal("05AA", Hex(offer, DhcpOptionCode.InterfaceMtu));
        Assert.Equal("00015180", Hex(offer, DhcpOptionCode.LeaseTime));
        Assert.Equal("0000A8C0", Hex(offer, DhcpOptionCode.RenewalTime));
        Assert.Equal("00012750", Hex(offer, DhcpOptionCode.RebindingTime));
        Assert.Equal("16C0A8040A000009" + "000A000001", Hex(offer, DhcpOptionCode.ClasslessRoutes));
        Assert.Null(offer.Message.Option(DhcpOptionCode.MicrosoftClasslessRoutes));
        Assert.Equal((Own, Say.MacOf(10)), (offer.Destination, offer.DestinationMac));
    }

    [Theory]
    [InlineData(HostServices.None, "16C0A8040A000009" + "000A000001", "0808080809090909")]
    [InlineData(HostServices.Dns, "16C0A8040A000009" + "000A000001", "0808080809090909")]
    [InlineData(HostServices.Metadata,
        "16C0A8040A000009" + "20A9FEA9FE0A000001" + "000A000001", "0808080809090909")]
    public void The_way_to_the_metadata_service_is_a_route_beside_the_others(
        HostServices services, string routes, string servers)
    {
        var offer = Answer(Binding with { Services = services });
        Assert.Equal(routes, Hex(offer, DhcpOptionCode.ClasslessRoutes));
        Assert.Equal(servers, Hex(offer, DhcpOptionCode.DomainNameServer));
    }

    [Theory]
    [InlineData(HostServices.None, null, null)]
    [InlineData(HostServices.Metadata, "20A9FEA9FE00000000", null)]
    [InlineData(HostServices.Dns, "20A9FEA9FE00000000", "A9FEA9FE")]
    public void A_server_without_an_address_in_the_subnet_is_on_the_link(
        HostServices services, string? routes, string? servers)
    {
        var isolated = Subnet with { Gateway = null, NameServers = [], Routes = [] };
        var offer = Answer(Binding with { Services = services, Offers = [new DhcpOffer(Own, isolated)] });
        Assert.Equal(routes, Hex(offer, DhcpOptionCode.ClasslessRoutes));
        Assert.Equal(servers, Hex(offer, DhcpOptionCode.DomainNameServer));
    }

    [Theory]
    [InlineData("", "0A000001")]
    [InlineData("0.0.0.0", null)]
    public void The_host_is_the_name_server_of_a_subnet_that_has_none_but_may_be_told_not_to(
        string servers, string? told)
    {
        var subnet = Subnet with { NameServers = servers.Length > 0 ? [IPAddress.Parse(servers)] : [] };
        var offer = Answer(Binding with { Services = HostServices.Dns, Offers = [new DhcpOffer(Own, subnet)] });
        Assert.Equal(told, Hex(offer, DhcpOptionCode.DomainNameServer));
    }

    [Fact]
    public void A_route_of_the_subnet_to_the_metadata_service_is_taken_as_it_is()
    {
        var subnet = Subnet with
        {
            Routes = [new Route(IPNetwork.Parse("169.254.169.254/32"), IPAddress.Parse("10.0.0.9"))],
        };
        var offer = Answer(Binding with { Services = HostServices.Metadata, Offers = [new DhcpOffer(Own, subnet)] });
        Assert.Equal("20A9FEA9FE0A000009" + "000A000001", Hex(offer, DhcpOptionCode.ClasslessRoutes));
    }

    [Fact]
    public void A_client_that_wants_broadcast_gets_broadcast()
    {
        var offer = Answer(DhcpMessageType.Discover, request => request with { Broadcast = true })!;
        Assert.Equal((IPAddress.Broadcast, MacAddress.Broadcast), (offer.Destination, offer.DestinationMac));
        Assert.True(offer.Message.Broadcast);
    }

    [Fact]
    public void The_parameter_request_list_is_honoured_but_for_what_every_client_needs()
    {
        var offer = Answer(DhcpMessageType.Discover,
            request => With(request, DhcpOptionCode.ParameterRequestList, 6, 28, 249))!;
        Assert.Null(offer.Message.Option(DhcpOptionCode.Router));
        Assert.Null(offer.Message.Option(DhcpOptionCode.ClasslessRoutes));
        Assert.NotNull(offer.Message.Option(DhcpOptionCode.DomainNameServer));
        Assert.NotNull(offer.Message.Option(DhcpOptionCode.MicrosoftClasslessRoutes));
        Assert.Equal("0A0000FF", Hex(offer, DhcpOptionCode.BroadcastAddress));
        Assert.NotNull(offer.Message.Option(DhcpOptionCode.InterfaceMtu));
        Assert.NotNull(offer.Message.Option(DhcpOptionCode.SubnetMask));
    }

    [Fact]
    public void Selecting_is_acknowledged()
    {
        var ack = Answer(DhcpMessageType.Request,
            request => With(Claiming(request, 10), DhcpOptionCode.ServerIdentifier, 10, 0, 0, 1))!;
        Assert.Equal(DhcpMessageType.Acknowledge, ack.Message.MessageType);
        Assert.Equal(Own, ack.Message.YourAddress);
    }

    [Fact]
    public void Selecting_another_server_is_none_of_our_business() =>
        Assert.Null(Answer(DhcpMessageType.Request,
            request => With(Claiming(request, 10), DhcpOptionCode.ServerIdentifier, 10, 0, 0, 99)));

    [Fact]
    public void Init_reboot_is_acknowledged_for_the_own_address_and_refused_for_another()
    {
        var own = Answer(DhcpMessageType.Request, request => Claiming(request, 10))!;
        Assert.Equal(DhcpMessageType.Acknowledge, own.Message.MessageType);
        var other = Answer(DhcpMessageType.Request, request => Claiming(request, 11))!;
        Assert.Equal(DhcpMessageType.Refuse, other.Message.MessageType);
        Assert.Equal(IPAddress.Any, other.Message.YourAddress);
        Assert.Equal(IPAddress.Broadcast, other.Destination);
        Assert.Null(other.Message.Option(DhcpOptionCode.LeaseTime));
    }

    [Fact]
    public void Renewing_and_rebinding_go_by_the_address_in_the_header()
    {
        var ack = Answer(DhcpMessageType.Request, request => request with { ClientAddress = Own })!;
        Assert.Equal(DhcpMessageType.Acknowledge, ack.Message.MessageType);
        Assert.Equal((Own, Own), (ack.Destination, ack.Message.ClientAddress));
        var wrong = Answer(DhcpMessageType.Request, request => request with { ClientAddress = Gateway })!;
        Assert.Equal(DhcpMessageType.Refuse, wrong.Message.MessageType);
    }

    [Fact]
    public void Inform_gets_options_and_no_lease()
    {
        var ack = Answer(DhcpMessageType.Inform, request => request with { ClientAddress = Own })!;
        Assert.Equal(DhcpMessageType.Acknowledge, ack.Message.MessageType);
        Assert.Equal(IPAddress.Any, ack.Message.YourAddress);
        Assert.Null(ack.Message.Option(DhcpOptionCode.LeaseTime));
        Assert.NotNull(ack.Message.Option(DhcpOptionCode.Router));
    }

    [Theory]
    [InlineData(DhcpMessageType.Decline)]
    [InlineData(DhcpMessageType.Release)]
    [InlineData(DhcpMessageType.Offer)]
    public void Other_messages_get_no_answer(DhcpMessageType type) => Assert.Null(Answer(type));

    [Fact]
    public void A_request_that_claims_nothing_gets_no_answer() => Assert.Null(Answer(DhcpMessageType.Request));

    [Fact]
    public void Plain_bootp_gets_no_answer() =>
        Assert.Null(Answer(DhcpMessageType.Discover, request => request with { Options = [] }));

    [Fact]
    public void Whoever_uses_another_mac_address_gets_no_answer()
    {
        Assert.Null(Answer(DhcpMessageType.Discover, request => request with { ClientMac = Say.MacOf(11) }));
        var frame = Request(DhcpMessageType.Discover, request => request) with { SourceMac = Say.MacOf(11) };
        Assert.Null(DhcpResponder.Respond(Binding, frame));
    }

    [Fact]
    public void A_subnet_without_gateway_has_no_router_and_a_link_local_server()
    {
        var binding = Binding with { Offers = [new DhcpOffer(Own, Subnet with { Gateway = null, Routes = [] })] };
        var offer = DhcpResponder.Respond(binding, Request(DhcpMessageType.Discover, request => request))!;
        Assert.Null(offer.Message.Option(DhcpOptionCode.Router));
        Assert.Null(offer.Message.Option(DhcpOptionCode.ClasslessRoutes));
        Assert.Equal("169.254.169.254", offer.Message.AddressOption(DhcpOptionCode.ServerIdentifier)!.ToString());
    }

    [Fact]
    public void An_answer_is_no_longer_than_the_client_takes_and_keeps_what_matters()
    {
        var routes = Enumerable.Range(0, 200)
            .Select(i => new Route(new IPNetwork(new IPAddress([10, 1, (byte)i, 0]), 24), Gateway));
        var binding = Binding with { Offers = [new DhcpOffer(Own, Subnet with { Routes = routes.ToValueList() })] };
        var small = DhcpResponder.Respond(binding, Request(DhcpMessageType.Discover, request => request))!;
        Assert.InRange(small.Encode().Length, 1, 576 + 14);
        Assert.NotNull(small.Message.Option(DhcpOptionCode.Router));
        Assert.Null(small.Message.Option(DhcpOptionCode.ClasslessRoutes));
        var fewer = Subnet with { Routes = routes.Take(120).ToValueList() };
        var few = Binding with { Offers = [new DhcpOffer(Own, fewer)] };
        var large = DhcpResponder.Respond(few, Request(DhcpMessageType.Discover,
            request => With(request, DhcpOptionCode.MaximumMessageSize, 5, 220)))!;
        Assert.Equal(120 * 8 + 5, large.Message.Option(DhcpOptionCode.ClasslessRoutes)!.Value.Length);
        Assert.InRange(large.Encode().Length, 577, 1450 + 14);
    }

    private static string? Hex(DhcpFrame frame, byte code) =>
        frame.Message.Option(code) is { } value ? Convert.ToHexString(value.Span) : null;

    private static DhcpMessage With(DhcpMessage message, byte code, params byte[] value) =>
        message with { Options = message.Options.Add(new DhcpOption(code, value)) };

    private static DhcpMessage Claiming(DhcpMessage message, byte last) =>
        With(message, DhcpOptionCode.RequestedAddress, 10, 0, 0, last);

    private static DhcpFrame? Answer(DhcpMessageType type, Func<DhcpMessage, DhcpMessage>? change = null) =>
        DhcpResponder.Respond(Binding, Request(type, change ?? (request => request)));

    private static DhcpFrame Answer(DhcpBinding binding) =>
        DhcpResponder.Respond(binding, Request(DhcpMessageType.Discover, request => request))!;

    private static DhcpFrame Request(DhcpMessageType type, Func<DhcpMessage, DhcpMessage> change) =>
        Ask.Dhcp(10, type, change);
}

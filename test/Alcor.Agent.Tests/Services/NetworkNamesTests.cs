using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.Services;

public sealed class NetworkNamesTests
{
    private const string Domain = "cloud.test";

    private static readonly NetworkNames Names = NetworkNames.Empty
        .With(Port(1), null, Named("", "10.0.0.5", "2001:db8::5"))
        .With(Port(2), null, Named("web", "10.0.0.6"))
        .With(Port(3), null, Named("web", "10.0.0.7", "2001:db8::7"))
        .With(Port(4), null, new PortNames("Whole.Elsewhere.test.", "cloud.test.", [IPAddress.Parse("10.0.0.8")]))
        .With(Port(5), null, new PortNames("", "", [IPAddress.Parse("10.0.0.9")]))
        .With(Port(6), null, new PortNames("", null, [IPAddress.Parse("10.0.0.1")]));

    [Theory]
    [InlineData("host-10-0-0-5.cloud.test", "10.0.0.5")]
    [InlineData("host-2001-db8--5.cloud.test", "2001:db8::5")]
    [InlineData("web.cloud.test", "10.0.0.6 10.0.0.7 2001:db8::7")]
    [InlineData("whole.elsewhere.test", "10.0.0.8")]
    [InlineData("host-10-0-0-9", "10.0.0.9")]
    [InlineData("host-10-0-0-1.cloud.test", "10.0.0.1")]
    [InlineData("host-10-0-0-6.cloud.test", null)] // its port has a name
    [InlineData("host-10-0-0-05.cloud.test", null)]
    [InlineData("host-10-0-0-5", null)]
    [InlineData("host-10-0-0-5.other.test", null)]
    [InlineData("host-10-0-0-99.cloud.test", null)]
    [InlineData("web", null)]
    [InlineData("host-", null)]
    [InlineData("", null)]
    public void A_name_has_addresses(string name, string? addresses)
    {
        var found = Names.AddressesOf(name, Domain);
        Assert.Equal(addresses, found is null ? null : string.Join(' ', found));
    }

    [Theory]
    [InlineData("10.0.0.5", "host-10-0-0-5.cloud.test")]
    [InlineData("2001:db8::7", "web.cloud.test")]
    [InlineData("10.0.0.8", "whole.elsewhere.test")]
    [InlineData("10.0.0.9", "host-10-0-0-9")]
    [InlineData("10.0.0.1", "host-10-0-0-1.cloud.test")]
    [InlineData("10.0.0.99", null)]
    public void An_address_has_a_name(string address, string? name) =>
        Assert.Equal(name, Names.NameOf(IPAddress.Parse(address), Domain));

    [Fact]
    public void What_was_said_is_taken_back()
    {
        var names = Names;
        foreach (var (port, before) in new[]
        {
            (2, Named("web", "10.0.0.6")), (3, Named("web", "10.0.0.7", "2001:db8::7")),
        })
        {
            names = names.With(Port(port), before, null);
        }
        Assert.Null(names.AddressesOf("web.cloud.test", Domain));
        Assert.Null(names.NameOf(IPAddress.Parse("10.0.0.7"), Domain));
        Assert.NotNull(names.NameOf(IPAddress.Parse("10.0.0.5"), Domain));
    }

    [Fact]
    public void Of_two_ports_with_one_address_the_first_in_order_names_it_whoever_came_first()
    {
        var (early, late) = (Named("early", "10.0.0.5"), Named("late", "10.0.0.5"));
        var one = NetworkNames.Empty.With(Port(1), null, early).With(Port(2), null, late);
        var other = NetworkNames.Empty.With(Port(2), null, late).With(Port(1), null, early);
        Assert.Equal("early.cloud.test", one.NameOf(IPAddress.Parse("10.0.0.5"), Domain));
        Assert.Equal("early.cloud.test", other.NameOf(IPAddress.Parse("10.0.0.5"), Domain));
    }

    private static EntryAddress Port(int id) => Say.Address(Say.NetworkPartition(1), EntryKind.Neighbor, id);

    private static PortNames Named(string name, params string[] addresses) =>
        new(name, "cloud.test.", [.. addresses.Select(IPAddress.Parse)]);
}

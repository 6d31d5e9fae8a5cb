using System.Net;
using Alcor.Agent.Desired;
using Alcor.Agent.Services;

namespace Alcor.Agent.Tests.Services;

public sealed class SubnetNameServersTests
{
    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.0/24", null, "", "169.254.169.254")]
    [InlineData("10.0.0.0/24", "10.0.0.1", "192.0.2.53 192.0.2.54", "192.0.2.53 192.0.2.54")]
    [InlineData("10.0.0.0/24", "10.0.0.1", "0.0.0.0", "")]
    [InlineData("2001:db8::/64", "2001:db8::1", "", "fe80::a9fe:a9fe")]
    [InlineData("2001:db8::/64", null, "", "fe80::a9fe:a9fe")]
    [InlineData("2001:db8::/64", null, "2001:db8::53", "2001:db8::53")]
    [InlineData("2001:db8::/64", null, "::", "")]
    public void They_are_the_subnets_own_or_the_host_or_nobody(
        string cidr, string? gateway, string own, string servers) =>
        Assert.Equal(servers, string.Join(' ', SubnetNameServers.Of(Subnet(cidr, gateway, own), HostServices.Dns)));

    [Theory]
    [InlineData("10.0.0.0/24", "192.0.2.53")]
    [InlineData("2001:db8::/64", "2001:db8::53")]
    public void The_host_is_none_if_it_answers_no_names(string cidr, string own)
    {
        Assert.Empty(SubnetNameServers.Of(Subnet(cidr, null, ""), HostServices.Metadata));
        Assert.Equal([IPAddress.Parse(own)], SubnetNameServers.Of(Subnet(cidr, null, own), HostServices.Metadata));
    }

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.1", "192.0.2.53", "10.0.0.1")]
    [InlineData("10.0.0.0/24", "10.0.0.1", "192.0.2.53 10.0.0.1", null)] // a gateway outside, which answers names
    [InlineData("2001:db8::/64", "2001:db8::1", "2001:db8::1", "fe80::a9fe:a9fe")]
    public void The_host_is_asked_whatever_servers_there_are_unless_one_has_its_address(
        string cidr, string gateway, string own, string? asked)
    {
        var subnet = Subnet(cidr, gateway, own);
        Assert.Equal(asked, SubnetNameServers.HostIn(subnet)?.ToString());
        Assert.Null(SubnetNameServers.HostIn(subnet with { EnableDhcp = false }));
    }

    private static SubnetValue Subnet(string cidr, string? gateway, string nameServers) => new(
        IPNetwork.Parse(cidr), gateway is null ? null : IPAddress.Parse(gateway), EnableDhcp: true,
        [.. nameServers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)], []);
}

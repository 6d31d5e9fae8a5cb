using Alcor.Kernel.Resources;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

/// <summary>Which addresses a port gets, as Neutron gives them.</summary>
public sealed class PortAddressTests
{
    private const string Mac = "\"mac_address\": \"fa:16:3e:00:00:07\"";
    private const string OfMac = "f816:3eff:fe00:7";

    private readonly World world = new();

    [Fact]
    public async Task One_address_of_each_ip_version_is_allocated_and_one_is_made_in_each_slaac_subnet()
    {
        var network = await world.NetworkAsync();
        await SubnetAsync(network, "2001:db8:1::/64", "dhcpv6-stateful");
        await SubnetAsync(network, "2001:db8:2::/64", "slaac");
        await SubnetAsync(network, "2001:db8:3::/64", "dhcpv6-stateless");
        await world.SubnetAsync(network, "10.0.0.0/24");
        await world.SubnetAsync(network, "10.0.1.0/24");
        Assert.Equal(
            $"10.0.0.2,2001:db8:1::1,2001:db8:2:0:{OfMac},2001:db8:3:0:{OfMac}",
            Addresses(await world.PortAsync(network, Mac)));
        var bare = await world.PortAsync(network, "\"fixed_ips\": []");
        Assert.Equal((2, PortIpAllocation.None), (bare.Value.FixedIps.Length, bare.Value.IpAllocation));
    }

    [Theory]
    [InlineData(
        "compute:nova", """{"subnet_id": "SLAAC", "ip_address": "2001:db8::5"}""", "AllocationOnAutoAddressSubnet")]
    [InlineData("compute:nova", """{"ip_address": "2001:db8::5"}""", "AllocationOnAutoAddressSubnet")]
    [InlineData("network:router_gateway", """{"ip_address": "2001:db8::5"}""", "AllocationOnAutoAddressSubnet")]
    [InlineData("network:router_interface", """{"ip_address": "2001:db8::5"}""", "2001:db8::5")]
    [InlineData("network:router_interface", """{"subnet_id": "SLAAC"}""", "2001:db8::1")]
    [InlineData("", """{"subnet_id": "SLAAC"}""", "2001:db8::" + OfMac)]
    [InlineData("", """{"ip_address": "10.0.0.1"}""", "10.0.0.1,2001:db8::" + OfMac)]
    [InlineData("", """{"ip_address": "10.0.0.255"}""", "InvalidIpForNetwork")]
    [InlineData("", "{}", "InvalidInput")]
    [InlineData("", """{"subnet_id": "00000000-0000-0000-0000-00000000000f"}""", "SubnetNotFound")]
    public async Task Fixed_ips_of_a_creation(string owner, string fixedIps, string expected)
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        var slaac = await SubnetAsync(network, "2001:db8::/64", "slaac");
        var list = fixedIps.Replace("SLAAC", slaac, StringComparison.Ordinal);
        var result = await world.TryCreateAsync(
            Port.Type, World.PortJson(network, $"{Mac}, \"device_owner\": \"{owner}\", \"fixed_ips\": [{list}]"));
        Assert.Equal(
            expected,
            result.Error?.Type ?? Addresses(new((Port)result.Value.Answer.Single().Value, 0)));
    }

    [Fact]
    public async Task A_subnet_of_another_network_is_invalid_and_one_that_is_not_there_is_not_found()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        var other = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var result = await world.TryCreateAsync(
            Port.Type, World.PortJson(network, $$""" "fixed_ips": [{"subnet_id": "{{other}}"}] """));
        Assert.Equal(("InvalidInput", 400), (result.Error?.Type, result.Error?.Status));
    }

    [Fact]
    public async Task A_changed_mac_address_changes_the_addresses_that_are_made_of_it()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        await SubnetAsync(network, "2001:db8:1::/64", "slaac");
        var port = await world.PortAsync(network);
        var moved = await world.UpdateAsync(Port.Type, port.Value.Id, $"{{{Mac}}}");
        Assert.Equal($"10.0.0.2,2001:db8:1:0:{OfMac}", Addresses(moved));
        var again = await world.UpdateAsync(Port.Type, port.Value.Id, """{"mac_address": null}""");
        Assert.NotEqual(moved.Value.MacAddress, again.Value.MacAddress);
        Assert.NotEqual(Addresses(moved), Addresses(again));
    }

    [Fact]
    public async Task An_update_keeps_addresses_that_a_port_makes_itself()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        await SubnetAsync(network, "2001:db8:1::/64", "slaac");
        var port = await world.PortAsync(network, Mac);
        var slaac = $"2001:db8:1:0:{OfMac}";
        var emptied = await world.UpdateAsync(Port.Type, port.Value.Id, """{"fixed_ips": []}""");
        Assert.Equal(slaac, Addresses(emptied));
        var more = $$"""{"ip_address": "{{slaac}}"}, {"subnet_id": "{{subnet}}"}, {"subnet_id": "{{subnet}}"}""";
        var same = await world.UpdateAsync(Port.Type, port.Value.Id, $$"""{"fixed_ips": [{{more}}]}""");
        Assert.Equal($"10.0.0.2,10.0.0.3,{slaac}", Addresses(same));
    }

    private async Task<string> SubnetAsync(string network, string cidr, string mode) =>
        (await world.CreateAsync(
            Subnet.Type,
            $$"""
            {
                "network_id": "{{network}}", "ip_version": 6, "cidr": "{{cidr}}",
                "ipv6_ra_mode": "{{mode}}", "ipv6_address_mode": "{{mode}}"
            }
            """)).Value.Id;

    [Fact]
    public async Task Subnets_with_service_types_serve_the_owners_that_they_name_and_are_preferred_by_them()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        await world.SubnetAsync(network, "10.0.1.0/24", "\"service_types\": [\"compute:nova\"]");
        Assert.Equal("10.0.0.2", Addresses(await world.PortAsync(network)));
        Assert.Equal("10.0.1.2", Addresses(await world.PortAsync(network, "\"device_owner\": \"compute:nova\"")));
        var only = await world.NetworkAsync();
        await world.SubnetAsync(only, "10.0.1.0/24", "\"service_types\": [\"compute:nova\"]");
        var refused = await world.TryCreateAsync(Port.Type, World.PortJson(only));
        Assert.Equal(
            ("IpAddressGenerationFailureNoMatchingSubnet", 409), (refused.Error?.Type, refused.Error?.Status));
        Assert.Equal("10.0.1.2", Addresses(await world.PortAsync(only, "\"device_owner\": \"network:dhcp\"")));
    }

    private static string Addresses(Stamped<Port> port) =>
        string.Join(',', port.Value.FixedIps.Select(ip => ip.IpAddress));
}

using System.Net;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

public sealed class SubnetTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("compute:nova", true)]
    [InlineData("network:routed", true)]
    [InlineData("test:web", true)]
    [InlineData("foo:web", false)]
    [InlineData("", false)]
    public async Task Service_types_are_owners_that_neutron_takes(string type, bool isTaken)
    {
        var network = await world.NetworkAsync();
        var json = $$"""
            {"network_id": "{{network}}", "ip_version": 4, "cidr": "10.0.0.0/24", "service_types": ["{{type}}"]}
            """;
        var created = await world.TryCreateAsync(Subnet.Type, json);
        Assert.Equal(isTaken ? null : "InvalidSubnetServiceType", created.Error?.Type);
    }

    [Theory]
    [InlineData("10.0.0.0/24", "", "10.0.0.1", "10.0.0.2-10.0.0.254")]
    [InlineData("10.0.0.0/24", "\"gateway_ip\": null", null, "10.0.0.1-10.0.0.254")]
    [InlineData("10.0.0.0/24", "\"gateway_ip\": \"10.0.0.9\"", "10.0.0.9", "10.0.0.1-10.0.0.8,10.0.0.10-10.0.0.254")]
    [InlineData("10.0.0.0/24", "\"gateway_ip\": \"10.0.0.254\"", "10.0.0.254", "10.0.0.1-10.0.0.253")]
    [InlineData("10.0.0.0/24", "\"gateway_ip\": \"192.0.2.1\"", "192.0.2.1", "10.0.0.1-10.0.0.254")]
    [InlineData("10.0.0.0/30", "", "10.0.0.1", "10.0.0.2-10.0.0.2")]
    [InlineData("10.0.0.8/31", "\"enable_dhcp\": false, \"gateway_ip\": null", null, "10.0.0.8-10.0.0.9")]
    [InlineData("10.0.0.8/32", "\"enable_dhcp\": false", "10.0.0.9", "10.0.0.8-10.0.0.8")]
    [InlineData("10.0.0.77/24", "", "10.0.0.1", "10.0.0.2-10.0.0.254")]
    [InlineData("2001:DB8:0:0::5/64", "", "2001:db8::", "2001:db8::1-2001:db8::ffff:ffff:ffff:ffff")]
    [InlineData("fd00::/64", "\"gateway_ip\": \"FE80::0:1\"", "fe80::1", "fd00::1-fd00::ffff:ffff:ffff:ffff")]
    [InlineData("fd00::/126", "\"gateway_ip\": \"fd00::2\"", "fd00::2", "fd00::1-fd00::1,fd00::3-fd00::3")]
    [InlineData("2001:db8::/127", "\"enable_dhcp\": false", "2001:db8::", "2001:db8::1-2001:db8::1")]
    [InlineData("2001:db8::/128", "\"enable_dhcp\": false", "2001:db8::", "2001:db8::-2001:db8::")]
    [InlineData("10.0.0.8/32", "\"enable_dhcp\": false, \"gateway_ip\": null", null, "10.0.0.8-10.0.0.8")]
    public async Task Gateway_and_pools_follow_from_the_block(string cidr, string more, string? gateway, string pools)
    {
        var network = await world.NetworkAsync();
        var subnet = (await world.CreateAsync(Subnet.Type, World.SubnetJson(network, cidr, more))).Value;
        Assert.Equal(gateway, subnet.GatewayIp?.ToString());
        Assert.Equal(pools, string.Join(',', subnet.AllocationPools.Select(pool => $"{pool.Start}-{pool.End}")));
    }

    [Theory]
    [InlineData("0.0.0.0/0", "", "InvalidInput")]
    [InlineData("0.0.0.0/0", "\"enable_dhcp\": false", "InvalidInput")]
    [InlineData("127.0.0.0/8", "", "InvalidInput")]
    [InlineData("224.0.0.0/24", "", "InvalidInput")]
    [InlineData("ff02::/64", "", "InvalidInput")]
    [InlineData("10.0.0.0/31", "", "InvalidInput")]
    [InlineData("10.0.0.0/31", "\"enable_dhcp\": false", "IpamValueInvalid")]
    [InlineData("2001:db8::/127", "", "InvalidInput")]
    [InlineData("10.0.0.0/24", "\"gateway_ip\": \"10.0.0.0\"", "InvalidInput")]
    [InlineData("10.0.0.0/24", "\"gateway_ip\": \"10.0.0.255\"", "InvalidInput")]
    [InlineData("10.0.0.0/24", "\"gateway_ip\": \"fe80::1\"", "InvalidInput")]
    [InlineData("2001:db8::/64", "\"gateway_ip\": \"10.0.0.1\"", "InvalidInput")]
    [InlineData("10.0.0.0/24", "\"dns_nameservers\": [\"fd00::1\"]", "InvalidInput")]
    [InlineData(
        "10.0.0.0/24",
        "\"host_routes\": [{\"destination\": \"fd00::/8\", \"nexthop\": \"10.0.0.1\"}]",
        "InvalidInput")]
    [InlineData("10.0.0.0/24", "\"ipv6_ra_mode\": \"slaac\"", "InvalidInput")]
    [InlineData("2001:db8::/63", "\"ipv6_ra_mode\": \"slaac\"", "InvalidInput")]
    [InlineData("2001:db8::/63", "\"ipv6_address_mode\": \"dhcpv6-stateless\"", "InvalidInput")]
    [InlineData("2001:db8::/64", "\"ipv6_ra_mode\": \"slaac\", \"enable_dhcp\": false", "InvalidInput")]
    [InlineData(
        "2001:db8::/64", "\"ipv6_ra_mode\": \"slaac\", \"ipv6_address_mode\": \"dhcpv6-stateful\"", "InvalidInput")]
    public async Task Blocks_and_gateways_that_break_a_rule_are_refused(string cidr, string more, string type)
    {
        var network = await world.NetworkAsync();
        var result = await world.TryCreateAsync(Subnet.Type, World.SubnetJson(network, cidr, more));
        Assert.Equal(type, result.Error?.Type);
    }

    [Theory]
    [InlineData("10.0.1.1-10.0.1.2", "OutOfBoundsAllocationPool")]
    [InlineData("10.0.0.2-10.0.0.255", "OutOfBoundsAllocationPool")]
    [InlineData("10.0.0.0-10.0.0.9", "OutOfBoundsAllocationPool")]
    [InlineData("10.0.0.9-10.0.0.5", "InvalidAllocationPool")]
    [InlineData("fd00::1-fd00::5", "InvalidAllocationPool")]
    [InlineData("10.0.0.9-10.0.0.20 10.0.0.2-10.0.0.9", "OverlappingAllocationPools")]
    [InlineData("10.0.0.1-10.0.0.20", "GatewayConflictWithAllocationPools")]
    public async Task Pools_that_break_a_rule_are_refused(string pools, string type)
    {
        var list = pools.Split(' ').Select(pool => pool.Split('-'))
            .Select(ends => $$"""{"start": "{{ends[0]}}", "end": "{{ends[1]}}"}""");
        var more = $"\"allocation_pools\": [{string.Join(", ", list)}]";
        var network = await world.NetworkAsync();
        var result = await world.TryCreateAsync(Subnet.Type, World.SubnetJson(network, "10.0.0.0/24", more));
        Assert.Equal(type, result.Error?.Type);
    }

    [Fact]
    public async Task Blocks_of_a_network_do_not_overlap_but_those_of_two_networks_may()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        var inside = await world.TryCreateAsync(Subnet.Type, World.SubnetJson(network, "10.0.0.128/25"));
        Assert.Equal(("InvalidInput", 400), (inside.Error?.Type, inside.Error?.Status));
        await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
    }

    [Fact]
    public async Task Defect_6_of_concurrent_overlapping_creations_one_wins()
    {
        var network = await world.NetworkAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => world.TryCreateAsync(Subnet.Type, World.SubnetJson(network, "10.0.0.0/24"))));
        Assert.Single(results, result => result.IsOk);
        Assert.Single((await world.FindAsync(Networks.Network.Type, network))!.Value.Value.SubnetIds);
    }

    [Fact]
    public async Task Defect_7_an_update_that_does_not_name_the_gateway_keeps_it_and_null_removes_it()
    {
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var renamed = await world.UpdateAsync(Subnet.Type, subnet, """{"name": "n"}""");
        Assert.Equal(IPAddress.Parse("10.0.0.1"), renamed.Value.GatewayIp);
        Assert.Null((await world.UpdateAsync(Subnet.Type, subnet, """{"gateway_ip": null}""")).Value.GatewayIp);
    }

    [Fact]
    public async Task A_new_gateway_must_not_be_in_a_pool()
    {
        var subnet = await world.SubnetAsync(await world.NetworkAsync(), "10.0.0.0/24");
        var result = await world.TryUpdateAsync(Subnet.Type, subnet, """{"gateway_ip": "10.0.0.7"}""");
        Assert.Equal("GatewayConflictWithAllocationPools", result.Error?.Type);
    }

    [Fact]
    public async Task A_subnet_with_addresses_in_use_stays_and_the_error_names_the_ports()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var port = await world.PortAsync(network);
        var result = await world.DeleteAsync(Subnet.Type, subnet);
        Assert.Equal(("SubnetInUse", 409), (result.Error?.Type, result.Error?.Status));
        Assert.Contains(port.Value.Id, result.Error!.Message, StringComparison.Ordinal);
        Assert.Null((await world.DeleteAsync(Ports.Port.Type, port.Value.Id)).Error);
        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet)).Error);
        Assert.Empty((await world.FindAsync(Networks.Network.Type, network))!.Value.Value.SubnetIds);
    }

    [Fact]
    public async Task Subnets_of_several_networks_are_created_together_or_not_at_all()
    {
        var one = await world.NetworkAsync();
        var two = await world.NetworkAsync();
        var none = await world.TryCreateAsync(
            Subnet.Type, World.SubnetJson(one, "10.0.0.0/24"), World.SubnetJson(two, "0.0.0.0/0"));
        Assert.False(none.IsOk);
        Assert.Empty((await world.FindAsync(Networks.Network.Type, one))!.Value.Value.SubnetIds);
        var both = await world.TryCreateAsync(
            Subnet.Type, World.SubnetJson(one, "10.0.0.0/24"), World.SubnetJson(two, "10.0.0.0/24"));
        Assert.Equal(2, both.Value.Answer.Count);
    }

    [Fact]
    public async Task Ports_make_themselves_an_address_in_a_new_SLAAC_subnet_but_routers_do_not()
    {
        const string slaac = "\"ipv6_ra_mode\": \"slaac\", \"ipv6_address_mode\": \"slaac\"";
        var network = await world.NetworkAsync();
        await world.NodeAsync("host-a", "192.0.2.1");
        var port = await world.PortAsync(
            network, "\"mac_address\": \"fa:16:3e:12:34:56\", \"binding:host_id\": \"host-a\"");
        var router = await world.PortAsync(network, "\"device_owner\": \"network:router_interface\"");
        var subnet = await world.SubnetAsync(network, "fd00:1::/64", slaac);
        var now = (await world.FindAsync(Ports.Port.Type, port.Value.Id))!.Value.Value;
        Assert.Equal("fd00:1::f816:3eff:fe12:3456", now.FixedIps.Single().IpAddress.ToString());
        Assert.Equal(port.Value.Generation + 1, now.Generation);
        Assert.Empty((await world.FindAsync(Ports.Port.Type, router.Value.Id))!.Value.Value.FixedIps);

        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet)).Error);
        Assert.Empty((await world.FindAsync(Ports.Port.Type, port.Value.Id))!.Value.Value.FixedIps);
    }

    [Fact]
    public async Task Ports_of_DHCP_servers_lose_their_addresses_with_the_subnet()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var server = await world.PortAsync(network, "\"device_owner\": \"network:dhcp\"");
        Assert.Single(server.Value.FixedIps);
        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet)).Error);
        Assert.Empty((await world.FindAsync(Ports.Port.Type, server.Value.Id))!.Value.Value.FixedIps);
    }

    [Fact]
    public async Task The_gateway_stays_while_a_router_has_its_address()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24", Pool("10.0.0.9", "10.0.0.99"));
        await world.PortAsync(
            network,
            "\"device_owner\": \"network:router_interface\", \"fixed_ips\": [{\"ip_address\": \"10.0.0.1\"}]");
        var result = await world.TryUpdateAsync(Subnet.Type, subnet, """{"gateway_ip": "10.0.0.2"}""");
        Assert.Equal(("GatewayIpInUse", 409), (result.Error?.Type, result.Error?.Status));
        await world.UpdateAsync(Subnet.Type, subnet, """{"gateway_ip": "10.0.0.1", "name": "same"}""");
    }

    [Fact]
    public async Task All_subnets_of_a_network_are_on_segments_or_none_is()
    {
        var network = await world.NetworkAsync();
        var segment = (await world.FindAsync(Networks.Network.Type, network))!.Value.Value.OnlySegment!.Id;
        var onSegment = $"\"segment_id\": \"{segment}\"";
        var unknown = await world.TryCreateAsync(
            Subnet.Type, World.SubnetJson(network, "10.0.0.0/24", $"\"segment_id\": \"{network}\""));
        Assert.Equal("SegmentNotFound", unknown.Error?.Type);
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        await world.UpdateAsync(Subnet.Type, subnet, $"{{{onSegment}}}");
        var changed = await world.TryUpdateAsync(Subnet.Type, subnet, """{"segment_id": null}""");
        Assert.Equal("SubnetSegmentAssociationChangeNotAllowed", changed.Error?.Type);
        var without = await world.TryCreateAsync(Subnet.Type, World.SubnetJson(network, "10.0.1.0/24"));
        Assert.Equal("SubnetsNotAllAssociatedWithSegments", without.Error?.Type);
        await world.SubnetAsync(network, "10.0.1.0/24", onSegment);
        Assert.True((await world.FindAsync(Networks.Network.Type, network))!.Value.Value.HasSegmentedSubnets);
    }

    private static string Pool(string start, string end) =>
        $$"""
        "allocation_pools": [{"start": "{{start}}", "end": "{{end}}"}]
        """;
}

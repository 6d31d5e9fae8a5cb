using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.Tests;

public sealed class PortTests
{
    private readonly World world = new();

    [Fact]
    public async Task The_first_free_address_of_the_pools_is_taken()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/29");
        Assert.Equal("10.0.0.2", Addresses(await world.PortAsync(network)));
        var second = await world.PortAsync(network);
        Assert.Equal("10.0.0.3", Addresses(second));
        Assert.Equal("10.0.0.4", Addresses(await world.PortAsync(network)));
        await world.DeleteAsync(Port.Type, second.Value.Id);
        Assert.Equal("10.0.0.3", Addresses(await world.PortAsync(network)));
    }

    [Fact]
    public async Task Defect_10_a_network_without_free_addresses_says_so_and_a_second_subnet_is_used()
    {
        var network = await world.NetworkAsync();
        Assert.Equal("", Addresses(await world.PortAsync(network)));
        await world.SubnetAsync(network, "10.0.0.0/30");
        Assert.Equal("10.0.0.2", Addresses(await world.PortAsync(network)));
        var full = await world.TryCreateAsync(Port.Type, World.PortJson(network));
        Assert.Equal(("IpAddressGenerationFailure", 409), (full.Error?.Type, full.Error?.Status));
        await world.SubnetAsync(network, "10.0.1.0/30");
        Assert.Equal("10.0.1.2", Addresses(await world.PortAsync(network)));
    }

    [Fact]
    public async Task Defect_8_an_explicit_address_that_is_in_use_is_not_granted_again()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var request = $$"""
            "fixed_ips": [{"subnet_id": "{{subnet}}", "ip_address": "10.0.0.50"}]
            """;
        Assert.Equal("10.0.0.50", Addresses(await world.PortAsync(network, request)));
        var again = await world.TryCreateAsync(Port.Type, World.PortJson(network, request));
        Assert.Equal(("IpAddressAlreadyAllocated", 409), (again.Error?.Type, again.Error?.Status));
    }

    [Theory]
    [InlineData("""{"ip_address": "192.0.2.1"}""", "InvalidIpForNetwork")]
    [InlineData("""{"subnet_id": "SUBNET", "ip_address": "192.0.2.1"}""", "InvalidIpForSubnet")]
    [InlineData("""{"subnet_id": "SUBNET", "ip_address": "10.0.0.0"}""", "InvalidIpForSubnet")]
    [InlineData("""{"subnet_id": "SUBNET", "ip_address": "10.0.0.255"}""", "InvalidIpForSubnet")]
    [InlineData("""{"subnet_id": "00000000-0000-0000-0000-00000000000f"}""", "SubnetNotFound")]
    [InlineData("{}", "InvalidInput")]
    public async Task Addresses_that_break_a_rule_are_refused(string fixedIps, string type)
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var list = fixedIps.Replace("SUBNET", subnet, StringComparison.Ordinal);
        var result = await world.TryCreateAsync(Port.Type, World.PortJson(network, $"\"fixed_ips\": [{list}]"));
        Assert.Equal(type, result.Error?.Type);
    }

    [Fact]
    public async Task Several_addresses_are_chosen_explicit_ones_first()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var port = await world.PortAsync(
            network,
            $$"""
            "fixed_ips": [{"subnet_id": "{{subnet}}"}, {"ip_address": "10.0.0.2"}, {"subnet_id": "{{subnet}}"}]
            """);
        Assert.Equal("10.0.0.3,10.0.0.2,10.0.0.4", Addresses(port));
        Assert.Equal("", Addresses(await world.PortAsync(network, "\"fixed_ips\": []")));
    }

    [Fact]
    public async Task Defects_12_and_13_each_port_of_a_bulk_has_its_own_addresses()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var allocated = World.PortJson(network, $$""" "fixed_ips": [{"subnet_id": "{{subnet}}"}] """);
        var named = World.PortJson(network, """ "fixed_ips": [{"ip_address": "10.0.0.3"}] """);
        var result = await world.TryCreateAsync(Port.Type, allocated, named, allocated, World.PortJson(network));
        var ports = result.Value.Answer.Select(answer => (Port)answer.Value).ToList();
        Assert.Equal(
            ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"],
            ports.Select(port => port.FixedIps.Single().IpAddress.ToString()));
        Assert.Equal(4, ports.Select(port => port.MacAddress).Distinct().Count());
    }

    [Fact]
    public async Task Ports_of_several_networks_are_created_together_or_not_at_all()
    {
        var one = await world.NetworkAsync();
        var two = await world.NetworkAsync();
        await world.SubnetAsync(one, "10.0.0.0/24");
        var full = await world.TryCreateAsync(
            Port.Type, World.PortJson(one), World.PortJson(two, """ "fixed_ips": [{"ip_address": "10.0.0.9"}] """));
        Assert.False(full.IsOk);
        Assert.Empty(await world.Store.ListAsync(ListQuery.All("port"), TestContext.Current.CancellationToken));
        var both = await world.TryCreateAsync(Port.Type, World.PortJson(one), World.PortJson(two));
        Assert.Equal([one, two], both.Value.Answer.Select(answer => ((Port)answer.Value).NetworkId));
    }

    [Fact]
    public async Task A_requested_mac_address_is_unique_in_its_network_only()
    {
        var network = await world.NetworkAsync();
        const string mac = "\"mac_address\": \"FA:16:3E:00:00:07\"";
        Assert.Equal("fa:16:3e:00:00:07", (await world.PortAsync(network, mac)).Value.MacAddress.ToString());
        var again = await world.TryCreateAsync(Port.Type, World.PortJson(network, mac));
        Assert.Equal(("MacAddressInUse", 409), (again.Error?.Type, again.Error?.Status));
        await world.PortAsync(await world.NetworkAsync(), mac);
    }

    [Fact]
    public async Task Defect_30_reserved_prefixes_are_never_given_out_and_the_last_address_is()
    {
        var settings = new NetworkSettings
        {
            MacPrefixes = [MacPrefix.Parse("02:00:00:00:00")],
            ReservedMacPrefixes = [new MacPrefix(MacAddress.Parse("02:00:00:00:00:00"), 7)],
        };
        var small = new World(settings);
        var network = await small.NetworkAsync();
        var seen = new HashSet<ulong>();
        for (var i = 0; i < 128; i++)
            Assert.True(seen.Add((await small.PortAsync(network)).Value.MacAddress.Bits));
        Assert.Equal(MacAddress.Parse("02:00:00:00:00:80").Bits, seen.Min());
        Assert.Equal(MacAddress.Parse("02:00:00:00:00:ff").Bits, seen.Max());
        var none = await small.TryCreateAsync(Port.Type, World.PortJson(network));
        Assert.Equal(("MacAddressGenerationFailure", 503), (none.Error?.Type, none.Error?.Status));
    }

    [Fact]
    public async Task Concurrent_creations_never_share_an_address()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/23");
        var results = await Task.WhenAll(
            Enumerable.Range(0, 300).Select(_ => world.TryCreateAsync(Port.Type, World.PortJson(network))));
        var ports = results.Select(result => (Port)result.Value.Answer.Single().Value).ToList();
        Assert.Equal(300, ports.Select(port => port.FixedIps.Single().IpAddress).Distinct().Count());
        Assert.Equal(300, ports.Select(port => port.MacAddress).Distinct().Count());
    }

    [Fact]
    public async Task An_update_keeps_addresses_that_it_names_again_and_frees_the_others()
    {
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var port = await world.PortAsync(network);
        var kept = await world.UpdateAsync(
            Port.Type,
            port.Value.Id,
            $$"""{"fixed_ips": [{"subnet_id": "{{subnet}}"}, {"ip_address": "10.0.0.77"}]}""");
        Assert.Equal("10.0.0.2,10.0.0.77", Addresses(kept));
        const string other = """{"fixed_ips": [{"ip_address": "10.0.0.77"}]}""";
        var moved = await world.UpdateAsync(Port.Type, port.Value.Id, other);
        Assert.Equal("10.0.0.77", Addresses(moved));
        Assert.Equal("10.0.0.2", Addresses(await world.PortAsync(network)));
    }

    private static string Addresses(Stamped<Port> port) =>
        string.Join(',', port.Value.FixedIps.Select(ip => ip.IpAddress));
}

using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;
using Alcor.Network.Segments;
using Alcor.Network.Subnets;

namespace Alcor.Network.Tests;

/// <summary>Networks whose subnets are on segments, of which a host reaches those of its physical networks.</summary>
public sealed class RoutedNetworkTests
{
    private readonly World world = new(new NetworkSettings
    {
        VlanRanges = [new VlanRange("rack1", new NumberRange(100, 200)), new VlanRange("rack2", new NumberRange(1, 9))],
    });

    [Fact]
    public async Task A_port_gets_its_addresses_when_its_host_is_known_on_the_segment_that_this_reaches()
    {
        var (network, _, second) = await TwoRacksAsync();
        await HostAsync("beta", "rack2", "elsewhere");
        var port = (await world.PortAsync(network)).Value;
        Assert.Equal((PortIpAllocation.Deferred, 0), (port.IpAllocation, port.FixedIps.Length));
        var placed = (await world.UpdateAsync(Port.Type, port.Id, """{"binding:host_id": "beta"}""")).Value;
        Assert.Equal([new FixedIp(second, IPAddress.Parse("10.0.2.2"))], placed.FixedIps);
        Assert.Null(placed.IpAllocation);
        var created = (await world.PortAsync(network, "\"binding:host_id\": \"beta\"")).Value;
        Assert.Equal(second, created.FixedIps.Single().SubnetId);
        // Hosts carry one segment of a network, and it is the one of the other rack.
        Assert.False(created.IsBound);
    }

    [Fact]
    public async Task A_host_that_reaches_no_segment_or_several_gets_no_port()
    {
        var (network, first, second) = await TwoRacksAsync();
        await HostAsync("none", "elsewhere");
        await HostAsync("both", "rack1", "rack2");
        await HostAsync("alpha", "rack1");
        Refused(await TryPortAsync(network, "\"binding:host_id\": \"none\""), "HostNotConnectedToAnySegment", 409);
        Refused(await TryPortAsync(network, "\"binding:host_id\": \"both\""), "HostConnectedToMultipleSegments", 409);
        Refused(await TryPortAsync(network, "\"binding:host_id\": \"unheard\""), "HostNotConnectedToAnySegment", 409);
        Refused(
            await TryPortAsync(
                network, $"\"binding:host_id\": \"alpha\", \"fixed_ips\": [{{\"subnet_id\": \"{second}\"}}]"),
            "InvalidInput",
            400);
        Refused(
            await TryPortAsync(
                network,
                $"\"fixed_ips\": [{{\"subnet_id\": \"{first}\"}}, {{\"subnet_id\": \"{second}\"}}]"),
            "FixedIpsSubnetsNotOnSameSegment",
            400);
    }

    [Fact]
    public async Task A_port_does_not_move_to_a_host_where_its_addresses_are_of_no_use()
    {
        var (network, first, _) = await TwoRacksAsync();
        await HostAsync("alpha", "rack1");
        await HostAsync("beta", "rack2");
        var port = (await world.PortAsync(network, $"\"fixed_ips\": [{{\"subnet_id\": \"{first}\"}}]")).Value;
        var refused = await world.TryUpdateAsync(Port.Type, port.Id, """{"binding:host_id": "beta"}""");
        Refused(refused, "HostNotCompatibleWithFixedIps", 409);
        var moved = await world.UpdateAsync(Port.Type, port.Id, """{"binding:host_id": "alpha"}""");
        Assert.Equal(port.FixedIps, moved.Value.FixedIps);
    }

    [Fact]
    public async Task Tunnels_reach_every_host_but_ports_are_bound_on_the_one_that_is_carried()
    {
        var network = await world.NetworkAsync();
        var carried = (await SegmentsOfAsync(network)).Single();
        var other = (await world.CreateAsync(
            Segment.Type, $$"""{"network_id": "{{network}}", "network_type": "vxlan"}""")).Value.Id;
        await world.SubnetAsync(network, "10.0.1.0/24", $"\"segment_id\": \"{carried}\"");
        await HostAsync("alpha");
        var port = (await world.PortAsync(network, "\"binding:host_id\": \"alpha\"")).Value;
        Assert.True(port.IsBound);
        Refused(await world.DeleteAsync(Segment.Type, carried), "SegmentInUse", 409);
        Assert.Null((await world.DeleteAsync(Port.Type, port.Id)).Error);

        var apart = await world.NetworkAsync();
        var second = (await world.CreateAsync(
            Segment.Type, $$"""{"network_id": "{{apart}}", "network_type": "vxlan"}""")).Value.Id;
        await world.SubnetAsync(apart, "10.0.1.0/24", $"\"segment_id\": \"{second}\"");
        Assert.False((await world.PortAsync(apart, "\"binding:host_id\": \"alpha\"")).Value.IsBound);
        Refused(
            await world.TryCreateAsync(
                Subnet.Type, World.SubnetJson(apart, "10.0.3.0/24", $"\"segment_id\": \"{other}\"")),
            "NetworkIdsDontMatch",
            400);
    }

    [Fact]
    public async Task Subnets_on_segments_have_routes_to_those_on_others()
    {
        var (network, first, second) = await TwoRacksAsync();
        Assert.Equal(["10.0.2.0/24 10.0.1.1"], await RoutesAsync(first));
        Assert.Equal(["10.0.1.0/24 10.0.2.1"], await RoutesAsync(second));
        // On the same segment it is no peer, and of another version of IP neither.
        var segments = await SegmentsOfAsync(network);
        var third = await world.SubnetAsync(
            network,
            "10.0.3.0/24",
            $"\"segment_id\": \"{segments[1]}\", \"host_routes\": [{{\"destination\": \"10.0.0.0/16\", "
            + "\"nexthop\": \"10.0.3.9\"}]");
        await world.SubnetAsync(network, "fd00::/64", $"\"segment_id\": \"{segments[1]}\"");
        Assert.Equal(["10.0.2.0/24 10.0.1.1", "10.0.3.0/24 10.0.1.1"], await RoutesAsync(first));
        Assert.Equal(["10.0.1.0/24 10.0.2.1"], await RoutesAsync(second));
        Assert.Equal(["10.0.0.0/16 10.0.3.9"], await RoutesAsync(third));

        const string pools = """ "allocation_pools": [{"start": "10.0.1.2", "end": "10.0.1.99"}] """;
        await world.UpdateAsync(Subnet.Type, first, $$"""{"gateway_ip": "10.0.1.254", {{pools}}}""");
        Assert.Equal(["10.0.2.0/24 10.0.1.254", "10.0.3.0/24 10.0.1.254"], await RoutesAsync(first));
        await world.UpdateAsync(
            Subnet.Type, first, """{"host_routes": [{"destination": "10.9.0.0/16", "nexthop": "10.0.1.9"}]}""");
        Assert.Equal(
            ["10.9.0.0/16 10.0.1.9", "10.0.2.0/24 10.0.1.254", "10.0.3.0/24 10.0.1.254"], await RoutesAsync(first));
        Assert.Null((await world.DeleteAsync(Subnet.Type, second)).Error);
        Assert.Equal(["10.9.0.0/16 10.0.1.9", "10.0.3.0/24 10.0.1.254"], await RoutesAsync(first));
    }

    [Fact]
    public async Task What_a_port_made_itself_keeps_a_subnet_on_a_segment_if_it_is_all_that_it_has()
    {
        var network = await world.NetworkAsync();
        var segment = (await SegmentsOfAsync(network)).Single();
        var subnet = await world.SubnetAsync(
            network, "fd00::/64", $"\"segment_id\": \"{segment}\", \"ipv6_address_mode\": \"slaac\"");
        await HostAsync("alpha");
        var port = await world.PortAsync(network, "\"binding:host_id\": \"alpha\"");
        Refused(await world.DeleteAsync(Subnet.Type, subnet), "SubnetInUse", 409);
        Assert.Null((await world.DeleteAsync(Port.Type, port.Value.Id)).Error);
        Assert.Null((await world.DeleteAsync(Subnet.Type, subnet)).Error);
    }

    [Theory]
    [InlineData("a:br-a, b:br-b", "a=br-a,b=br-b")]
    [InlineData("", "")]
    [InlineData("a", null)]
    [InlineData("a:", null)]
    [InlineData("a:b:c", null)]
    [InlineData("a:b,a:c", null)]
    public void Bridge_mappings_are_pairs(string text, string? expected)
    {
        var pairs = BridgeMappings.Parse(text);
        Assert.Equal(
            expected, pairs is { } read ? string.Join(',', read.Select(pair => $"{pair.Key}={pair.Value}")) : null);
    }

    [Fact]
    public async Task A_host_has_the_physical_networks_that_it_said_last()
    {
        await HostAsync("alpha", "rack1");
        await world.NodeAsync("alpha", "192.0.2.9");
        Assert.Equal(["rack1"], (await world.FindAsync(Node.Type, "alpha"))!.Value.Value.PhysicalNetworks);
        await HostAsync("alpha");
        Assert.Empty((await world.FindAsync(Node.Type, "alpha"))!.Value.Value.PhysicalNetworks.OrEmpty());
    }

    private static void Refused(Result<Kernel.Lanes.Outcome> result, string type, int status) =>
        Assert.Equal((type, status), (result.Error?.Type, result.Error?.Status));

    private Task<Result<Kernel.Lanes.Outcome>> TryPortAsync(string network, string more) =>
        world.TryCreateAsync(Port.Type, World.PortJson(network, more));

    /// <summary>A network with a subnet on a segment in each of two racks.</summary>
    private async Task<(string Network, string First, string Second)> TwoRacksAsync()
    {
        var network = (await world.CreateAsync(
            Networks.Network.Type,
            """
            {"segments": [{"provider:network_type": "vlan", "provider:physical_network": "rack1"},
            {"provider:network_type": "vlan", "provider:physical_network": "rack2"}]}
            """)).Value;
        return (
            network.Id,
            await world.SubnetAsync(network.Id, "10.0.1.0/24", $"\"segment_id\": \"{network.Segments[0].Id}\""),
            await world.SubnetAsync(network.Id, "10.0.2.0/24", $"\"segment_id\": \"{network.Segments[1].Id}\""));
    }

    private async Task<List<string>> SegmentsOfAsync(string network) =>
        [.. (await world.FindAsync(Networks.Network.Type, network))!.Value.Value.Segments.Select(one => one.Id)];

    private async Task<IEnumerable<string>> RoutesAsync(string subnet) =>
        (await world.FindAsync(Subnet.Type, subnet))!.Value.Value.HostRoutes
            .Select(route => $"{route.Destination} {route.Nexthop}");

    private async Task HostAsync(string host, params string[] physicalNetworks) =>
        Assert.Null((await world.RunAsync(new RegisterNode(host, IPAddress.Parse("192.0.2.1"))
        {
            PhysicalNetworks = [.. physicalNetworks],
        })).Error);
}

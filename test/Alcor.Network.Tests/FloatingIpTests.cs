using Alcor.Network.FloatingIps;
using Alcor.Network.Ports;
using Alcor.Network.Routers;

namespace Alcor.Network.Tests;

public sealed class FloatingIpTests
{
    private readonly World world = new();

    [Fact]
    public async Task An_address_is_taken_and_given_back()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var ip = await world.FloatingIpAsync(external);
        Assert.Equal(("203.0.113.2", null, null), (ip.Address.ToString(), ip.PortId, ip.RouterId));
        var port = (await world.FindAsync(Port.Type, ip.FloatingPortId))!.Value.Value;
        Assert.Equal(("network:floatingip", ip.Id, "", "N/A"), (
            port.DeviceOwner, port.DeviceId, port.ProjectId, port.Status));
        Assert.Null((await world.DeleteAsync(FloatingIp.Type, ip.Id)).Error);
        Assert.Null(await world.FindAsync(Port.Type, ip.FloatingPortId));
    }

    [Fact]
    public async Task A_named_address_is_taken_once()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var json = LayerThree.FloatingIpJson(external, null, ", \"floating_ip_address\": \"203.0.113.50\"");
        Assert.Equal("203.0.113.50", (await world.CreateAsync(FloatingIp.Type, json)).Value.Address.ToString());
        Assert.Equal("IpAddressAlreadyAllocated", (await world.TryCreateAsync(FloatingIp.Type, json)).Error!.Type);
    }

    [Fact]
    public async Task It_leads_through_the_router_of_its_port_and_moves()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var (router, network) = await world.RouterToAsync(external, "10.0.0.0/24");
        var port = (await world.PortAsync(network)).Value;
        var ip = await world.FloatingIpAsync(external, port.Id);
        Assert.Equal((port.Id, router, port.FixedIps[0].IpAddress), (ip.PortId, ip.RouterId, ip.FixedIpAddress));

        var second = (await world.PortAsync(network)).Value;
        var moved = await world.UpdateAsync(FloatingIp.Type, ip.Id, $$"""{"port_id": "{{second.Id}}"}""");
        Assert.Equal((second.Id, second.FixedIps[0].IpAddress), (moved.Value.PortId, moved.Value.FixedIpAddress));

        var described = await world.UpdateAsync(FloatingIp.Type, ip.Id, """{"description": "d"}""");
        Assert.Equal((second.Id, "d"), (described.Value.PortId, described.Value.Description));
        var alone = await world.UpdateAsync(FloatingIp.Type, ip.Id, """{"port_id": null}""");
        Assert.Equal((null, null, null), (alone.Value.PortId, alone.Value.FixedIpAddress, alone.Value.RouterId));
    }

    [Theory]
    [InlineData("web", "example.org.", null)]
    [InlineData("", "", null)]
    [InlineData("web", "", "Bad floatingip request: dns_name cannot be specified without a dns_domain.")]
    [InlineData("", "example.org.", "Bad floatingip request: dns_domain cannot be specified without a dns_name.")]
    public async Task It_has_a_name_and_a_domain_or_neither(string name, string domain, string? error)
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var created = await world.TryCreateAsync(
            FloatingIp.Type,
            LayerThree.FloatingIpJson(external, null, $", \"dns_name\": \"{name}\", \"dns_domain\": \"{domain}\""));
        Assert.Equal((error, error is null ? null : "BadRequest"), (created.Error?.Message, created.Error?.Type));
        if (created.IsOk && created.Value.Answer.Single().Value is FloatingIp ip)
            Assert.Equal((name, domain), (ip.DnsName, ip.DnsDomain));
    }

    [Fact]
    public async Task What_a_floating_ip_needs_stays()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var (router, network) = await world.RouterToAsync(external, "10.0.0.0/24");
        var port = (await world.PortAsync(network)).Value;
        await world.FloatingIpAsync(external, port.Id);
        var subnet = port.FixedIps[0].SubnetId;
        var removed = await world.TryRemoveInterfaceAsync(router, $$"""{"subnet_id": "{{subnet}}"}""");
        Assert.Equal("RouterInterfaceInUseByFloatingIP", removed.Error!.Type);
        var cleared = await world.TryUpdateAsync(Router.Type, router, """{"external_gateway_info": null}""");
        Assert.Equal("RouterExternalGatewayInUseByFloatingIp", cleared.Error!.Type);
        Assert.Equal("NetworkInUse", (await world.DeleteAsync(Networks.Network.Type, external)).Error!.Type);
    }

    [Fact]
    public async Task What_leads_nowhere_goes_along_with_its_network()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var idle = await world.FloatingIpAsync(external);
        Assert.Null((await world.DeleteAsync(Networks.Network.Type, external)).Error);
        Assert.Null(await world.FindAsync(FloatingIp.Type, idle.Id));
        Assert.Null(await world.FindAsync(Port.Type, idle.FloatingPortId));
    }

    [Fact]
    public async Task An_update_that_says_nothing_lets_it_lead_nowhere()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var (_, network) = await world.RouterToAsync(external, "10.0.0.0/24");
        var ip = await world.FloatingIpAsync(external, (await world.PortAsync(network)).Value.Id);
        Assert.NotNull((await world.UpdateAsync(FloatingIp.Type, ip.Id, """{"description": "d"}""")).Value.PortId);
        Assert.Null((await world.UpdateAsync(FloatingIp.Type, ip.Id, "{}")).Value.PortId);
    }

    [Fact]
    public async Task An_address_of_a_port_has_one_floating_ip_of_a_network()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var (_, network) = await world.RouterToAsync(external, "10.0.0.0/24");
        var port = (await world.PortAsync(network)).Value;
        await world.FloatingIpAsync(external, port.Id);
        var second = await world.TryCreateAsync(FloatingIp.Type, LayerThree.FloatingIpJson(external, port.Id));
        Assert.Equal((409, "FloatingIPPortAlreadyAssociated"), (second.Error!.Status, second.Error.Type));
    }

    [Fact]
    public async Task Of_several_addresses_one_must_be_named()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var (_, network) = await world.RouterToAsync(external, "10.0.0.0/24");
        var port = (await world.PortAsync(
            network, """ "fixed_ips": [{"ip_address": "10.0.0.7"}, {"ip_address": "10.0.0.8"}]""")).Value;
        var refused = await world.TryCreateAsync(FloatingIp.Type, LayerThree.FloatingIpJson(external, port.Id));
        Assert.StartsWith($"Bad floatingip request: Port {port.Id} has multiple", refused.Error!.Message);
        foreach (var address in new[] { "10.0.0.7", "10.0.0.8" })
        {
            var named = $", \"fixed_ip_address\": \"{address}\"";
            var ip = await world.CreateAsync(
                FloatingIp.Type, LayerThree.FloatingIpJson(external, port.Id, named));
            Assert.Equal(address, ip.Value.FixedIpAddress!.ToString());
        }
        var foreign = await world.TryCreateAsync(FloatingIp.Type, LayerThree.FloatingIpJson(
            external, port.Id, ", \"fixed_ip_address\": \"10.0.0.9\""));
        Assert.Equal(
            $"Bad floatingip request: Port {port.Id} does not have fixed ip 10.0.0.9.", foreign.Error!.Message);
    }

    [Fact]
    public async Task A_port_that_no_router_connects_is_out_of_reach()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var network = await world.NetworkAsync();
        var subnet = await world.SubnetAsync(network, "10.0.0.0/24");
        var port = (await world.PortAsync(network)).Value;
        var refused = await world.TryCreateAsync(FloatingIp.Type, LayerThree.FloatingIpJson(external, port.Id));
        Assert.Equal(
            (404, $"External network {external} is not reachable from subnet {subnet}.  Therefore, cannot associate "
            + $"Port {port.Id} with a Floating IP."),
            (refused.Error!.Status, refused.Error.Message));
        var inner = await world.TryCreateAsync(FloatingIp.Type, LayerThree.FloatingIpJson(network, null));
        Assert.Equal(
            $"Bad floatingip request: Network {network} is not a valid external network.", inner.Error!.Message);
        var loose = await world.TryCreateAsync(FloatingIp.Type, LayerThree.FloatingIpJson(
            external, null, ", \"fixed_ip_address\": \"10.0.0.9\""));
        Assert.Equal(
            "Bad floatingip request: fixed_ip_address cannot be specified without a port_id.", loose.Error!.Message);
    }

    [Fact]
    public async Task A_port_that_goes_leaves_its_floating_ip_behind()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var (_, network) = await world.RouterToAsync(external, "10.0.0.0/24");
        var port = (await world.PortAsync(network)).Value;
        var ip = await world.FloatingIpAsync(external, port.Id);
        Assert.Null((await world.DeleteAsync(Port.Type, port.Id)).Error);
        var left = (await world.FindAsync(FloatingIp.Type, ip.Id))!.Value.Value;
        Assert.Equal((null, null, null), (left.PortId, left.FixedIpAddress, left.RouterId));
    }

    [Theory]
    [InlineData("network:router_interface")]
    [InlineData("network:router_gateway")]
    [InlineData("network:floatingip")]
    public async Task The_ports_of_routers_and_floating_ips_go_with_these_alone(string owner)
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var (router, _) = await world.RouterToAsync(external, "10.0.0.0/24");
        var ip = await world.FloatingIpAsync(external);
        var found = (await world.FindAsync(Router.Type, router))!.Value.Value;
        var port = new[] { found.Interfaces[0].PortId, found.Gateway!.PortId, ip.FloatingPortId }
            .Select(id => world.FindAsync(Port.Type, id).Result!.Value.Value)
            .Single(one => one.DeviceOwner == owner);
        var refused = await world.DeleteAsync(Port.Type, port.Id);
        Assert.Equal(
            (409, "ServicePortInUse",
            $"Port {port.Id} cannot be deleted directly via the port API: has device owner {owner}."),
            (refused.Error!.Status, refused.Error.Type, refused.Error.Message));
    }

    [Fact]
    public async Task A_router_follows_the_addresses_of_its_ports()
    {
        var external = await world.ExternalAsync("203.0.113.0/24");
        var router = await world.RouterAsync(LayerThree.GatewayJson(external));
        var gateway = (await world.FindAsync(Router.Type, router))!.Value.Value.Gateway!;
        await world.UpdateAsync(Port.Type, gateway.PortId, """{"fixed_ips": [{"ip_address": "203.0.113.99"}]}""");
        var moved = (await world.FindAsync(Router.Type, router))!.Value.Value.Gateway!;
        Assert.Equal("203.0.113.99", moved.FixedIps.Single().IpAddress.ToString());
    }
}

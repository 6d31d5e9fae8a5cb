using Alcor.Network.Ports;

namespace Alcor.Network.Tests;

/// <summary>DHCP options, names, placement, and what keeps a port from its end.</summary>
public sealed class PortDetailTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("""{"opt_name": "tftp-server", "opt_value": "b"}""", "tftp-server/4=b,bootfile-name/6=c")]
    [InlineData("""{"opt_name": "tftp-server", "opt_value": null}""", "bootfile-name/6=c")]
    [InlineData(
        """{"opt_name": "bootfile-name", "opt_value": "d"}""", "tftp-server/4=a,bootfile-name/6=c,bootfile-name/4=d")]
    [InlineData("""{"opt_name": "router", "opt_value": ""}""", "tftp-server/4=a,bootfile-name/6=c,router/4=")]
    [InlineData("""{"opt_name": "mtu", "opt_value": null}""", "tftp-server/4=a,bootfile-name/6=c")]
    [InlineData("", "tftp-server/4=a,bootfile-name/6=c")]
    public async Task An_update_changes_the_dhcp_options_that_it_names(string options, string expected)
    {
        var port = await world.PortAsync(
            await world.NetworkAsync(),
            """
            "extra_dhcp_opts": [
                {"opt_name": "tftp-server", "opt_value": "a"},
                {"opt_name": "bootfile-name", "opt_value": "c", "ip_version": 6}
            ]
            """);
        var updated = await world.UpdateAsync(Port.Type, port.Value.Id, $"{{\"extra_dhcp_opts\": [{options}]}}");
        Assert.Equal(
            expected, string.Join(',', updated.Value.DhcpOptions.Select(o => $"{o.Name}/{o.IpVersion}={o.Value}")));
    }

    [Fact]
    public async Task A_cloud_with_a_domain_of_its_own_names_its_ports()
    {
        var named = new World(new NetworkSettings { DnsDomain = "example.test" });
        var network = await named.NetworkAsync();
        await named.SubnetAsync(network, "10.0.0.0/24");
        var port = await named.PortAsync(network, "\"dns_name\": \"Web\", \"dns_domain\": \"example.org.\"");
        Assert.Equal(new PortDns("web", "example.org.", "example.test."), port.Value.Dns);
        Assert.Equal("web 10.0.0.2 web.example.test.", Assigned(port.Value));
        var plain = await named.UpdateAsync(Port.Type, port.Value.Id, """{"dns_name": ""}""");
        Assert.Equal("host-10-0-0-2 10.0.0.2 host-10-0-0-2.example.test.", Assigned(plain.Value));
        var foreign = await named.TryCreateAsync(
            Port.Type, World.PortJson(network, "\"dns_name\": \"web.example.org.\""));
        Assert.Equal(("HTTPBadRequest", 400), (foreign.Error?.Type, foreign.Error?.Status));
    }

    [Fact]
    public async Task A_cloud_without_a_domain_of_its_own_takes_names_and_forgets_them()
    {
        var network = await world.NetworkAsync();
        await world.SubnetAsync(network, "10.0.0.0/24");
        var port = await world.PortAsync(network, "\"dns_name\": \"web\", \"dns_domain\": \"example.org.\"");
        Assert.Null(port.Value.Dns);
        Assert.Equal("host-10-0-0-2 10.0.0.2 host-10-0-0-2.openstacklocal.", Assigned(port.Value));
    }

    [Fact]
    public async Task What_a_bound_port_may_not_change()
    {
        await world.NodeAsync("alpha", "192.0.2.1");
        var port = await world.PortAsync(await world.NetworkAsync(), "\"binding:host_id\": \"alpha\"");
        foreach (var (change, error) in new[]
        {
            ("""{"mac_address": "fa:16:3e:00:00:07"}""", "PortBound"),
            ("""{"mac_address": null}""", "PortBound"),
            ("""{"numa_affinity_policy": "required"}""", "PortBoundNUMAAffinityPolicy"),
        })
        {
            var refused = await world.TryUpdateAsync(Port.Type, port.Value.Id, change);
            Assert.Equal((error, 409), (refused.Error?.Type, refused.Error?.Status));
        }
    }

    [Fact]
    public async Task A_physical_device_that_loses_its_user_loses_its_mac_address()
    {
        var port = await world.PortAsync(
            await world.NetworkAsync(),
            """ "binding:vnic_type": "direct-physical", "device_id": "x", "mac_address": "02:00:00:00:00:01" """);
        var freed = await world.UpdateAsync(Port.Type, port.Value.Id, """{"device_id": "", "device_owner": ""}""");
        Assert.NotEqual(port.Value.MacAddress, freed.Value.MacAddress);
    }

    [Fact]
    public async Task Defaults_take_no_room_in_the_store()
    {
        var port = await world.PortAsync(await world.NetworkAsync(), "\"security_groups\": []");
        var stored = System.Text.Encoding.UTF8.GetString(Port.Type.ToWrite(port.Value).Value!.Value.Span);
        foreach (var name in new[] { "tags", "dns", "security", "pairs", "options", "placement", "qos", "inactive" })
            Assert.DoesNotContain(name, stored, StringComparison.Ordinal);
    }

    private static string Assigned(Port port) => string.Join(
        ',', PortAttributes.DnsAssignment.Read(new(port, 1)).Select(a => $"{a.Hostname} {a.IpAddress} {a.Fqdn}"));
}

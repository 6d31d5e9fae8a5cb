using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Network.FloatingIps;
using Alcor.Network.Ports;

namespace Alcor.Network.Tests;

public sealed class PortForwardingTests : IAsyncLifetime
{
    private readonly World world = new();
    private string external = "";
    private string network = "";
    private string router = "";
    private FloatingIp ip = null!;
    private Port port = null!;

    public async ValueTask InitializeAsync()
    {
        external = await world.ExternalAsync("203.0.113.0/24");
        (router, network) = await world.RouterToAsync(external, "10.0.0.0/24");
        ip = await world.FloatingIpAsync(external);
        port = (await world.PortAsync(network)).Value;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_floating_ip_leads_through_the_router_as_long_as_it_has_one()
    {
        var created = await CreateAsync();
        Assert.Null(created.Error);
        var forwarding = (PortForwarding)created.Value.Answer.Single().Value;
        var used = await FindIpAsync();
        Assert.Equal((router, null), (used.RouterId, used.PortId));
        Assert.Equal([forwarding], used.PortForwardings);
        Assert.Equal("FipInUseByPortForwarding", (await world.DeleteAsync(FloatingIp.Type, ip.Id)).Error!.Type);
        Assert.Null((await world.DeleteAsync(PortForwarding.Type, forwarding.Id)).Error);
        Assert.Null((await FindIpAsync()).RouterId);
        Assert.Null((await world.DeleteAsync(FloatingIp.Type, ip.Id)).Error);
    }

    public static TheoryData<string, string?> Collisions => new()
    {
        { """ "external_port": 2223, "internal_port": 1112""", null },
        { """ "protocol": "udp" """, null },
        {
            """ "internal_port": 1112""",
            "There is a port collision with the external_port_range. The following ranges collides: 2222:2222 and "
            + "2222:2222"
        },
        {
            """ "external_port": 2223""",
            "There is a port collision with the internal_port_range. The following ranges collides: 1111:1111 and "
            + "1111:1111"
        },
        {
            """ "external_port_range": "2200:2300", "internal_port": 80""",
            "There is a port collision with the external_port_range. The following ranges collides: 2222:2222 and "
            + "2200:2300"
        },
        {
            """ "external_port_range": "3000:3001", "internal_port_range": "80:82" """,
            "Invalid ranges of internal and/or external ports. The relation between internal and external ports must "
            + "be N-N or 1-N"
        },
    };

    [Theory]
    [MemberData(nameof(Collisions))]
    public async Task No_port_is_forwarded_twice(string second, string? message)
    {
        Assert.Null((await CreateAsync()).Error);
        var result = await CreateAsync(second);
        Assert.Equal(message is null ? null : $"Bad port_forwarding request: {message}.", result.Error?.Message);
    }

    [Fact]
    public async Task A_port_that_a_floating_ip_leads_to_has_no_forwardings_of_another()
    {
        await world.FloatingIpAsync(external, port.Id);
        Assert.Equal("PortHasBindingFloatingIP", (await CreateAsync()).Error!.Type);
    }

    [Fact]
    public async Task A_floating_ip_that_leads_to_a_port_has_no_forwardings()
    {
        var other = (await world.PortAsync(network)).Value;
        await world.UpdateAsync(FloatingIp.Type, ip.Id, $$"""{"port_id": "{{other.Id}}"}""");
        Assert.Equal("FloatingIPPortAlreadyAssociated", (await CreateAsync()).Error!.Type);
    }

    [Fact]
    public async Task A_floating_ip_with_forwardings_leads_to_no_port()
    {
        await CreateAsync();
        var other = (await world.PortAsync(network)).Value;
        var refused = await world.TryUpdateAsync(FloatingIp.Type, ip.Id, $$"""{"port_id": "{{other.Id}}"}""");
        Assert.Equal("FipInUseByPortForwarding", refused.Error!.Type);
    }

    [Fact]
    public async Task An_address_that_the_port_does_not_have_is_refused()
    {
        var refused = await CreateAsync(""" "internal_ip_address": "10.0.0.200" """);
        Assert.StartsWith(
            "Bad port_forwarding request: Requested internal IP address 10.0.0.200 is not suitable",
            refused.Error!.Message);
    }

    [Fact]
    public async Task An_update_is_seen_in_the_floating_ip()
    {
        var forwarding = (PortForwarding)(await CreateAsync()).Value.Answer.Single().Value;
        await world.UpdateAsync(PortForwarding.Type, forwarding.Id, """{"internal_port": 3333}""");
        Assert.Equal(3333, (await FindIpAsync()).PortForwardings.Single().InternalPorts.Single);
        await CreateAsync(""" "external_port": 2223, "internal_port": 1112""");
        var refused = await world.TryUpdateAsync(
            PortForwarding.Type, forwarding.Id, """{"external_port": 2223}""");
        Assert.StartsWith(
            "Bad port_forwarding request: Another port forwarding entry with the same attributes already exists",
            refused.Error!.Message);
    }

    [Fact]
    public async Task The_forwardings_to_a_port_go_with_it()
    {
        var forwarding = (PortForwarding)(await CreateAsync()).Value.Answer.Single().Value;
        Assert.Null((await world.DeleteAsync(Port.Type, port.Id)).Error);
        Assert.Null(await world.FindAsync(PortForwarding.Type, forwarding.Id));
        Assert.Null((await FindIpAsync()).RouterId);
    }

    [Fact]
    public async Task The_forwardings_to_an_address_go_with_it()
    {
        var forwarding = (PortForwarding)(await CreateAsync()).Value.Answer.Single().Value;
        await world.UpdateAsync(Port.Type, port.Id, """{"fixed_ips": [{"ip_address": "10.0.0.99"}]}""");
        Assert.Null(await world.FindAsync(PortForwarding.Type, forwarding.Id));
        Assert.Empty((await FindIpAsync()).PortForwardings);
    }

    private async Task<FloatingIp> FindIpAsync() => (await world.FindAsync(FloatingIp.Type, ip.Id))!.Value.Value;

    /// <summary>Port 2222 to 1111 over TCP, but for what is said otherwise.</summary>
    private Task<Result<Outcome>> CreateAsync(string changes = "")
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(
            $$"""
            {"floatingip_id": "{{ip.Id}}", "internal_port_id": "{{port.Id}}", "protocol": "tcp",
             "internal_ip_address": "{{port.FixedIps[0].IpAddress}}", "external_port": 2222, "internal_port": 1111}
            """)!.AsObject();
        foreach (var change in System.Text.Json.Nodes.JsonNode.Parse($"{{{changes}}}")!.AsObject())
            json[change.Key] = change.Value?.DeepClone();
        return world.TryCreateAsync(PortForwarding.Type, json.ToJsonString());
    }
}
